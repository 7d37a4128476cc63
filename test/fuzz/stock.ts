/** The stock SDK as a peer: what it sends for the same records. */
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from "@opentelemetry/sdk-logs";

import { decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { DecodedLogRecord } from "../../proto/model.ts";
import type { CountLimit } from "./expected.ts";
import { toApiRecord, type GivenRecord } from "./given.ts";
import type { GivenResource, GivenScope } from "./origins.ts";
import type { StockEncoding } from "./stock-rules.ts";

type StockLogger = ReturnType<LoggerProvider["getLogger"]>;

/** The stock provider, with a processor that keeps its records. */
export class StockSdk {
  readonly #loggers: readonly StockLogger[];
  readonly #records: ReadableLogRecord[] = [];

  constructor(from: {
    readonly resource: GivenResource;
    readonly scopes: readonly GivenScope[];
    readonly attributeCountLimit: CountLimit;
  }) {
    const { resource, scopes, attributeCountLimit } = from;
    const processor: LogRecordProcessor = {
      onEmit: (record) => this.#records.push(record),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    const { attributes, ...schema } = resource;
    const provider = new LoggerProvider({
      resource: resourceFromAttributes(attributes, schema),
      logRecordLimits: { attributeCountLimit: attributeCountLimit ?? Number.POSITIVE_INFINITY },
      processors: [processor],
    });
    this.#loggers = scopes.map(({ name, version, options }) => provider.getLogger(name, version, options));
  }

  /** The finished record. */
  record(given: GivenRecord): ReadableLogRecord {
    (this.#loggers[given.scope] as StockLogger).emit(toApiRecord(given));
    return this.#records.pop() as ReadableLogRecord;
  }
}

/** What a receiver has of a request. @throws {DecodeError} It refuses it. */
export function throughStock(
  records: readonly ReadableLogRecord[],
  encoding: StockEncoding,
): DecodedLogRecord[] {
  const serializer = encoding === "json" ? JsonLogsSerializer : ProtobufLogsSerializer;
  const bytes = serializer.serializeRequest([...records]) ?? new Uint8Array();
  return encoding === "json" ? decodeLogsJson(bytes) : decodeLogs(bytes);
}
