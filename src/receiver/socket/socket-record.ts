import type { HrTime, SeverityNumber, SpanContext } from "@opentelemetry/api";

import {
  DROPPED_ATTRIBUTES_FIELD,
  EVENT_NAME_FIELD,
  EXCEPTION_FIELD,
  EXCEPTION_PREFIX,
  KEY_VALUES_FIELD,
  LEVEL_FIELD,
  LOGGER_FIELD,
  MESSAGE_FIELD,
  OBSERVED_TIMESTAMP_FIELD,
  RESOURCE_FIELD,
  RESOURCE_SCHEMA_URL_FIELD,
  SCOPE_ATTRIBUTES_FIELD,
  SCOPE_SCHEMA_URL_FIELD,
  SCOPE_VERSION_FIELD,
  SEVERITY_NUMBER_FIELD,
  SPAN_ID_FIELD,
  TEMPLATE_FIELD,
  THREAD_ID_FIELD,
  TIMESTAMP_FIELD,
  TRACE_FLAGS_FIELD,
  TRACE_ID_FIELD,
} from "../../../exporters/socket/record-fields.ts";
import type { FemtoLogRecord, FemtoMap, FemtoScope, FemtoValue } from "../../record/log-record.ts";
import { LEVELS } from "../../record/severity.ts";
import { FrameFault } from "./frame-fault.ts";
import { timeOf } from "./wire-time.ts";

/** Who produced a record, as far as its frame says. */
export interface SocketResource {
  readonly attributes: FemtoMap;
  readonly schemaUrl?: string;
}

/** A record that came over a socket: a `FemtoLogRecord` whose resource is plain data. */
export interface SocketLogRecord extends Omit<FemtoLogRecord, "resource"> {
  readonly resource: SocketResource;
}

/** Fields of other senders that are attributes of ours, by what OpenTelemetry calls them. */
const FOREIGN_FIELDS: readonly (readonly [field: string, attribute: string])[] = [
  ["filename", "code.file.path"],
  ["line_number", "code.line.number"],
  ["module_path", "code.namespace"],
  ["thread_name", "thread.name"],
];

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** Fields of a record by name, with the types that they must have. */
class Fields {
  readonly #map: FemtoMap;

  constructor(value: FemtoValue) {
    if (!isMap(value)) throw new FrameFault("a record must be a map");
    this.#map = value;
  }

  get(name: string): FemtoValue | undefined {
    return Object.hasOwn(this.#map, name) ? this.#map[name] : undefined;
  }

  /** Null counts as absent. */
  text(name: string): string | undefined {
    const value = this.get(name) ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    throw new FrameFault(`"${name}" must be a text`);
  }

  integer(name: string): number | undefined {
    const value = this.get(name) ?? undefined;
    if (value === undefined || (typeof value === "number" && Number.isSafeInteger(value))) return value;
    throw new FrameFault(`"${name}" must be an integer within 2^53`);
  }

  map(name: string): FemtoMap | undefined {
    const value = this.get(name) ?? undefined;
    if (value === undefined || isMap(value)) return value;
    throw new FrameFault(`"${name}" must be a map`);
  }

  time(name: string): HrTime | undefined {
    const value = this.get(name) ?? undefined;
    return value === undefined ? undefined : timeOf(name, value);
  }
}

function isMap(value: FemtoValue): value is FemtoMap {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/**
 * Makes a record of the decoded payload of a frame. Fields that it does not know are left out; all but the logger may be
 * absent. Any thread.
 *
 * @throws {FrameFault} It is no record: names the field that is wrong.
 */
export function recordOf(value: FemtoValue): SocketLogRecord {
  const fields = new Fields(value);
  const logger = fields.text(LOGGER_FIELD);
  if (logger === undefined) throw new FrameFault(`"${LOGGER_FIELD}" is missing`);
  const hrTime = fields.time(TIMESTAMP_FIELD) ?? [0, 0];
  const body = fields.get(MESSAGE_FIELD);
  const eventName = fields.text(EVENT_NAME_FIELD);
  const template = fields.text(TEMPLATE_FIELD);
  const spanContext = spanOf(fields);
  return {
    hrTime,
    hrTimeObserved: fields.time(OBSERVED_TIMESTAMP_FIELD) ?? hrTime,
    ...(spanContext !== undefined && { spanContext }),
    ...severityOf(fields),
    ...(body !== undefined && { body }),
    ...(eventName !== undefined && { eventName }),
    ...(template !== undefined && { template }),
    resource: resourceOf(fields),
    instrumentationScope: scopeOf(fields, logger),
    attributes: attributesOf(fields),
    droppedAttributesCount: fields.integer(DROPPED_ATTRIBUTES_FIELD) ?? 0,
    threadId: threadIdOf(fields),
    loggerName: logger,
  };
}

function severityOf(fields: Fields): Pick<SocketLogRecord, "severityText" | "severityNumber"> {
  const severityText = fields.text(LEVEL_FIELD);
  const severityNumber = fields.integer(SEVERITY_NUMBER_FIELD) ?? numberOfLevel(severityText);
  if (severityNumber !== undefined && (severityNumber < 0 || severityNumber > 24)) {
    throw new FrameFault(`"${SEVERITY_NUMBER_FIELD}" must be from 0 to 24`);
  }
  return {
    ...(severityText !== undefined && { severityText }),
    ...(severityNumber !== undefined && { severityNumber }),
  };
}

/** For senders that know no numbers. */
function numberOfLevel(name: string | undefined): SeverityNumber | undefined {
  const numbers: Readonly<Record<string, SeverityNumber>> = LEVELS;
  return name !== undefined && Object.hasOwn(numbers, name) ? numbers[name] : undefined;
}

function spanOf(fields: Fields): SpanContext | undefined {
  const traceId = fields.text(TRACE_ID_FIELD);
  const spanId = fields.text(SPAN_ID_FIELD);
  if (traceId === undefined && spanId === undefined) return undefined;
  if (!TRACE_ID.test(traceId ?? "") || !SPAN_ID.test(spanId ?? "")) {
    throw new FrameFault(`"${TRACE_ID_FIELD}" and "${SPAN_ID_FIELD}" must be 32 and 16 hexadecimal digits`);
  }
  return {
    traceId: traceId as string,
    spanId: spanId as string,
    traceFlags: fields.integer(TRACE_FLAGS_FIELD) ?? 0,
  };
}

function attributesOf(fields: Fields): FemtoMap {
  const attributes: Record<string, FemtoValue> = { ...fields.map(KEY_VALUES_FIELD) };
  for (const [name, value] of Object.entries(fields.map(EXCEPTION_FIELD) ?? {})) {
    attributes[EXCEPTION_PREFIX + name] = value;
  }
  for (const [field, attribute] of FOREIGN_FIELDS) {
    const value = fields.get(field) ?? undefined;
    if (value !== undefined && !Object.hasOwn(attributes, attribute)) attributes[attribute] = value;
  }
  return attributes;
}

function resourceOf(fields: Fields): SocketResource {
  const schemaUrl = fields.text(RESOURCE_SCHEMA_URL_FIELD);
  return { attributes: fields.map(RESOURCE_FIELD) ?? {}, ...(schemaUrl !== undefined && { schemaUrl }) };
}

function scopeOf(fields: Fields, name: string): FemtoScope {
  const version = fields.text(SCOPE_VERSION_FIELD);
  const schemaUrl = fields.text(SCOPE_SCHEMA_URL_FIELD);
  const attributes = fields.map(SCOPE_ATTRIBUTES_FIELD);
  return {
    name,
    ...(version !== undefined && { version }),
    ...(schemaUrl !== undefined && { schemaUrl }),
    ...(attributes !== undefined && { attributes }),
  };
}

/** An integer, or a text with one in it such as "ThreadId(3)". */
function threadIdOf(fields: Fields): number {
  const value = fields.get(THREAD_ID_FIELD) ?? 0;
  const digits = typeof value === "string" ? (/\d{1,15}/.exec(value)?.[0] ?? "0") : value;
  const id = Number(typeof digits === "object" ? Number.NaN : digits);
  if (Number.isSafeInteger(id)) return id;
  throw new FrameFault(`"${THREAD_ID_FIELD}" must be an integer, or a text with one`);
}
