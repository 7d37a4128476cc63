import { closeSync, constants, openSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolders } from "../../exporters/file/make-folders.ts";
import { ConfigError } from "../errors.ts";
import { hintFor } from "../options/read-value.ts";

/**
 * Opens and closes a log file on the calling thread: makes it, empties it if asked, and finds out whether it can be written.
 *
 * @throws {ConfigError} It cannot.
 */
export function openOnce(
  subject: string,
  file: {
    readonly path: string;
    readonly fileMode: number;
    readonly mkdir: boolean;
    readonly truncate: boolean;
  },
): void {
  const { path, truncate, fileMode, mkdir } = file;
  const flags =
    constants.O_WRONLY |
    constants.O_CREAT |
    constants.O_APPEND |
    (constants.O_NONBLOCK ?? 0) |
    (truncate ? constants.O_TRUNC : 0);
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
