import { accessSync, chmodSync, constants, existsSync } from "node:fs";
import type { PersistentQueueSettings } from "../../exporters/persistent/options.ts";
import { makeFolders } from "../../exporters/file/make-folders.ts";
import { ConfigError } from "../errors.ts";
import type { OptionsOf } from "../options/infer.ts";
import { PERSISTENT_QUEUE_OPTIONS } from "../options/persistent-queue-options.ts";
import { hintFor } from "../options/read-value.ts";
import { resolveOptions } from "../options/validate.ts";

/** The option `persistentQueue` as it is given. */
export type PersistentQueueOptions = OptionsOf<typeof PERSISTENT_QUEUE_OPTIONS>;

/**
 * Reads the option `persistentQueue`, and makes its directory.
 *
 * @returns `undefined` where no queue is asked for.
 * @throws {ConfigError} An option is wrong, or the directory cannot be made or written to. Names all faults.
 */
export function persistentQueueOf(
  given: boolean | PersistentQueueOptions,
  subject: string,
): PersistentQueueSettings | undefined {
  if (given === false) return undefined;
  const path = "persistentQueue";
  const resolved = resolveOptions(PERSISTENT_QUEUE_OPTIONS, given === true ? {} : given, { subject, path });
  makeDirectory(resolved.directory, subject);
  // Loaded when it is needed: it would make every import of this package longer.
  const { randomBytes } = process.getBuiltinModule("node:crypto");
  return { ...resolved, queueId: randomBytes(8).toString("hex") };
}

/** Records are nobody else's business. */
function makeDirectory(directory: string, subject: string): void {
  try {
    if (!existsSync(directory)) {
      makeFolders(directory);
      chmodSync(directory, 0o700);
    }
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = {
      path: "persistentQueue.directory",
      value: directory,
      expected: `must be a directory that can be written to (${code ?? message})`,
      hint: hintFor("directory", "choose another one, or give this process the right to write there"),
    };
    throw new ConfigError(`Cannot start ${subject}`, [problem], { cause: error });
  }
}
