/** `redact`, wherever a system of loggers is configured. */
import { isRedactOption, type RedactOption } from "../record/redaction.ts";

interface RedactDescription {
  readonly type: "custom";
  readonly expected: string;
  readonly accepts: (value: unknown) => value is RedactOption;
  readonly computedDefault: string;
  readonly description: string;
}

export const REDACT_OPTION: RedactDescription = {
  type: "custom",
  expected:
    'a list of names such as "password", "user.*.token", "**.secret" and "headers[\'set-cookie\']", or { paths, censor, remove }',
  accepts: (value: unknown): value is RedactOption => isRedactOption(value),
  computedDefault: "nothing",
  description:
    "Values that are replaced by `[Redacted]` before a record is queued, by name: of attributes, bound and scoped ones too, and of what is in objects. `{ paths, censor, remove }` replaces them by the text `censor`, or leaves them out. Holds for all loggers of the process, on all its threads. See docs/redaction.md.",
};
