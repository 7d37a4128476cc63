/** Exporters of OTLP in the declarative configuration. */
import { FemtoOtlpGrpcHandler } from "../handlers/otlp-grpc-handler.ts";
import { FemtoOtlpHttpHandler } from "../handlers/otlp-http-handler.ts";
import type { HandlerPort } from "../logger/ports.ts";
import { isHeaderName, isHeaderValue, parseHeaderList } from "../options/otlp-environment.ts";
import {
  readFields,
  readInteger,
  readList,
  readSecret,
  readSwitch,
  readText,
  readWord,
  refuse,
  type Fields,
  type Place,
  type Reader,
} from "./data-reader.ts";

/** What a processor of the configuration says of its queue, in the words of our options. */
export interface BatchSettings {
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
}

/** Makes the handler of an exporter. @throws {ConfigError} What only a try can tell. */
export type MakeHandler = (batch: Partial<BatchSettings>) => HandlerPort;

const TLS = { ca_file: readText, key_file: readText, cert_file: readText };

/** What the exporters of OTLP have in common. */
const OTLP = {
  headers: readList(readFields({ name: readText, value: readSecret }, ["name"])),
  headers_list: readSecret,
  compression: readWord({ none: "none", gzip: "gzip" } as const),
  timeout: readInteger(0),
  max_request_size: readInteger(0),
  max_response_size: readInteger(1),
};

const OTLP_HTTP = {
  ...OTLP,
  endpoint: readUrl,
  tls: readFields(TLS),
  encoding: readWord({ protobuf: "http/protobuf", json: "http/json" } as const),
};

const OTLP_GRPC = {
  ...OTLP,
  endpoint: readTarget,
  tls: readFields({ ...TLS, insecure: readSwitch }),
};

/** A URL for `otlp_http`. Never shown: it may hold a password. */
function readUrl(value: unknown, place: Place): string | undefined {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  return refuse(typeof value === "string" ? "[hidden text]" : value, place, {
    expected: 'must be a URL with http: or https:, such as "http://localhost:4318/v1/logs"',
  });
}

/** What `otlp_grpc` connects to. Never shown: it may hold a password. */
function readTarget(value: unknown, place: Place): string | undefined {
  if (typeof value === "string" && (/^https?:\/\//.test(value) || /^[^/@]+:\d+$/.test(value))) return value;
  return refuse(typeof value === "string" ? "[hidden text]" : value, place, {
    expected: 'must be a URL with http: or https:, or host:port, such as "http://localhost:4317"',
  });
}

/** Header values of the list, and of the single ones, which win. */
function headersOf(
  { headers = [], headers_list: list = "" }: Fields<typeof OTLP>,
  place: Place,
): Readonly<Record<string, string>> {
  const parsed = parseHeaderList(list);
  if (parsed.badPlaces.length > 0) {
    refuse(
      "[hidden text]",
      { ...place, path: `${place.path}.headers_list` },
      {
        expected: `must be name=value between commas, percent-encoded; entry ${parsed.badPlaces.join(", ")} is not`,
      },
    );
  }
  const single = headers.flatMap(({ name = "", value }, index) => {
    if (value === undefined) return [];
    if (isHeaderName(name) && isHeaderValue(value)) return [[name.toLowerCase(), value]];
    refuse(
      "[hidden text]",
      { ...place, path: `${place.path}.headers[${index}]` },
      {
        expected: "must be the name and value of an HTTP header",
      },
    );
    return [];
  });
  return { ...parsed.headers, ...(Object.fromEntries(single) as Record<string, string>) };
}

function tlsOf({ ca_file: ca, cert_file: cert, key_file: key }: Fields<typeof TLS>): object {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** What our handlers of OTLP have in common. */
function settingsOf(
  fields: Fields<typeof OTLP>,
  place: Place,
): Readonly<{
  headers: Readonly<Record<string, string>>;
  compression: "none" | "gzip" | undefined;
  timeoutMillis: number;
  maxRequestBytes: number | undefined;
}> {
  const { compression, timeout: timeoutMillis = OTLP_TIMEOUT_MILLIS, max_request_size: size = 0 } = fields;
  // No limit is 64 MiB: more is forbidden, and never sent by ours.
  const maxRequestBytes = size === 0 ? undefined : Math.max(4096, Math.min(size, REQUEST_BYTES_MAX));
  return { headers: headersOf(fields, place), compression, timeoutMillis, maxRequestBytes };
}

/** `otlp_http`. */
export const readOtlpHttp: Reader<MakeHandler> = (value, place) => {
  const fields = readFields(OTLP_HTTP)(value, place);
  if (fields === undefined) return undefined;
  const settings = settingsOf(fields, place);
  const { endpoint: url, encoding: protocol, tls = {} } = fields;
  return (batch) => new FemtoOtlpHttpHandler({ ...batch, ...settings, url, protocol, tls: tlsOf(tls) });
};

/** `otlp_grpc`. */
export const readOtlpGrpc: Reader<MakeHandler> = (value, place) => {
  const fields = readFields(OTLP_GRPC)(value, place);
  if (fields === undefined) return undefined;
  const settings = settingsOf(fields, place);
  const { endpoint: url, tls = {} } = fields;
  return (batch) =>
    new FemtoOtlpGrpcHandler({ ...batch, ...settings, url, insecure: tls.insecure, tls: tlsOf(tls) });
};

const OTLP_TIMEOUT_MILLIS = 10_000;
const REQUEST_BYTES_MAX = 67_108_864;
