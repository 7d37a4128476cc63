import type { OutputBuffer } from "../../../processors/shape/output.ts";
import type { RecordCursor } from "../../../processors/shape/record-cursor.ts";
import type { Shape } from "../../../processors/shape/shape.ts";
import { AttributePath } from "../attribute-path.ts";
import type { DateText } from "../date-text.ts";
import { LineMessage } from "../line-message.ts";
import { clampSeconds, writeHex, writeHexByte } from "../numbers.ts";
import { resourceText } from "../vendor-fields.ts";
import { pythonLevel, pythonLevelName } from "../vendor-levels.ts";
import { Float, type FieldValue } from "./field-value.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const SAMPLED_FLAG = 1;
const NANOS_MAX = 999_999_999;

/** Writes something of a record, escaped. */
export type RecordWriter = (out: OutputBuffer, record: RecordCursor) => void;

/** Where the value of a field comes from. */
export type FieldSource =
  /** The same for all records of a shape. */
  | { readonly kind: "constant"; readonly value: FieldValue }
  | { readonly kind: "value"; readonly read: (record: RecordCursor) => FieldValue }
  | { readonly kind: "text"; readonly write: RecordWriter }
  /** Of a span: there is nothing to write where the record has none. */
  | { readonly kind: "span"; readonly write: RecordWriter }
  /** Attributes in the order they are looked for. */
  | {
      readonly kind: "attribute";
      readonly paths: readonly AttributePath[];
      /** What Python has where it knows nothing. */
      readonly otherwise?: FieldValue;
      /** Makes the field's value of the attribute's. */
      readonly derive?: (text: string) => string;
    };

/** What the fields of a formatter have in common. */
export interface FieldContext {
  readonly shape: Shape;
  readonly time: DateText;
  /** Milliseconds since 1970 when the process was started. */
  readonly startMillis: number;
}

type Field = (context: FieldContext) => FieldSource;

const UNKNOWN_FILE = "(unknown file)";
const UNKNOWN_FUNCTION = "(unknown function)";
const FILE_KEYS: readonly string[] = ["code.file.path", "code.filepath"];
const LINE_KEYS: readonly string[] = ["code.line.number", "code.lineno"];
const FUNCTION_KEYS: readonly string[] = ["code.function.name", "code.function"];

/** Python's names, then those of OpenTelemetry's instrumentation of Python's logging, then ours. */
const FIELDS: Readonly<Record<string, Field>> = {
  name: ({ shape }) => constant(shape.scope.name === "" ? "root" : shape.scope.name),
  levelno: ({ shape }) => constant(pythonLevel(shape.severityNumber)),
  levelname: ({ shape }) => constant(pythonLevelName(shape)),
  pathname: ({ shape }) => attribute(shape, FILE_KEYS, { otherwise: UNKNOWN_FILE }),
  filename: ({ shape }) => attribute(shape, FILE_KEYS, { otherwise: UNKNOWN_FILE, derive: fileName }),
  module: ({ shape }) => attribute(shape, FILE_KEYS, { otherwise: UNKNOWN_FILE, derive: moduleName }),
  lineno: ({ shape }) => attribute(shape, LINE_KEYS, { otherwise: 0 }),
  funcName: ({ shape }) => attribute(shape, FUNCTION_KEYS, { otherwise: UNKNOWN_FUNCTION }),
  created: () => ({ kind: "value", read: (record) => new Float(millisOf(record) / 1000) }),
  asctime: ({ time }) => text((out, record) => time.write(out, record.timeSeconds, record.timeNanos)),
  msecs: () => ({ kind: "value", read: (record) => new Float(Math.floor(nanosOf(record) / 1e6)) }),
  relativeCreated: ({ startMillis }) => ({
    kind: "value",
    read: (record) => new Float(millisOf(record) - startMillis),
  }),
  thread: () => ({ kind: "value", read: (record) => record.threadId }),
  threadName: () => ({
    kind: "value",
    read: ({ threadId }) => (threadId === 0 ? "MainThread" : `Thread-${threadId}`),
  }),
  process: () => constant(process.pid),
  processName: () => constant("MainProcess"),
  taskName: () => constant("None"),
  message: ({ shape }) => messageOf(shape),
  msg: ({ shape }) => constant(shape.template),
  otelTraceID: () => span(writeTraceId),
  otelSpanID: () => span(writeSpanId),
  otelTraceSampled: () => ({
    kind: "value",
    read: ({ traceFlags }) => ((traceFlags & SAMPLED_FLAG) === SAMPLED_FLAG ? "True" : "False"),
  }),
  otelServiceName: ({ shape }) => constant(resourceText(shape, "service.name") ?? ""),
  trace_id: () => span(writeTraceId),
  span_id: () => span(writeSpanId),
  trace_flags: () => span((out, record) => writeHexByte(out, record.traceFlags)),
};

/** Where the field of this name comes from: ours, or an attribute of the record. */
export function sourceOf(name: string, context: FieldContext): FieldSource {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  return field === undefined ? attribute(context.shape, [name], {}) : field(context);
}

function constant(value: FieldValue): FieldSource {
  return { kind: "constant", value };
}

function text(write: RecordWriter): FieldSource {
  return { kind: "text", write };
}

function span(write: RecordWriter): FieldSource {
  return { kind: "span", write };
}

function attribute(
  shape: Shape,
  keys: readonly string[],
  rest: { readonly otherwise?: FieldValue; readonly derive?: (text: string) => string },
): FieldSource {
  return { kind: "attribute", paths: keys.map((key) => new AttributePath(key, shape)), ...rest };
}

function messageOf(shape: Shape): FieldSource {
  const message = new LineMessage(shape);
  const whole = message.constant;
  // Escaped already: to be copied, not to be escaped once more.
  if (whole !== undefined) return text((out) => out.text(whole));
  return text((out, record) => {
    message.write(out, record);
  });
}

function writeTraceId(out: OutputBuffer, record: RecordCursor): void {
  writeHex(out, record.bytes, record.spanAt, TRACE_ID_BYTES);
}

function writeSpanId(out: OutputBuffer, record: RecordCursor): void {
  writeHex(out, record.bytes, record.spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
}

function nanosOf(record: RecordCursor): number {
  return Math.min(record.timeNanos, NANOS_MAX);
}

function millisOf(record: RecordCursor): number {
  return clampSeconds(record.timeSeconds) * 1000 + nanosOf(record) / 1e6;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function moduleName(path: string): string {
  return fileName(path).replace(/(?<=.)\.[^.]*$/, "");
}
