import { FORMAT_NAMES, FORMATTER_OPTION } from "./formatter-options.ts";
import type { Patched } from "./infer.ts";
import { LOCAL_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";

/** What `FemtoFileHandler` takes beside the options of all handlers. */
export const FILE_OPTIONS = {
  path: {
    type: "path",
    required: true,
    alsoKnownAs: ["filename", "file", "destination", "dest"],
    description: "The file. A relative path is made absolute when the handler is made.",
  },
  mode: {
    type: "enum",
    values: ["append", "truncate"],
    aliases: { a: "append", w: "truncate" },
    default: "append",
    alsoKnownAs: ["filemode", "flags"],
    description:
      "`append` (or `a`) keeps what is in the file, `truncate` (or `w`) empties it when it is opened.",
  },
  encoding: {
    type: "enum",
    values: ["utf8", "utf16le", "latin1", "ascii"],
    aliases: {
      "utf-8": "utf8",
      "utf-16le": "utf16le",
      "utf-16-le": "utf16le",
      ucs2: "utf16le",
      "latin-1": "latin1",
      "iso-8859-1": "latin1",
      "us-ascii": "ascii",
    },
    default: "utf8",
    description: "Text encoding of the file. Only `utf8` and `utf16le` can write every character.",
  },
  delay: {
    type: "boolean",
    default: false,
    description:
      "`true`: the file is opened for the first record. `false`: at once, so that a path that cannot be written is an error where the handler is made.",
  },
  terminator: {
    type: "string",
    default: "\n",
    description: "Ends each record.",
  },
  format: {
    type: "enum",
    get values(): typeof FORMAT_NAMES {
      return FORMAT_NAMES;
    },
    default: "json",
    description: "How records look. See docs/formatters.md.",
  },
  get formatter(): typeof FORMATTER_OPTION {
    return FORMATTER_OPTION;
  },
  fileMode: {
    type: "integer",
    radix: 8,
    default: 0o666,
    minimum: 0,
    maximum: 0o777,
    alsoKnownAs: ["permissions"],
    description: "Permissions of a file that is created, before the umask is taken off. Write it in octal.",
  },
  mkdir: {
    type: "boolean",
    default: true,
    description: "Creates the folders of `path` that are missing.",
  },
  reopenWhenMoved: {
    type: "boolean",
    default: true,
    alsoKnownAs: ["watch"],
    description:
      "Looks before each batch whether `path` still leads to the open file, and opens it again where it does not: after logrotate, or someone else, has renamed it.",
  },
  reopenOnSighup: {
    type: "boolean",
    default: false,
    description:
      "Closes the file and opens `path` again when the process gets SIGHUP, which does not end the process then. For handlers made on the main thread.",
  },
  fsync: {
    type: "enum",
    values: ["never", "batch", "error"],
    default: "never",
    description:
      "When the file is forced to the disk, so that records outlive a power cut: `never` leaves it to the system, `batch` after each batch, `error` after a batch with a record of level ERROR or above.",
  },
} as const;

/** Everything that `FemtoFileHandler` takes. */
export const FILE_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> & typeof FILE_OPTIONS = {
  ...LOCAL_PROCESSOR_OPTIONS,
  ...FILE_OPTIONS,
};
