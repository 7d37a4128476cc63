import { DecodeError, duplicateKeyError, valueDepthMax } from "./decode-error.ts";
import { INT32, INT64, JsonFields, UINT32, UINT64 } from "./json-fields.ts";
import { parseJson } from "./json-source.ts";
import type {
  DecodedLogRecord,
  DecodedMap,
  DecodedResource,
  DecodedScope,
  DecodedValue,
  DecodeOptions,
} from "./model.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** What every empty attribute list decodes to, so that a record without attributes costs no map. */
const emptyMap: DecodedMap = new Map();

type ValueReader = (fields: JsonFields, level: number, options: DecodeOptions) => DecodedValue;

/** The fields of an `AnyValue`, of which at most one may be set, and how each is read. */
const valueReaders: ReadonlyMap<string, ValueReader> = new Map<string, ValueReader>([
  ["stringValue", (fields) => fields.text("stringValue")],
  ["boolValue", (fields) => fields.flag("boolValue")],
  ["intValue", (fields) => fields.integer("intValue", INT64)],
  ["doubleValue", (fields) => fields.double("doubleValue")],
  ["bytesValue", (fields) => fields.bytes("bytesValue")],
  ["arrayValue", readArray],
  [
    "kvlistValue",
    (fields, level, options) =>
      readMap(fields.object("kvlistValue"), "values", { level: level + 1, options }),
  ],
]);

/**
 * Decodes an OTLP logs request, or one line of an OTLP file, from JSON: by the mapping of OTLP, strict in what it
 * demands (camelCase names, hex ids, enums as integers) and tolerant where readers must be (integers as string or
 * number, unknown fields). Any thread; synchronous.
 *
 * @param source The document, or its UTF-8 bytes.
 * @param options.duplicateKeys What to do with a key that comes twice in a list; `last` wins by default.
 * @returns The records in the order of the document, equal to what `decodeLogs()` makes of the same request.
 * @throws {DecodeError} `malformed`: not JSON, or a field that is not what the mapping says, named by its path;
 *   `too_large`: too many elements.
 * @see OTLP 1.11.0, JSON Protobuf Encoding
 */
export function decodeLogsJson(source: string | Uint8Array, options: DecodeOptions = {}): DecodedLogRecord[] {
  const request = JsonFields.ofDocument(parseJson(source));
  return request.mapObjects("resourceLogs", (fields) => readResourceLogs(fields, options)).flat();
}

/**
 * Counts the log records of a request without looking into them. Any thread; synchronous.
 *
 * @param source The document, or its UTF-8 bytes.
 * @returns 0 or more records.
 * @throws {DecodeError} As {@link decodeLogsJson}, as far as the lists of records.
 * @see OTLP 1.11.0, JSON Protobuf Encoding
 */
export function countLogRecordsJson(source: string | Uint8Array): number {
  const request = JsonFields.ofDocument(parseJson(source));
  const counts = request.mapObjects("resourceLogs", (resourceLogs) =>
    resourceLogs.mapObjects("scopeLogs", (scopeLogs) => scopeLogs.listLength("logRecords")),
  );
  return counts.flat().reduce((sum, count) => sum + count, 0);
}

function readResourceLogs(resourceLogs: JsonFields, options: DecodeOptions): DecodedLogRecord[] {
  const resource: DecodedResource = {
    ...readAttributes(resourceLogs.object("resource"), options),
    schemaUrl: resourceLogs.text("schemaUrl"),
  };
  const readScopeLogs = (scopeLogs: JsonFields): DecodedLogRecord[] => {
    const around = { resource, scope: readScope(scopeLogs, options), options };
    return scopeLogs.mapObjects("logRecords", (record) => readRecord(record, around));
  };
  return resourceLogs.mapObjects("scopeLogs", readScopeLogs).flat();
}

function readScope(scopeLogs: JsonFields, options: DecodeOptions): DecodedScope {
  const scope = scopeLogs.object("scope");
  return {
    name: scope?.text("name") ?? "",
    version: scope?.text("version") ?? "",
    ...readAttributes(scope, options),
    schemaUrl: scopeLogs.text("schemaUrl"),
  };
}

function readAttributes(
  holder: JsonFields | undefined,
  options: DecodeOptions,
): { readonly attributes: DecodedMap; readonly droppedAttributesCount: number } {
  return {
    attributes: readMap(holder, "attributes", { level: 1, options }),
    droppedAttributesCount: Number(holder?.integer("droppedAttributesCount", UINT32) ?? 0),
  };
}

function readRecord(
  record: JsonFields,
  around: { resource: DecodedResource; scope: DecodedScope; options: DecodeOptions },
): DecodedLogRecord {
  const body = record.object("body");
  return {
    timeUnixNano: record.integer("timeUnixNano", UINT64),
    observedTimeUnixNano: record.integer("observedTimeUnixNano", UINT64),
    severityNumber: Number(record.integer("severityNumber", INT32)),
    severityText: record.text("severityText"),
    body: body && readValue(body, 1, around.options),
    ...readAttributes(record, around.options),
    flags: Number(record.integer("flags", UINT32)),
    traceId: record.hexId("traceId", TRACE_ID_BYTES),
    spanId: record.hexId("spanId", SPAN_ID_BYTES),
    eventName: record.text("eventName"),
    scope: around.scope,
    resource: around.resource,
  };
}

/** @param context.level Level of the values in the map: 1 for attributes. */
function readMap(
  holder: JsonFields | undefined,
  name: string,
  { level, options }: { level: number; options: DecodeOptions },
): DecodedMap {
  if (holder === undefined || holder.listLength(name) === 0) return emptyMap;
  const map = new Map<string, DecodedValue>();
  holder.mapObjects(name, (entry) => {
    const key = entry.text("key");
    if (options.duplicateKeys === "error" && map.has(key)) throw duplicateKeyError(key, entry.path);
    const value = entry.object("value");
    map.set(key, value === undefined ? null : readValue(value, level, options));
  });
  return map;
}

function readArray(fields: JsonFields, level: number, options: DecodeOptions): DecodedValue {
  const array = fields.object("arrayValue");
  return array?.mapObjects("values", (item) => readValue(item, level + 1, options)) ?? [];
}

function readValue(fields: JsonFields, level: number, options: DecodeOptions): DecodedValue {
  if (level > valueDepthMax) {
    throw new DecodeError(
      `Cannot decode OTLP/JSON logs: a value is nested deeper than ${valueDepthMax} levels`,
    );
  }
  const [name, other] = fields.names().filter((candidate) => valueReaders.has(candidate));
  if (other !== undefined) throw fields.fault(other, `absent, because "${name}" is there`);
  const read = name === undefined ? undefined : valueReaders.get(name);
  // None: the empty value, or a kind that we do not know of, which is to be read as absent.
  return read === undefined ? null : read(fields, level, options);
}
