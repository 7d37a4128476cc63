import { ConfigError } from "../errors.ts";
import { redactionOf, type RedactOption } from "../record/redaction.ts";
import { processSystem } from "./logging.ts";

/**
 * Redacts the records of the loggers of the process, on all its threads, from now on.
 *
 * @param source Who asks for it, for the error text.
 * @throws {ConfigError} It is too long.
 */
export function redactProcess(redact: RedactOption, source: string): void {
  if (processSystem().redaction.set(redactionOf(redact))) return;
  throw new ConfigError(`Cannot apply ${source}`, [
    {
      path: "redact",
      value: redact,
      expected: "must take at most 1 MiB, together with the filters of loggers, as all threads read it",
      hint: "use fewer names, or wildcards",
    },
  ]);
}
