import { closeSync, constants, openSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolders } from "../../exporters/file/make-folders.ts";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { source } from "../../processors/worker/source-blocking.generated.ts";
import { ConfigError } from "../errors.ts";
import { formatterNamed } from "../formatters/formatter-descriptor.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import { hintFor } from "../options/read-value.ts";
import { FILE_HANDLER_OPTIONS } from "../options/file-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { chooseFormatter, withFormatter } from "./formatter-choice.ts";
import { settingsOf, subjectOf } from "./settings.ts";

type Resolved = ResolvedOf<typeof FILE_HANDLER_OPTIONS>;

/** Options of `FemtoFileHandler`; CONFIG.md describes each. */
export type FileHandlerOptions = OptionsOf<typeof FILE_HANDLER_OPTIONS>;

const REOPEN_TIMEOUT_MILLIS = 10_000;

/**
 * Appends records to a file, from a thread of its own: JSON lines, or another format. The file is opened when the handler is made,
 * so that a path that cannot be written is an error at once.
 */
export class FemtoFileHandler extends FemtoHandler {
  /** Absolute path of the file. */
  readonly path: string;

  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: FileHandlerOptions) {
    const subject = subjectOf(options, "file");
    const resolved = resolveOptions(FILE_HANDLER_OPTIONS, options, { subject });
    const formatter =
      resolved.formatter === undefined
        ? formatterNamed(resolved.format)
        : chooseFormatter(resolved.formatter, subject);
    if (!resolved.delay) openOnce(resolved, subject);
    super(withFormatter(settingsOf(resolved, "file"), formatter), {
      source,
      descriptor: {
        kind: "blocking",
        exporter: {
          kind: "file",
          path: resolved.path,
          truncate: resolved.delay && resolved.mode === "truncate",
          fileMode: resolved.fileMode,
          mkdir: resolved.mkdir,
        },
        formatter,
        terminator: resolved.terminator,
        encoding: resolved.encoding,
        fsync: resolved.fsync,
      },
    });
    this.path = resolved.path;
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof FILE_HANDLER_OPTIONS, FemtoFileHandler> {
    return createBuilder(FILE_HANDLER_OPTIONS, (options) => new FemtoFileHandler(options));
  }

  /**
   * Closes the file and opens its path again, after what was logged before: for those who rename log files.
   * @throws {FlushTimeoutError} The file could not be opened within 10 s; the handler goes on trying.
   */
  reopen(): Promise<void> {
    return this.reopenDestination(REOPEN_TIMEOUT_MILLIS);
  }
}

/** Opens and closes the file here: makes it, empties it if asked, and finds out whether it can be written. */
function openOnce(options: Resolved, subject: string): void {
  const { path, mode, fileMode, mkdir } = options;
  const flags =
    constants.O_WRONLY |
    constants.O_CREAT |
    constants.O_APPEND |
    (constants.O_NONBLOCK ?? 0) |
    (mode === "truncate" ? constants.O_TRUNC : 0);
  try {
    if (mkdir) makeFolders(dirname(path));
    closeSync(openSync(path, flags, fileMode));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A FIFO that nobody reads yet: records wait in the queue for the reader.
    if (code === "ENXIO") return;
    const problem = {
      path: "path",
      value: path,
      expected: `must be a file that can be written (${code ?? message})`,
      hint: hintFor("path", "choose another path, or give this process the right to write there"),
    };
    throw new ConfigError(`Cannot start ${subject}`, [problem], { cause: error });
  }
}
