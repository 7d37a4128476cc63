/**
 * What the decoders make of OTLP: plain data, the same from protobuf and from JSON.
 * Proto default values stand for absent fields, as in every proto3 reader.
 */

/**
 * An `AnyValue`: int64 as bigint, double as number (NaN and infinities too), bytes as a copy of their own, the empty
 * value as null, a key-value list as a map.
 *
 * @see OTLP 1.11.0, common.proto: `AnyValue`
 */
export type DecodedValue =
  | string
  | bigint
  | number
  | boolean
  | null
  | Uint8Array
  | readonly DecodedValue[]
  | DecodedMap;

/** Attributes, or a key-value list, in the order of the wire. */
export type DecodedMap = ReadonlyMap<string, DecodedValue>;

/**
 * What produced the records. All records of one `ResourceLogs` share one object.
 *
 * @see OTLP 1.11.0, resource.proto: `Resource`; logs.proto: `ResourceLogs.schema_url`
 */
export interface DecodedResource {
  readonly attributes: DecodedMap;
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

/**
 * Who emitted the records. All records of one `ScopeLogs` share one object.
 *
 * @see OTLP 1.11.0, common.proto: `InstrumentationScope`; logs.proto: `ScopeLogs.schema_url`
 */
export interface DecodedScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: DecodedMap;
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

/**
 * One log record with its scope and resource.
 *
 * @see OTLP 1.11.0, logs.proto: `LogRecord`
 */
export interface DecodedLogRecord {
  /** Nanoseconds since 1970; 0n is unknown. */
  readonly timeUnixNano: bigint;
  /** Nanoseconds since 1970; 0n is absent. */
  readonly observedTimeUnixNano: bigint;
  /** 1 to 24; 0 is unspecified. Other numbers are kept as they came. */
  readonly severityNumber: number;
  readonly severityText: string;
  /** undefined when the field is absent, null when it holds the empty value. */
  readonly body: DecodedValue | undefined;
  readonly attributes: DecodedMap;
  readonly droppedAttributesCount: number;
  /** The low 8 bits are the W3C trace flags. */
  readonly flags: number;
  /** 32 lower-case hex digits, or '' when absent. */
  readonly traceId: string;
  /** 16 lower-case hex digits, or '' when absent. */
  readonly spanId: string;
  readonly eventName: string;
  readonly scope: DecodedScope;
  readonly resource: DecodedResource;
}

/** How a decoder treats what the specification leaves open. */
export interface DecodeOptions {
  /**
   * What to do with a key that comes twice in one attribute list or map, which OTLP forbids to senders:
   * `last` keeps the last value (default), `error` refuses the request.
   */
  readonly duplicateKeys?: "last" | "error";
}
