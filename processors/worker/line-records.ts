import type { FemtoLogRecord, FemtoMap } from "../../src/record/log-record.ts";
import { parsePinoLine, type PinoLine, type PinoLineFormat } from "../../src/record/pino-line.ts";
import { attributeKeys } from "../shape/emit-shapes.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { Shape } from "../shape/shape.ts";
import { readText } from "../shape/value-reader.ts";
import { readSpan, type RecordDecoder } from "./decoded-record.ts";
import { ObjectRecords } from "./object-record.ts";

/** Lengths of text values that systems have as their limit, told apart; further ones are not cut. */
const LIMITS_MAX = 16;

/**
 * Makes records of the lines that bridges put into a queue as they are, so that the thread which logs need not parse them. For
 * whoever reads records: a consumer, or what works on the thread that logs.
 */
export class LineRecords {
  readonly #decoder: RecordDecoder;
  readonly #report: (trouble: string) => void;
  readonly #formats = new WeakMap<Shape, PinoLineFormat>();
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
    const format = this.#formatOf(original.shape);
    const line = readText(original.bytes, original.view, original.valuesAt);
    const span = original.spanAt < 0 ? undefined : readSpan(original);
    const parsed = parsePinoLine(line, format, { span });
    if (!parsed.isParsed) this.#reportUnreadable();
    const { valueLengthMax } = format;
    return this.#objectsOf(valueLengthMax).read(this.#recordOf(parsed, { original, format }), original);
  }

  #recordOf(
    parsed: PinoLine,
    { original, format }: { readonly original: RecordCursor; readonly format: PinoLineFormat },
  ): FemtoLogRecord {
    const { body, span, timestamp } = parsed;
    const { severityNumber, severityText, scope } = original.shape;
    const observed = [original.observedSeconds, original.observedNanos] as [number, number];
    // Attributes of the context that the call was made in: they give way to those of the line.
    const scoped = this.#decoder.attributesOf(original);
    const attributes = { ...scoped, ...parsed.attributes };
    const keys = attributeKeys(attributes);
    const kept = keys.slice(0, format.attributeCountMax);
    return {
      hrTime: timestamp === undefined ? observed : [...timestamp],
      hrTimeObserved: observed,
      ...(span === undefined ? {} : { spanContext: span }),
      severityText,
      severityNumber,
      ...(body === undefined ? {} : { body: body as NonNullable<FemtoLogRecord["body"]> }),
      resource: this.#decoder.resourceOf(scope.resource),
      instrumentationScope: this.#decoder.scopeOf(scope),
      attributes: (kept.length === keys.length ? attributes : pick(attributes, kept)) as FemtoMap,
      droppedAttributesCount: keys.length - kept.length,
      threadId: original.threadId,
      loggerName: scope.name,
    };
  }

  #formatOf(shape: Shape): PinoLineFormat {
    let format = this.#formats.get(shape);
    if (format === undefined) {
      format = JSON.parse(shape.template) as PinoLineFormat;
      this.#formats.set(shape, format);
    }
    return format;
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

function pick(attributes: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  return Object.fromEntries(keys.map((key) => [key, attributes[key]]));
}
