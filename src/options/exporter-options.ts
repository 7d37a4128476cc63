/** What our exporters for the processors of the OpenTelemetry SDK take: what handlers take beside the options of all handlers. */
import { FILE_OPTIONS } from "./file-options.ts";
import { HEADERS_MODULE_OPTIONS } from "./headers-module-options.ts";
import { PROXY_OPTIONS } from "./proxy-options.ts";
import { HTTP_OPTIONS } from "./http-options.ts";
import type { Patched } from "./infer.ts";
import { OTLP_GRPC_CLIENT_OPTIONS } from "./otlp-grpc-options.ts";
import { OTLP_HTTP_OPTIONS } from "./otlp-http-options.ts";
import { overrideOptions } from "./override.ts";
import { ROTATION_OPTIONS } from "./rotating-options.ts";
import { STREAM_OPTIONS } from "./stream-options.ts";
import { SYSLOG_OPTIONS } from "./syslog-options.ts";
import { TIMED_ROTATION_OPTIONS } from "./timed-rotating-options.ts";

const formatterDescription =
  "A formatter in place of `format`: one of ours, also by name; `{ module, options }`; or an object or function of the application. It runs on the thread that exports.";

/** `FemtoStreamExporter`. */
export const STREAM_EXPORTER_OPTIONS: Patched<typeof STREAM_OPTIONS> = overrideOptions(STREAM_OPTIONS, {
  stream: {
    description:
      "Where to write. A stream object is written as it takes it; it stays open. Standard streams and descriptors are written directly.",
  },
  formatter: { description: formatterDescription },
});

// A signal is the application's business: it has the processors.
const { reopenOnSighup: _reopenOnSighup, ...PLAIN_FILE_OPTIONS } = FILE_OPTIONS;

const ownWords = {
  path: { description: "The file. A relative path is made absolute when the exporter is made." },
  delay: {
    description:
      "`true`: the file is opened for the first record. `false`: at once, so that a path that cannot be written is an error where the exporter is made.",
  },
  reopenWhenMoved: {
    description:
      "Looks before each export whether `path` still leads to the open file, and opens it again where it does not: after logrotate, or someone else, has renamed it.",
  },
  fsync: {
    description:
      "When the file is forced to the disk, so that records outlive a power cut: `never` leaves it to the system, `batch` after each export, `error` after one with a record of level ERROR or above. An export whose file cannot be forced has failed.",
  },
  formatter: { description: formatterDescription },
} as const;

/** `FemtoFileExporter`. */
export const FILE_EXPORTER_OPTIONS: Patched<Omit<typeof FILE_OPTIONS, "reopenOnSighup">> = overrideOptions(
  PLAIN_FILE_OPTIONS,
  ownWords,
);

const { mode: _mode, ...APPENDED_FILE_OPTIONS } = PLAIN_FILE_OPTIONS;

/** `FemtoRotatingFileExporter`. */
export const ROTATING_EXPORTER_OPTIONS: Patched<
  Omit<typeof FILE_OPTIONS, "reopenOnSighup" | "mode"> & typeof ROTATION_OPTIONS
> = overrideOptions(
  { ...APPENDED_FILE_OPTIONS, ...ROTATION_OPTIONS },
  {
    ...ownWords,
    maxAgeMillis: {
      description:
        "Files that were put away and last written longer ago are deleted: when the exporter opens its file, at each rotation, and once a minute. 0: no limit by age.",
    },
    namer: {
      description:
        "Gives the path of a file that is put away, out of the one it would have: a function, or a module (its export `namer`, or the default one).",
    },
    rotator: {
      description:
        "Moves the full file to its name, synchronously: `(source, destination)`. Function or module (export `rotator`) as for `namer`.",
    },
  },
);

/** `FemtoTimedRotatingFileExporter`. */
export const TIMED_ROTATING_EXPORTER_OPTIONS: typeof ROTATING_EXPORTER_OPTIONS &
  typeof TIMED_ROTATION_OPTIONS = { ...ROTATING_EXPORTER_OPTIONS, ...TIMED_ROTATION_OPTIONS };

/** Milliseconds: less than the 30 s after which the stock batch processor gives an export up and begins the next one beside it. */
const RETRY_MILLIS = 20_000;

/** What a stock exporter of OTLP takes for `retryTimeoutMillis`: a timeout that is set bounds the batch already. */
export function exporterRetryMillis({
  timeoutMillis,
  retryTimeoutMillis,
}: {
  readonly timeoutMillis?: number | undefined;
  readonly retryTimeoutMillis?: number | undefined;
}): number {
  return retryTimeoutMillis ?? (timeoutMillis === undefined ? RETRY_MILLIS : 0);
}

const HTTP_CLIENT_OPTIONS: typeof HTTP_OPTIONS & typeof HEADERS_MODULE_OPTIONS & typeof PROXY_OPTIONS = {
  ...HTTP_OPTIONS,
  ...HEADERS_MODULE_OPTIONS,
  ...PROXY_OPTIONS,
};

/** `FemtoHttpExporter`. */
export const HTTP_EXPORTER_OPTIONS: Patched<typeof HTTP_CLIENT_OPTIONS> = overrideOptions(
  HTTP_CLIENT_OPTIONS,
  {
    format: {
      description:
        "What a request holds: the records of an export as an array of JSON objects (`json-array`) or as a JSON object a line (`ndjson`), or one record as a JSON object (`json`) or as a form (`form`), as Python's HTTPHandler does. With `json` and `form` every record is a request of its own.",
    },
    mapLogRecord: {
      description:
        "What is sent of a record, as for `FemtoHttpHandler`: a list of fields, or a module, whose `createMapper(options)` or default export returns a function that makes an object of a record; a record for which it throws is not exported.",
    },
    formatter: {
      description:
        "What each record is in a request, in place of `mapLogRecord`: one of ours, also by name; `{ module, options }`; or an object or function of the application. It runs on the thread that exports. In a `json-array` it must write JSON; what a formatter of the application writes there is checked, and a record that is none is not exported. Not with `form`. docs/formatters.md says what vendors take.",
    },
    retryTimeoutMillis: {
      default: RETRY_MILLIS,
      description:
        "How long a request is tried again, with growing pauses or when `Retry-After` says, after 408, 429, 5xx and when there was no answer. Then the export has failed. 0: no limit.",
    },
  },
);

/** `FemtoSysLogExporter`. */
export const SYSLOG_EXPORTER_OPTIONS: Patched<typeof SYSLOG_OPTIONS> = overrideOptions(SYSLOG_OPTIONS, {
  formatter: {
    description:
      "What stands in a message behind its header and structured data: one of ours, also by name; `{ module, options }`; or an object or function of the application. It runs on the thread that exports. Line breaks and control characters in what it writes are escaped, so that a message stays one line with every `framing`.",
  },
  retryTimeoutMillis: {
    default: RETRY_MILLIS,
    description:
      "How long the records of one export are tried again, with growing pauses, when the server is away. Then the export has failed. 0: no limit.",
  },
});

const OTLP_TIMES = {
  retryTimeoutMillis: {
    computedDefault: "20000; no limit where `timeoutMillis` is given",
    description:
      "How long the records of one export are tried again, with growing pauses, when the peer is away or busy. Then the export has failed. 0: no limit.",
  },
} as const;

/** `FemtoOtlpHttpExporter`. */
export const OTLP_HTTP_EXPORTER_OPTIONS: Patched<
  typeof OTLP_HTTP_OPTIONS & typeof HEADERS_MODULE_OPTIONS & typeof PROXY_OPTIONS
> = overrideOptions({ ...OTLP_HTTP_OPTIONS, ...HEADERS_MODULE_OPTIONS, ...PROXY_OPTIONS }, OTLP_TIMES);

/** `FemtoOtlpGrpcExporter`. */
export const OTLP_GRPC_EXPORTER_OPTIONS: Patched<typeof OTLP_GRPC_CLIENT_OPTIONS> = overrideOptions(
  OTLP_GRPC_CLIENT_OPTIONS,
  OTLP_TIMES,
);
