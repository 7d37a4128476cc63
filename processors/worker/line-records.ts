import { PinoLineReader, type PinoLine, type PinoLineFormat } from "../../src/record/pino-line.ts";
import { attributeKeys, type EmittedRecord } from "../shape/emit-shapes.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { Shape } from "../shape/shape.ts";
import { readText } from "../shape/value-reader.ts";
import { readSpan, type RecordDecoder } from "./decoded-record.ts";
import { ObjectRecords } from "./object-record.ts";

/** Lengths of text values that systems have as their limit, told apart; further ones are not cut. */
const LIMITS_MAX = 16;

/** What is known of the lines of one shape. */
interface LineShape {
  readonly reader: PinoLineReader;
  readonly attributeCountMax: number | undefined;
  readonly objects: ObjectRecords;
  /** The shape of records made of them, with a body and without. */
  readonly withBody: Shape;
  readonly withoutBody: Shape;
}

type Attributes = Readonly<Record<string, unknown>>;

/**
 * Makes records of the lines that bridges put into a queue as they are, so that the thread which logs need not parse them. For
 * whoever reads records: a consumer, or what works on the thread that logs.
 */
export class LineRecords {
  readonly #decoder: RecordDecoder;
  readonly #report: (trouble: string) => void;
  readonly #shapes = new WeakMap<Shape, LineShape>();
  /** By the limit of text values. */
  readonly #objects = new Map<number | undefined, ObjectRecords>();
  #hasReported = false;

  constructor(decoder: RecordDecoder, report: (trouble: string) => void) {
    this.#decoder = decoder;
    this.#report = report;
  }

  /**
   * A cursor on the record that the line tells of; valid until the next call.
   * @param original A record whose shape's body is a `line`.
   * @throws {RangeError} The record is larger than 16 MiB.
   */
  read(original: RecordCursor): RecordCursor {
    const lines = this.#linesOf(original.shape);
    const text = readText(original.bytes, original.view, original.valuesAt);
    const line = lines.reader.read(text, original.spanAt < 0 ? undefined : readSpan(original));
    if (!line.isParsed) this.#reportUnreadable();
    const shape = line.body === undefined ? lines.withoutBody : lines.withBody;
    const record = recordOf(line, {
      original: original.shape,
      attributes: original.hasExtras ? this.#withScoped(original, line) : line.attributes,
      attributeCountMax: lines.attributeCountMax,
    });
    return lines.objects.make(record, {
      shape,
      observedMillis: original.millis,
      threadId: original.threadId,
    });
  }

  /** Attributes of the context that the call was made in give way to those of the line. */
  #withScoped(original: RecordCursor, { attributes }: PinoLine): Attributes {
    const own = Object.entries(attributes).filter(([, value]) => value !== undefined);
    return Object.fromEntries([...Object.entries(this.#decoder.attributesOf(original)), ...own]);
  }

  #linesOf(shape: Shape): LineShape {
    const known = this.#shapes.get(shape);
    if (known !== undefined) return known;
    const format = JSON.parse(shape.template) as PinoLineFormat;
    const objects = this.#objectsOf(format.valueLengthMax);
    const { severityNumber, severityText, eventName } = shape;
    const shapeWith = (body: unknown): Shape =>
      objects.shapeOf(shape.scope, { severityNumber, severityText, eventName, body });
    const lines: LineShape = {
      reader: new PinoLineReader(format),
      attributeCountMax: format.attributeCountMax,
      objects,
      withBody: shapeWith(""),
      withoutBody: shapeWith(undefined),
    };
    this.#shapes.set(shape, lines);
    return lines;
  }

  #objectsOf(valueLengthMax: number | undefined): ObjectRecords {
    const key = this.#objects.size < LIMITS_MAX ? valueLengthMax : undefined;
    let objects = this.#objects.get(key);
    if (objects === undefined) {
      objects = new ObjectRecords(this.#decoder, key);
      this.#objects.set(key, objects);
    }
    return objects;
  }

  #reportUnreadable(): void {
    if (this.#hasReported) return;
    this.#hasReported = true;
    this.#report(
      "A line of pino is no JSON object, so all of it is the body of its record: look for a hooks.streamWrite or formatters.level that changes lines",
    );
  }
}

function recordOf(
  line: PinoLine,
  parts: {
    readonly original: Shape;
    readonly attributes: Attributes;
    readonly attributeCountMax: number | undefined;
  },
): EmittedRecord {
  const { original, attributes, attributeCountMax = Number.POSITIVE_INFINITY } = parts;
  const keys = keysBeyond(attributes, attributeCountMax);
  return {
    severityNumber: original.severityNumber,
    severityText: original.severityText,
    eventName: original.eventName,
    body: line.body,
    attributes: keys === undefined ? attributes : pick(attributes, keys.slice(0, attributeCountMax)),
    droppedCount: keys === undefined ? 0 : keys.length - attributeCountMax,
    timestamp: line.timestamp,
    span: line.span,
    bound: undefined,
  };
}

/** The keys of attributes of which there are too many; undefined where there are not. */
function keysBeyond(attributes: Attributes, countMax: number): readonly string[] | undefined {
  const all = attributeKeys(attributes);
  if (all.length <= countMax) return undefined;
  const keys = all.filter((key) => attributes[key] !== undefined);
  return keys.length <= countMax ? undefined : keys;
}

function pick(attributes: Attributes, keys: readonly string[]): Attributes {
  return Object.fromEntries(keys.map((key) => [key, attributes[key]]));
}
