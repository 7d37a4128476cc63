import { FORMAT_NAMES, FORMATTER_OPTION } from "./formatter-options.ts";
import type { Patched } from "./infer.ts";
import { LOCAL_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";

/** Where a stream handler can write: a standard stream by name, an open descriptor, or a stream of the application. */
export type StreamTarget = "stderr" | "stdout" | number | NodeJS.WritableStream;

/** @returns Whether `value` is something a stream handler can write to. A descriptor is not tried. Any thread. */
export function isStreamTarget(value: unknown): value is StreamTarget {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 && value <= 0x7fff_ffff;
  if (value === "stderr" || value === "stdout") return true;
  return typeof value === "object" && value !== null && "write" in value && typeof value.write === "function";
}

/** What `FemtoStreamHandler` takes beside the options of all handlers. */
export const STREAM_OPTIONS = {
  stream: {
    type: "custom",
    expected: '"stderr", "stdout", an open descriptor (an integer from 0) or a Writable stream',
    accepts: (value: unknown): value is StreamTarget => isStreamTarget(value),
    default: "stderr",
    description:
      "Where to write. Standard streams and descriptors are written by the handler's thread; a stream object by the thread that owns it.",
  },
  terminator: {
    type: "string",
    default: "\n",
    description: "Ends each record.",
  },
  format: {
    type: "enum",
    values: ["auto", ...FORMAT_NAMES] as readonly ["auto", ...typeof FORMAT_NAMES],
    default: "auto",
    description:
      "How records look. `auto`: `pretty` on a terminal, JSON lines everywhere else. See docs/formatters.md.",
  },
  colors: {
    type: "enum",
    values: ["auto", "always", "never"],
    default: "auto",
    environment: ["FORCE_COLOR", "NO_COLOR"],
    fromEnvironment: (text: string, variable: string): string => {
      if (variable === "NO_COLOR") return "never";
      return text === "0" || text === "false" ? "never" : "always";
    },
    leavesToEnvironment: "auto",
    alsoKnownAs: ["colours", "color", "colorize"],
    description:
      "Whether `pretty` uses colors. `auto`: never when NO_COLOR is set, always when FORCE_COLOR is set (unless to `0` or `false`: never), FORCE_COLOR before NO_COLOR; else on a terminal.",
  },
  get formatter(): typeof FORMATTER_OPTION {
    return FORMATTER_OPTION;
  },
} as const;

/** Everything that `FemtoStreamHandler` takes. */
export const STREAM_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> & typeof STREAM_OPTIONS = {
  ...LOCAL_PROCESSOR_OPTIONS,
  ...STREAM_OPTIONS,
};
