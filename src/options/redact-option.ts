/** `redact`, wherever a system of loggers is configured. */
import { EXPECTED_REDACTION, redactFault, type RedactFault, type RedactOption } from "../record/redaction.ts";

interface RedactDescription {
  readonly type: "custom";
  readonly expected: string;
  readonly accepts: (value: unknown) => value is RedactOption;
  readonly faultIn: (value: unknown) => RedactFault | undefined;
  readonly computedDefault: string;
  readonly description: string;
}

export const REDACT_OPTION: RedactDescription = {
  type: "custom",
  expected: EXPECTED_REDACTION,
  accepts: (value: unknown): value is RedactOption => redactFault(value) === undefined,
  faultIn: redactFault,
  computedDefault: "nothing",
  description:
    "Values that are replaced by `[Redacted]` before a record is queued, by name: of attributes, bound and scoped ones too, and of what is in objects. `{ paths, censor, remove }` replaces them by the text `censor`, or leaves them out. Holds for all loggers of the process, on all its threads. See docs/redaction.md.",
};
