import protobuf from "protobufjs/light.js";

import { measureRequest } from "./count.ts";
import { DecodeError, duplicateKeyError, valueDepthMax } from "./decode-error.ts";
import type {
  DecodedLogRecord,
  DecodedMap,
  DecodedResource,
  DecodedScope,
  DecodedValue,
  DecodeOptions,
} from "./model.ts";
import { otlpSchema } from "./schema.ts";

/** `protobufjs` counts messages, this many of them a level of a map, and a few around the outermost value. */
const messagesPerLevel = 3;
const recursionLimit: number = 8 + messagesPerLevel * valueDepthMax;

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** What every empty attribute list decodes to, so that a record without attributes costs no map. */
const emptyMap: DecodedMap = new Map();

/** A 64-bit integer as `protobufjs` reads it: two signed 32-bit words. */
interface WireLong {
  readonly low: number;
  readonly high: number;
}

// The messages as `protobufjs` gives them: absent scalars have their default, absent messages are null.

interface WireAnyValue {
  /** Name of the field that came last. */
  readonly value?: keyof WireAnyValue;
  readonly stringValue: string;
  readonly boolValue: boolean;
  readonly intValue: WireLong;
  readonly doubleValue: number;
  readonly bytesValue: Uint8Array;
  readonly arrayValue: { readonly values: readonly WireAnyValue[] };
  readonly kvlistValue: { readonly values: readonly WireKeyValue[] };
  readonly stringValueStrindex: number;
}

interface WireKeyValue {
  readonly key: string;
  readonly value: WireAnyValue | null;
}

interface WireAttributes {
  readonly attributes: readonly WireKeyValue[];
  readonly droppedAttributesCount: number;
}

interface WireScope extends WireAttributes {
  readonly name: string;
  readonly version: string;
}

interface WireLogRecord extends WireAttributes {
  readonly timeUnixNano: WireLong;
  readonly observedTimeUnixNano: WireLong;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: WireAnyValue | null;
  readonly flags: number;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly eventName: string;
}

interface WireScopeLogs {
  readonly scope: WireScope | null;
  readonly logRecords: readonly WireLogRecord[];
  readonly schemaUrl: string;
}

interface WireResourceLogs {
  readonly resource: WireAttributes | null;
  readonly scopeLogs: readonly WireScopeLogs[];
  readonly schemaUrl: string;
}

interface WireRequest {
  readonly resourceLogs: readonly WireResourceLogs[];
}

/**
 * Decodes an OTLP logs request, or a `LogsData`, from protobuf: by `protobufjs` over the .proto files, independent of
 * our own encoder. Any thread; synchronous. Fields that are not in the .proto files are ignored.
 *
 * @param bytes The whole message, uncompressed. Not kept: what the result holds are copies.
 * @param options.duplicateKeys What to do with a key that comes twice in a list; `last` wins by default.
 * @returns The records in the order of the wire. Those of one scope share its object, and so with the resource.
 * @throws {DecodeError} `malformed`: not such a message, invalid UTF-8, an id of a wrong length, values nested deeper
 *   than {@link valueDepthMax}; `too_large`: too many elements.
 * @see OTLP 1.11.0, logs_service.proto: `ExportLogsServiceRequest`; logs.proto: `LogsData`
 */
export function decodeLogs(bytes: Uint8Array, options: DecodeOptions = {}): DecodedLogRecord[] {
  measureRequest(bytes);
  const request = decodeRequest(bytes);
  return request.resourceLogs.flatMap((resourceLogs) => readResourceLogs(resourceLogs, options));
}

/**
 * Runs the generated decoder with room for values as deep as ours may be: its default of 100 messages ends at 31
 * levels of maps. The limit is a static of `protobufjs`, so it is put back before anyone else can read it.
 */
function decodeRequest(bytes: Uint8Array): WireRequest {
  const { Reader } = protobuf;
  const savedLimit = Reader.recursionLimit;
  Reader.recursionLimit = recursionLimit;
  try {
    return otlpSchema().exportLogsServiceRequest.decode(bytes) as unknown as WireRequest;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DecodeError(
      `Cannot decode OTLP logs: ${reason}, in ${bytes.length} bytes; ` +
        `they must be an ExportLogsServiceRequest in protobuf`,
      { cause },
    );
  } finally {
    Reader.recursionLimit = savedLimit;
  }
}

function readResourceLogs(resourceLogs: WireResourceLogs, options: DecodeOptions): DecodedLogRecord[] {
  const resource: DecodedResource = {
    ...readAttributes(resourceLogs.resource, options),
    schemaUrl: resourceLogs.schemaUrl,
  };
  return resourceLogs.scopeLogs.flatMap((scopeLogs) => {
    const scope = readScope(scopeLogs, options);
    return scopeLogs.logRecords.map((record) => readRecord(record, { resource, scope, options }));
  });
}

function readScope(scopeLogs: WireScopeLogs, options: DecodeOptions): DecodedScope {
  return {
    name: scopeLogs.scope?.name ?? "",
    version: scopeLogs.scope?.version ?? "",
    ...readAttributes(scopeLogs.scope, options),
    schemaUrl: scopeLogs.schemaUrl,
  };
}

function readAttributes(
  holder: WireAttributes | null,
  options: DecodeOptions,
): { readonly attributes: DecodedMap; readonly droppedAttributesCount: number } {
  if (holder === null) return { attributes: emptyMap, droppedAttributesCount: 0 };
  return {
    attributes: readMap(holder.attributes, 1, options),
    droppedAttributesCount: holder.droppedAttributesCount,
  };
}

function readRecord(
  record: WireLogRecord,
  around: { resource: DecodedResource; scope: DecodedScope; options: DecodeOptions },
): DecodedLogRecord {
  return {
    timeUnixNano: toUnsigned(record.timeUnixNano),
    observedTimeUnixNano: toUnsigned(record.observedTimeUnixNano),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: record.body === null ? undefined : readValue(record.body, 1, around.options),
    attributes: readMap(record.attributes, 1, around.options),
    droppedAttributesCount: record.droppedAttributesCount,
    flags: record.flags,
    traceId: readId(record.traceId, { name: "trace_id", byteCount: TRACE_ID_BYTES }),
    spanId: readId(record.spanId, { name: "span_id", byteCount: SPAN_ID_BYTES }),
    eventName: record.eventName,
    scope: around.scope,
    resource: around.resource,
  };
}

/** @param level Level of the values in the map: 1 for attributes. */
function readMap(entries: readonly WireKeyValue[], level: number, options: DecodeOptions): DecodedMap {
  if (entries.length === 0) return emptyMap;
  const map = new Map<string, DecodedValue>();
  for (const [index, { key, value }] of entries.entries()) {
    if (options.duplicateKeys === "error" && map.has(key)) throw duplicateKeyError(key, `entry ${index}`);
    map.set(key, value === null ? null : readValue(value, level, options));
  }
  return map;
}

function readValue(value: WireAnyValue, level: number, options: DecodeOptions): DecodedValue {
  if (level > valueDepthMax) {
    throw new DecodeError(`Cannot decode OTLP logs: a value is nested deeper than ${valueDepthMax} levels`);
  }
  switch (value.value) {
    case "stringValue":
    case "boolValue":
    case "doubleValue":
      return value[value.value];
    case "intValue":
      return BigInt.asIntN(64, toUnsigned(value.intValue));
    case "bytesValue":
      return new Uint8Array(value.bytesValue);
    case "arrayValue":
      return value.arrayValue.values.map((item) => readValue(item, level + 1, options));
    case "kvlistValue":
      return readMap(value.kvlistValue.values, level + 1, options);
    default:
      // Empty, or an index into a table that logs do not have, which is to be read as absent.
      return null;
  }
}

function toUnsigned(long: WireLong): bigint {
  return (BigInt(long.high >>> 0) << 32n) | BigInt(long.low >>> 0);
}

function readId(bytes: Uint8Array, expected: { name: string; byteCount: number }): string {
  if (bytes.length === 0) return "";
  if (bytes.length !== expected.byteCount) {
    throw new DecodeError(
      `Cannot decode OTLP logs: "${expected.name}" has ${bytes.length} bytes, ` +
        `must have ${expected.byteCount} or none`,
    );
  }
  return Buffer.from(bytes).toString("hex");
}
