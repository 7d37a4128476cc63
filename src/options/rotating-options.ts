import type { HookModuleReference, NamerFunction, RotatorFunction } from "./rotation-hooks.ts";
import { isHook } from "./rotation-hooks.ts";
import { FILE_OPTIONS } from "./file-options.ts";
import type { Patched } from "./infer.ts";
import { LOCAL_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";

/** What handlers that put their file away take beside those of `FemtoFileHandler`. */
export const ROTATION_OPTIONS = {
  maxBytes: {
    type: "integer",
    unit: "bytes",
    default: 0,
    minimum: 0,
    maximum: 9_007_199_254_740_991,
    alsoKnownAs: ["maxsize", "maxSize", "size"],
    description:
      "The file is put away before a record would bring it to this size; one record that is bigger goes whole into a file of its own. 0: no limit.",
  },
  backupCount: {
    type: "integer",
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    alsoKnownAs: ["maxFiles", "maxLogs"],
    description: "Files kept beside the one that is written; older ones are deleted. 0: no limit by count.",
  },
  maxAgeMillis: {
    type: "integer",
    unit: "ms",
    default: 0,
    minimum: 0,
    maximum: 9_007_199_254_740_991,
    alsoKnownAs: ["maxAge", "maxAgeMs"],
    description:
      "Files that were put away and last written longer ago are deleted: when the handler opens its file, at each rotation, and once a minute. 0: no limit by age.",
  },
  maxTotalBytes: {
    type: "integer",
    unit: "bytes",
    default: 0,
    minimum: 0,
    maximum: 9_007_199_254_740_991,
    alsoKnownAs: ["maxTotalSize"],
    description:
      "Room on the disk for all files of the log together: the oldest are deleted at a rotation until the rest and `maxBytes` fit. While a file is compressed, both of its forms are there. 0: no limit by size.",
  },
  compress: {
    type: "enum",
    values: ["none", "gzip", "zstd"],
    default: "none",
    alsoKnownAs: ["compression", "zippedArchive"],
    description:
      "Compresses files that were put away, in a thread of its own at its own pace; they get the ending `.gz` or `.zst`. What the end of the process breaks off is done at the next start.",
  },
  namer: {
    type: "custom",
    expected: "a function, or { module } with an absolute path or file: URL",
    accepts: (value: unknown): value is NamerFunction | HookModuleReference => isHook(value),
    computedDefault: "names as described above",
    description:
      "Gives the path of a file that is put away, out of the one it would have. A function needs `thread` `inline`; a module (its export `namer`, or the default one) is loaded by the thread that writes.",
  },
  rotator: {
    type: "custom",
    expected: "a function, or { module } with an absolute path or file: URL",
    accepts: (value: unknown): value is RotatorFunction | HookModuleReference => isHook(value),
    excludes: ["compress"],
    computedDefault: "a rename",
    description:
      "Moves the full file to its name, synchronously: `(source, destination)`. Function or module (export `rotator`) as for `namer`.",
  },
} as const;

const { mode: _mode, ...APPENDED_FILE_OPTIONS } = FILE_OPTIONS;

/** The options of a file that is only appended to. */
export const APPENDED_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> &
  Omit<typeof FILE_OPTIONS, "mode"> &
  typeof ROTATION_OPTIONS = { ...LOCAL_PROCESSOR_OPTIONS, ...APPENDED_FILE_OPTIONS, ...ROTATION_OPTIONS };

/** Everything that `FemtoRotatingFileHandler` takes. */
export const ROTATING_HANDLER_OPTIONS: typeof APPENDED_OPTIONS = APPENDED_OPTIONS;
