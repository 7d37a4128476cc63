// Names of the fields of a record on the wire, and their order: docs/socket-protocol.md is their description. Senders and
// receivers of several versions meet, so a name once given is never used for something else.

export const LOGGER_FIELD = "logger";
export const LEVEL_FIELD = "level";
export const MESSAGE_FIELD = "message";
export const TIMESTAMP_FIELD = "timestamp_ns";
export const OBSERVED_TIMESTAMP_FIELD = "observed_timestamp_ns";
export const THREAD_ID_FIELD = "thread_id";
export const KEY_VALUES_FIELD = "key_values";
export const EXCEPTION_FIELD = "exc_info";
export const TRACE_ID_FIELD = "trace_id";
export const SPAN_ID_FIELD = "span_id";
export const TRACE_FLAGS_FIELD = "trace_flags";
export const DROPPED_ATTRIBUTES_FIELD = "dropped_attributes_count";
export const SEVERITY_NUMBER_FIELD = "severity_number";
export const EVENT_NAME_FIELD = "event_name";
export const TEMPLATE_FIELD = "template";
export const SCOPE_VERSION_FIELD = "scope_version";
export const SCOPE_SCHEMA_URL_FIELD = "scope_schema_url";
export const SCOPE_ATTRIBUTES_FIELD = "scope_attributes";
export const RESOURCE_FIELD = "resource";
export const RESOURCE_SCHEMA_URL_FIELD = "resource_schema_url";

/** What attributes that describe an exception begin with; they travel in `exc_info` without it. */
export const EXCEPTION_PREFIX = "exception.";

/** Bytes of the length before each frame: an unsigned big-endian integer. */
export const LENGTH_BYTES = 4;

/** How the payload of a frame is encoded. */
export type SocketFormat = "msgpack" | "cbor" | "json";
