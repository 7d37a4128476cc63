import { HEADERS_MODULE_OPTIONS } from "./headers-module-options.ts";
import type { Patched } from "./infer.ts";
import { NETWORK_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import { PROXY_OPTIONS } from "./proxy-options.ts";
import { TLS_OPTIONS } from "./tls-options.ts";
import { HTTP_FORMATTER_OPTION } from "./wire-formatter-options.ts";

/** Who we are to an HTTP peer. Secret. */
export type HttpCredentials =
  | { readonly username: string; readonly password: string }
  | { readonly token: string };

/** A module that makes the object that is sent for a record. */
export interface RecordMapper {
  /** Absolute path, or URL, of a module whose `createMapper` or default export is a function that takes `options` and returns the mapping function. */
  readonly module: string | URL;
  /** Goes to the thread: data only. */
  readonly options?: unknown;
}

function isCredentials(value: unknown): value is HttpCredentials {
  if (typeof value !== "object" || value === null) return false;
  const names = Object.keys(value).toSorted().join();
  const given = value as Readonly<Record<string, unknown>>;
  // A colon would end the user's name in the header, and a line break would begin a header of its own.
  if (names === "password,username") {
    const { username, password } = given;
    return typeof password === "string" && typeof username === "string" && /^[^:\p{Cc}]*$/u.test(username);
  }
  return names === "token" && typeof given["token"] === "string" && /^[!-~]+$/.test(given["token"]);
}

function isMapping(value: unknown): value is readonly string[] | RecordMapper {
  if (Array.isArray(value)) {
    const isNamed = value.every((name) => typeof name === "string" && name !== "");
    return isNamed && value.length > 0 && new Set(value).size === value.length;
  }
  if (typeof value !== "object" || value === null) return false;
  const { module } = value as { readonly module?: unknown };
  return module instanceof URL || (typeof module === "string" && /^(?:\/|file:|data:|node:)/.test(module));
}

/** What `FemtoHttpHandler` takes beside the options of all handlers. */
export const HTTP_OPTIONS = {
  url: {
    type: "url",
    protocols: ["http:", "https:"],
    required: true,
    alsoKnownAs: ["endpoint", "host"],
    description:
      "Where to send, used as it is; redirects are not followed. `user:password@` becomes Basic credentials.",
  },
  method: {
    type: "enum",
    values: ["POST", "GET"],
    aliases: { post: "POST", get: "GET" },
    default: "POST",
    description:
      "`POST` has records in the body, `GET` has one in the query, as a form; servers refuse queries of more than a few KiB.",
  },
  format: {
    type: "enum",
    values: ["json-array", "ndjson", "json", "form"],
    computedDefault:
      '`"json-array"`; `"form"` with `method` `GET`; with `formatter` what its peers take: `"json"` for `gelf` and `otlp-json`, `"ndjson"` for `splunk-hec`, `text`, `pretty` and `logfmt`',
    description:
      "What a request holds: a batch as an array of JSON objects (`json-array`) or as a JSON object a line (`ndjson`; with a `formatter` whatever that makes, each followed by a line feed), or one record as a JSON object (`json`) or as a form (`form`), as Python's HTTPHandler does. With `json` and `form` every record is a request of its own, and `maxExportBatchSize` and `scheduledDelayMillis` change nothing.",
  },
  mapLogRecord: {
    type: "custom",
    expected:
      "an array of different field names, or { module, options } with an absolute path or URL; try new URL('./map.js', import.meta.url)",
    accepts: (value: unknown): value is readonly string[] | RecordMapper => isMapping(value),
    computedDefault: "the keys of JSON lines; a choice of Python's with `form`",
    alsoKnownAs: ["recordFields", "fields", "record_fields"],
    description:
      "What is sent of a record. A list of fields: names of Python's `LogRecord` (`name`, `levelname`, `levelno`, `msg`, `created`, `asctime`, …) and of our JSON lines (`time`, `level`, `logger`, `trace_id`, …), names of attributes, and `attributes` for all that are not listed. Or a module, used by the handler's thread: its `createMapper(options)` or default export returns a function that makes an object of a record; a record for which it throws is counted as `export_failed`.",
  },
  get formatter(): typeof HTTP_FORMATTER_OPTION {
    return HTTP_FORMATTER_OPTION;
  },
  headers: {
    type: "headers",
    default: {},
    description: "Headers of every request. Values never appear in errors.",
  },
  credentials: {
    type: "custom",
    expected: "{ username, password } or { token }, without control characters",
    accepts: (value: unknown): value is HttpCredentials => isCredentials(value),
    secret: true,
    computedDefault: "none",
    alsoKnownAs: ["auth", "token", "username", "password"],
    description:
      "`{ username, password }` for Basic, `{ token }` for Bearer authentication. An `authorization` among `headers` wins. Never appears in errors.",
  },
  tls: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof TLS_OPTIONS {
      return TLS_OPTIONS;
    },
    default: true,
    description:
      "TLS of `https:` URLs: `true` with Node's defaults, or an object of TLS settings. Files are looked at again when a connection is opened.",
  },
  compression: {
    type: "enum",
    values: ["none", "gzip", "zstd"],
    default: "none",
    description:
      "Compression of request bodies. `zstd` takes a quarter of the time of `gzip` for bodies of about the same size; not every server knows it, collectors do.",
  },
  timeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 10_000,
    minimum: 0,
    maximum: 2_147_483_647,
    alsoKnownAs: ["timeout"],
    description: "How long one attempt may take, from connecting to the end of the response. 0: no limit.",
  },
  retryTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 300_000,
    minimum: 0,
    maximum: 2_147_483_647,
    description:
      "How long a request is tried again, with growing pauses or when `Retry-After` says, after 408, 429, 5xx and when there was no answer. Then its records are counted as `export_failed`, as they are at once after any other answer that is not 2xx. 0: no limit.",
  },
  maxConcurrentRequests: {
    type: "integer",
    unit: "requests",
    default: 4,
    minimum: 1,
    maximum: 64,
    alsoKnownAs: ["concurrencyLimit", "concurrency"],
    description: "Most requests in flight at once. 1 keeps the order of records.",
  },
} as const;

/** Everything that `FemtoHttpHandler` takes. */
export const HTTP_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> &
  typeof HTTP_OPTIONS &
  typeof HEADERS_MODULE_OPTIONS &
  typeof PROXY_OPTIONS = {
  ...NETWORK_PROCESSOR_OPTIONS,
  ...HTTP_OPTIONS,
  ...HEADERS_MODULE_OPTIONS,
  ...PROXY_OPTIONS,
};
