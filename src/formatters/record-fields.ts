import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { pythonLevelName, pythonLevelNumber } from "../record/python-severity.ts";
import { severityName } from "../record/severity.ts";
import { AttributePath } from "./attribute-path.ts";
import { TextBody } from "./body.ts";
import { AS_IT_IS } from "./body-value.ts";
import { writeFieldValue, type FieldKind } from "./field-value.ts";
import { clampSeconds, writeHex, writeHexByte, writeInteger, writeMicros, writeMillis } from "./numbers.ts";
import { ATTRIBUTES_PREFIX } from "./reserved-keys.ts";
import { isoSecond, localSecond, SecondText } from "./second-text.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const COMMA = 44;
const POINT = 46;
const LETTER_Z = 90;

/** Writes one field of a record. Made once for each shape. */
export type FieldWriter = (record: RecordCursor, out: OutputBuffer) => FieldKind;

/** Makes the writer of a field for a shape. */
type FieldMaker = (shape: Shape) => FieldWriter;

/**
 * The fields of a record by name: those of Python's `LogRecord` and those of our JSON lines. Where both know a name they
 * mean the same, but for `msg`: it is the rendered text, as in our lines; Python's text with holes is `template`.
 */
const FIELDS: Readonly<Record<string, FieldMaker>> = {
  name: ({ scope }) => constantText(scope.name),
  logger: ({ scope }) => constantText(scope.name),
  levelname: ({ severityNumber }) => constantText(pythonLevelName(severityNumber)),
  levelno: ({ severityNumber }) => constantJson(String(pythonLevelNumber(severityNumber))),
  level: (shape) => constantText(shape.severityText || severityName(shape.severityNumber)),
  severity: ({ severityNumber }) => constantJson(String(severityNumber)),
  msg: messageWriter,
  message: messageWriter,
  template: ({ template }) => constantText(template),
  event: ({ eventName }) => constantText(eventName ?? ""),
  created: () => writeCreated,
  msecs: () => writeMsecs,
  asctime: () => timeWriter(localSecond, writePythonFraction),
  time: () => timeWriter(isoSecond, writeIsoFraction),
  process: () => constantJson(String(process.pid)),
  thread: () => (record, out) => {
    writeInteger(out, record.threadId);
    return "json";
  },
  trace_id: () => spanWriter((record, out) => writeHex(out, record.bytes, record.spanAt, TRACE_ID_BYTES)),
  span_id: () =>
    spanWriter((record, out) => writeHex(out, record.bytes, record.spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES)),
  trace_flags: () => spanWriter((record, out) => writeHexByte(out, record.traceFlags)),
  dropped_attributes: () => (record, out) => {
    if (record.droppedCount === 0) return "none";
    writeInteger(out, record.droppedCount);
    return "json";
  },
  exc_text: (shape) => attributeWriter("exception.stacktrace", shape),
  pathname: (shape) => attributeWriter("code.file.path", shape),
  lineno: (shape) => attributeWriter("code.line.number", shape),
  funcName: (shape) => attributeWriter("code.function.name", shape),
};

/** Whether a name is that of a field and not of an attribute. */
export function isFieldName(name: string): boolean {
  return Object.hasOwn(FIELDS, name);
}

/**
 * Makes the writer of a field.
 * @param name A field; everything else is the name of an attribute, which may lie inside of a map (`user.name`). With
 * "attributes." in front it is that of an attribute in any case.
 */
export function makeFieldWriter(name: string, shape: Shape): FieldWriter {
  const maker = isFieldName(name) ? FIELDS[name] : undefined;
  return maker?.(shape) ?? attributeWriter(attributeName(name), shape);
}

/** The attribute that a name in a list of fields stands for. */
export function attributeName(name: string): string {
  const rest = name.slice(ATTRIBUTES_PREFIX.length);
  return name.startsWith(ATTRIBUTES_PREFIX) && rest !== "" ? rest : name;
}

function constantText(text: string): FieldWriter {
  return (_record, out) => {
    if (text === "") return "none";
    out.text(text);
    return "text";
  };
}

function constantJson(text: string): FieldWriter {
  return (_record, out) => {
    out.ascii(text);
    return "json";
  };
}

function messageWriter(shape: Shape): FieldWriter {
  if (shape.body === "none") return () => "none";
  if (shape.body === "value") return (record, out) => writeFieldValue(out, record, record.valuesAt);
  const body = new TextBody(shape, AS_IT_IS);
  return (record, out) => {
    body.write(out, record);
    return "text";
  };
}

function attributeWriter(name: string, shape: Shape): FieldWriter {
  const path = new AttributePath(name, shape);
  return (record, out) => {
    const at = path.find(record);
    return at < 0 ? "none" : writeFieldValue(out, record, at);
  };
}

function spanWriter(write: (record: RecordCursor, out: OutputBuffer) => void): FieldWriter {
  return (record, out) => {
    if (record.spanAt < 0) return "none";
    write(record, out);
    return "text";
  };
}

/** Seconds since 1970 with microseconds, as Python's `time.time()`. */
function writeCreated(record: RecordCursor, out: OutputBuffer): FieldKind {
  const seconds = clampSeconds(record.timeSeconds);
  if (seconds < 0) {
    out.ascii(String(seconds + record.timeNanos / 1e9));
    return "json";
  }
  writeInteger(out, seconds);
  out.byte(POINT);
  writeMicros(out, record.timeNanos);
  return "json";
}

function writeMsecs(record: RecordCursor, out: OutputBuffer): FieldKind {
  writeInteger(out, Math.floor(record.timeNanos / 1e6));
  return "json";
}

function timeWriter(
  secondOf: (date: Date) => string,
  writeRest: (out: OutputBuffer, nanos: number) => void,
): FieldWriter {
  const second = new SecondText(secondOf);
  return (record, out) => {
    out.fragment(second.fragment(record.timeSeconds));
    writeRest(out, record.timeNanos);
    return "text";
  };
}

function writePythonFraction(out: OutputBuffer, nanos: number): void {
  out.byte(COMMA);
  writeMillis(out, nanos);
}

function writeIsoFraction(out: OutputBuffer, nanos: number): void {
  out.byte(POINT);
  writeMicros(out, nanos);
  out.byte(LETTER_Z);
}
