import type { Patched } from "./infer.ts";
import { FILE_OPTIONS } from "./file-options.ts";
import { OTLP_JSON_FORMATTER_OPTIONS } from "./formatter-options.ts";
import { LOCAL_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import { ROTATION_OPTIONS } from "./rotating-options.ts";
import { TIMED_ROTATION_OPTIONS } from "./timed-rotating-options.ts";

/** What `FemtoOtlpFileHandler` takes beside the options of files that rotate. @see OpenTelemetry Protocol File Exporter */
export const OTLP_LINES_OPTIONS = {
  path: {
    type: "path",
    computedDefault: "standard output",
    alsoKnownAs: ["filename", "file", "destination", "dest", "outputStream"],
    description:
      "The file, best with the ending `.jsonl`. A relative path is made absolute when the handler is made. Without it lines go to standard output.",
  },
  lineBytesMax: {
    type: "integer",
    unit: "bytes",
    default: 262_144,
    minimum: 1_024,
    maximum: 67_108_864,
    description:
      "Longest line of OTLP JSON: the records of a batch share lines up to this length, one that is longer alone has a line of its own. Readers have limits too: the Collector's file receivers take lines up to 1 MiB unless told otherwise.",
  },
  when: {
    type: "enum",
    get values(): typeof TIMED_ROTATION_OPTIONS.when.values {
      return TIMED_ROTATION_OPTIONS.when.values;
    },
    get aliases(): typeof TIMED_ROTATION_OPTIONS.when.aliases {
      return TIMED_ROTATION_OPTIONS.when.aliases;
    },
    computedDefault: "not by the clock",
    alsoKnownAs: ["period", "frequency"],
    description:
      "Puts the file away by the clock: unit of `interval`, as for `FemtoTimedRotatingFileHandler`. Without it, by `maxBytes` or never.",
  },
} as const;

const {
  path: _path,
  encoding: _encoding,
  terminator: _terminator,
  format: _format,
  formatter: _formatter,
  ...PLACE_OPTIONS
} = FILE_OPTIONS;
const { when: _when, ...CLOCK_OPTIONS } = TIMED_ROTATION_OPTIONS;

/** Options that say how a file is made, opened and put away: without a file they mean nothing. */
export const OTLP_FILE_ONLY_OPTIONS: readonly string[] = [
  ...Object.keys(PLACE_OPTIONS).filter((name) => name !== "fsync"),
  ...Object.keys(ROTATION_OPTIONS),
  ...Object.keys(TIMED_ROTATION_OPTIONS),
];

/** Options that mean nothing without `when`. */
export const CLOCK_ONLY_OPTIONS: readonly string[] = Object.keys(CLOCK_OPTIONS);

/** Everything that `FemtoOtlpFileHandler` takes. */
export const OTLP_FILE_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> &
  typeof OTLP_LINES_OPTIONS &
  typeof OTLP_JSON_FORMATTER_OPTIONS &
  Omit<typeof FILE_OPTIONS, "path" | "encoding" | "terminator" | "format" | "formatter"> &
  typeof ROTATION_OPTIONS &
  Omit<typeof TIMED_ROTATION_OPTIONS, "when"> = {
  ...LOCAL_PROCESSOR_OPTIONS,
  ...OTLP_LINES_OPTIONS,
  ...OTLP_JSON_FORMATTER_OPTIONS,
  ...PLACE_OPTIONS,
  ...ROTATION_OPTIONS,
  ...CLOCK_OPTIONS,
};
