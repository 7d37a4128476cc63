// Tags of the fields that the encoder writes, by message. Source: opentelemetry-proto 1.11.0 (the .proto files here).
import { fieldTag, WIRE_BYTES, WIRE_FIXED32, WIRE_FIXED64, WIRE_VARINT } from "./wire.ts";

export const REQUEST_RESOURCE_LOGS: number = fieldTag(1, WIRE_BYTES);

export const RESOURCE_LOGS_RESOURCE: number = fieldTag(1, WIRE_BYTES);
export const RESOURCE_LOGS_SCOPE_LOGS: number = fieldTag(2, WIRE_BYTES);
export const RESOURCE_LOGS_SCHEMA_URL: number = fieldTag(3, WIRE_BYTES);

export const RESOURCE_ATTRIBUTES: number = fieldTag(1, WIRE_BYTES);
export const RESOURCE_DROPPED_ATTRIBUTES_COUNT: number = fieldTag(2, WIRE_VARINT);

export const SCOPE_LOGS_SCOPE: number = fieldTag(1, WIRE_BYTES);
export const SCOPE_LOGS_LOG_RECORDS: number = fieldTag(2, WIRE_BYTES);
export const SCOPE_LOGS_SCHEMA_URL: number = fieldTag(3, WIRE_BYTES);

export const SCOPE_NAME: number = fieldTag(1, WIRE_BYTES);
export const SCOPE_VERSION: number = fieldTag(2, WIRE_BYTES);
export const SCOPE_ATTRIBUTES: number = fieldTag(3, WIRE_BYTES);
export const SCOPE_DROPPED_ATTRIBUTES_COUNT: number = fieldTag(4, WIRE_VARINT);

export const RECORD_TIME_UNIX_NANO: number = fieldTag(1, WIRE_FIXED64);
export const RECORD_SEVERITY_NUMBER: number = fieldTag(2, WIRE_VARINT);
export const RECORD_SEVERITY_TEXT: number = fieldTag(3, WIRE_BYTES);
export const RECORD_BODY: number = fieldTag(5, WIRE_BYTES);
export const RECORD_ATTRIBUTES: number = fieldTag(6, WIRE_BYTES);
export const RECORD_DROPPED_ATTRIBUTES_COUNT: number = fieldTag(7, WIRE_VARINT);
export const RECORD_FLAGS: number = fieldTag(8, WIRE_FIXED32);
export const RECORD_TRACE_ID: number = fieldTag(9, WIRE_BYTES);
export const RECORD_SPAN_ID: number = fieldTag(10, WIRE_BYTES);
export const RECORD_OBSERVED_TIME_UNIX_NANO: number = fieldTag(11, WIRE_FIXED64);
export const RECORD_EVENT_NAME: number = fieldTag(12, WIRE_BYTES);

export const KEY_VALUE_KEY: number = fieldTag(1, WIRE_BYTES);
export const KEY_VALUE_VALUE: number = fieldTag(2, WIRE_BYTES);

export const ANY_STRING: number = fieldTag(1, WIRE_BYTES);
export const ANY_BOOL: number = fieldTag(2, WIRE_VARINT);
export const ANY_INT: number = fieldTag(3, WIRE_VARINT);
export const ANY_DOUBLE: number = fieldTag(4, WIRE_FIXED64);
export const ANY_ARRAY: number = fieldTag(5, WIRE_BYTES);
export const ANY_KVLIST: number = fieldTag(6, WIRE_BYTES);
export const ANY_BYTES: number = fieldTag(7, WIRE_BYTES);

export const ARRAY_VALUES: number = fieldTag(1, WIRE_BYTES);
export const KVLIST_VALUES: number = fieldTag(1, WIRE_BYTES);

/** Of the 32 bits of a record's flags, those of the W3C trace flags; the others are reserved and must be 0. */
export const TRACE_FLAGS_MASK = 0xff;
