import { makeFragment, OutputBuffer, type Fragment } from "../../../processors/shape/output.ts";
import type { RecordCursor } from "../../../processors/shape/record-cursor.ts";
import type { Shape } from "../../../processors/shape/shape.ts";
import { readValue } from "../../../processors/shape/value-reader.ts";
import { ABSENT, DOUBLE, INT32, INT53, INT64 } from "../../../processors/shape/value-tag.ts";
import { AttributePath } from "../attribute-path.ts";
import { INSIDE_TEXT, writeBodyValue } from "../body-value.ts";
import type { DateText } from "../date-text.ts";
import { escapeText } from "../escapes.ts";
import { LineMessage } from "../line-message.ts";
import { writeLines, type LinePrefixes } from "../text-value.ts";
import { isText, textLength, type ValueSource } from "../value-source.ts";
import { Float, plainText, type FieldValue } from "./field-value.ts";
import type { FieldPiece, FormatPiece } from "./format-piece.ts";
import { sourceOf, type FieldContext, type FieldSource, type RecordWriter } from "./python-fields.ts";

const STACK_KEY = "exception.stacktrace";
const LINE_FEED = 10;
const NEXT_LINE: Fragment = makeFragment("\n");
const NOTHING: Fragment = makeFragment("");
const STACK_PREFIXES: LinePrefixes = { first: NOTHING, others: NEXT_LINE };
const SCRATCH_BYTES = 1024;
const SCRATCH_KEEP_BYTES = 65_536;
/** What OpenTelemetry's instrumentation of Python writes for a record without a span. */
const NO_SPAN = "0";

/** Texts on their way into a field with a width. A thread's own; never in use twice at a time. */
const scratch: OutputBuffer = new OutputBuffer(SCRATCH_BYTES);

/** A format string and what goes with it. */
export interface PythonFormat {
  readonly pieces: readonly FormatPiece[];
  readonly time: DateText;
  /** Values for what a record does not have. */
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
  readonly startMillis: number;
}

/** What a format string has become for one shape. */
interface PythonParts {
  readonly owner: PythonLayout;
  readonly resource: object;
  readonly writers: readonly RecordWriter[];
  readonly stack: AttributePath;
}

/**
 * Lines in a format of the user's own, as `logging.Formatter` of Python makes them: what is constant for a shape is
 * copied; the stack of an exception follows on lines of its own. A field that neither record nor defaults have stays as it
 * was written. One formatter's own; never throws.
 */
export class PythonLayout {
  readonly #format: PythonFormat;

  constructor(format: PythonFormat) {
    this.#format = format;
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    const startAt = out.at;
    for (const write of parts.writers) write(out, record);
    const stackAt = parts.stack.findOwn(record);
    if (stackAt < 0 || !isText(record, stackAt) || textLength(record, stackAt) === 0) return;
    if (out.at === startAt || out.bytes[out.at - 1] !== LINE_FEED) out.fragment(NEXT_LINE);
    writeLines(out, record, stackAt, STACK_PREFIXES);
  }

  #partsOf(shape: Shape): PythonParts {
    const known = shape.fragments as PythonParts | undefined;
    if (known?.owner === this && known.resource === shape.scope.resource) return known;
    const parts: PythonParts = {
      owner: this,
      resource: shape.scope.resource,
      writers: compile(this.#format, shape),
      stack: new AttributePath(STACK_KEY, shape),
    };
    shape.fragments = parts;
    return parts;
  }
}

/** The pieces as writers; neighbours that are constant become one. */
function compile(format: PythonFormat, shape: Shape): RecordWriter[] {
  const context: FieldContext = { shape, time: format.time, startMillis: format.startMillis };
  const writers: RecordWriter[] = [];
  let constant = "";
  const endConstant = (): void => {
    if (constant === "") return;
    const fragment = makeFragment(constant);
    writers.push((out) => out.fragment(fragment));
    constant = "";
  };
  for (const piece of format.pieces) {
    const made = piece.kind === "literal" ? piece.text.toWellFormed() : compileField(piece, context, format);
    if (typeof made === "string") {
      constant += made;
    } else {
      endConstant();
      writers.push(made);
    }
  }
  endConstant();
  return writers;
}

/** Constant text, escaped, or what writes the field. */
function compileField(piece: FieldPiece, context: FieldContext, format: PythonFormat): string | RecordWriter {
  if (piece.name === "message" && piece.show === undefined) {
    const whole = new LineMessage(context.shape).constant;
    if (whole !== undefined) return whole;
  }
  const source = sourceOf(piece.name, context);
  const fallback = fallbackOf(piece, source, format);
  switch (source.kind) {
    case "constant":
      return escapeText(show(piece, source.value));
    case "value": {
      const { read } = source;
      return (out, record) => out.text(escapeText(show(piece, read(record))));
    }
    case "text":
      return writerOf(piece, source.write);
    case "span": {
      const write = writerOf(piece, source.write);
      const otherwise = makeFragment(fallback ?? escapeText(show(piece, NO_SPAN)));
      return (out, record) => (record.spanAt < 0 ? out.fragment(otherwise) : write(out, record));
    }
    case "attribute":
      return attributeWriter(piece, source, makeFragment(fallback ?? escapeText(piece.source)));
  }
}

/** What stands there when the record has nothing: the default of the user, or what Python has. */
function fallbackOf(piece: FieldPiece, source: FieldSource, { defaults }: PythonFormat): string | undefined {
  const given = Object.hasOwn(defaults, piece.name) ? defaults[piece.name] : undefined;
  if (given !== undefined) return escapeText(show(piece, typeof given === "boolean" ? String(given) : given));
  const otherwise = source.kind === "attribute" ? source.otherwise : undefined;
  return otherwise === undefined ? undefined : escapeText(show(piece, otherwise));
}

function show(piece: FieldPiece, value: FieldValue): string {
  return piece.show === undefined ? plainText(value) : piece.show(value);
}

/** Text that is escaped already, in the width that the piece gives it. */
function writerOf(piece: FieldPiece, write: RecordWriter): RecordWriter {
  const shown = piece.show;
  if (shown === undefined) return write;
  return (out, record) => out.text(shown(throughScratch((target) => write(target, record))));
}

function throughScratch(write: (out: OutputBuffer) => void): string {
  scratch.clear(SCRATCH_KEEP_BYTES);
  write(scratch);
  return scratch.bytes.toString("utf8", 0, scratch.at);
}

function attributeWriter(
  piece: FieldPiece,
  source: Extract<FieldSource, { readonly kind: "attribute" }>,
  fallback: Fragment,
): RecordWriter {
  const { paths, derive } = source;
  const isPlain = piece.show === undefined && derive === undefined;
  return (out, record) => {
    const at = findFirst(paths, record);
    if (at < 0) out.fragment(fallback);
    else if (isPlain) writeBodyValue(out, record, at, INSIDE_TEXT);
    else out.text(show(piece, readField(record, at, derive)));
  };
}

function findFirst(paths: readonly AttributePath[], record: RecordCursor): number {
  for (const path of paths) {
    const at = path.find(record);
    if (at >= 0 && record.view.getUint8(at) !== ABSENT) return at;
  }
  return -1;
}

/** A number as it is, everything else as escaped text. */
function readField(
  source: ValueSource,
  at: number,
  derive: ((text: string) => string) | undefined,
): FieldValue {
  const { bytes, view } = source;
  if (derive === undefined) {
    switch (view.getUint8(at)) {
      case INT32:
      case INT53:
      case INT64:
        return readValue(bytes, view, at) as number | bigint;
      case DOUBLE:
        return new Float(view.getFloat64(at + 1, true));
    }
  }
  const text = throughScratch((out) => writeBodyValue(out, source, at, INSIDE_TEXT));
  return derive === undefined ? text : derive(text);
}
