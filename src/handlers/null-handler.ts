import { FemtoHandler } from "../../processors/batch/handler.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { NULL_HANDLER_OPTIONS } from "../options/null-options.ts";
import { PROCESSOR_OPTIONS } from "../options/processor-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoNullHandler`: its name. */
export type NullHandlerOptions = OptionsOf<typeof NULL_HANDLER_OPTIONS>;

/**
 * Does nothing. For libraries: a logger that has it has a handler, so that its records do not go to the last resort
 * (stderr) when the application has configured no logging. Has no thread, takes and counts no record, whatever its level.
 *
 * @see Python's `logging.NullHandler`
 */
export class FemtoNullHandler extends FemtoHandler {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: NullHandlerOptions = {}) {
    const subject = subjectOf(options, "null");
    const { name } = resolveOptions(NULL_HANDLER_OPTIONS, options, { subject });
    const given = { level: "OFF" as const, ...(name === undefined ? {} : { name }) };
    // Its queue is never touched: the variables of the environment for those of others do not matter.
    const resolved = resolveOptions(PROCESSOR_OPTIONS, given, { subject, env: {} });
    super(settingsOf(resolved, "null"), { descriptor: { kind: "none" } });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof NULL_HANDLER_OPTIONS, FemtoNullHandler> {
    return createBuilder(NULL_HANDLER_OPTIONS, (options) => new FemtoNullHandler(options));
  }

  /** Without effect: no record passes, whatever the level. Here so that it can stand where any handler can. */
  override setLevel(): void {}
}
