import { source } from "../../processors/worker/source-blocking.generated.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import { FILE_HANDLER_OPTIONS } from "../options/file-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { formatterOf, withFormatter } from "./formatter-choice.ts";
import { openOnce } from "./opened-once.ts";
import { ReopeningHandler } from "./reopening-handler.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoFileHandler`; CONFIG.md describes each. */
export type FileHandlerOptions = OptionsOf<typeof FILE_HANDLER_OPTIONS>;

/**
 * Appends records to a file, from a thread of its own: JSON lines, or another format. The file is opened when the handler is made,
 * so that a path that cannot be written is an error at once.
 */
export class FemtoFileHandler extends ReopeningHandler {
  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: FileHandlerOptions) {
    const subject = subjectOf(options, "file");
    const resolved = resolveOptions(FILE_HANDLER_OPTIONS, options, { subject });
    const formatter = formatterOf(resolved, subject);
    const truncate = resolved.mode === "truncate";
    if (!resolved.delay) openOnce(subject, { ...resolved, truncate });
    const outlet = {
      source,
      descriptor: {
        kind: "blocking",
        exporter: {
          kind: "file",
          path: resolved.path,
          truncate: resolved.delay && truncate,
          fileMode: resolved.fileMode,
          mkdir: resolved.mkdir,
          reopenWhenMoved: resolved.reopenWhenMoved,
        },
        formatter,
        terminator: resolved.terminator,
        encoding: resolved.encoding,
        fsync: resolved.fsync,
      },
    } as const;
    super(withFormatter(settingsOf(resolved, "file"), formatter), { ...resolved, outlet });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof FILE_HANDLER_OPTIONS, FemtoFileHandler> {
    return createBuilder(FILE_HANDLER_OPTIONS, (options) => new FemtoFileHandler(options));
  }
}
