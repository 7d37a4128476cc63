import { context, ROOT_CONTEXT, trace, type SpanContext } from "@opentelemetry/api";
import type { BoundAttributes } from "../../processors/shape/bound-attributes.ts";
import { epochMillis } from "../../processors/shape/clock.ts";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import {
  limitKeys,
  type EmitShapes,
  writeShapeHead,
  writeSpan,
  type EmittedRecord,
} from "../../processors/shape/emit-shapes.ts";
import { FLAG_EXTRAS } from "../../processors/shape/frame.ts";
import { readProperty } from "../../processors/shape/object-encoder.ts";
import type { KnownShape, ShapeFamily } from "../../processors/shape/shape-family.ts";
import { RECORD_TOO_LARGE, type EncoderLimits } from "../../processors/shape/value-writer.ts";
import type { CallTemplate, LevelCalls } from "./call-shapes.ts";
import { contextAttributes } from "./context.ts";
import type { CreatedCell, RecordPort, RecordRoute } from "./ports.ts";
import { sortCall, type SortedCall } from "./sorted-call.ts";

const INVALID_TRACE = "00000000000000000000000000000000";
const INVALID_SPAN = "0000000000000000";

/** What a record takes from its logger beside the call. */
export interface CallPlace {
  readonly calls: LevelCalls;
  readonly emitShapes: EmitShapes;
  readonly bound: BoundAttributes | undefined;
  readonly route: RecordRoute;
  /** The table's generation that this is true of. */
  readonly generation: number;
}

/** The active span's ids; undefined outside of a valid span. */
export function activeSpan(): SpanContext | undefined {
  const active = context.active();
  if (active === ROOT_CONTEXT) return undefined;
  const span = trace.getSpanContext(active);
  if (span === undefined || span.traceId === INVALID_TRACE || span.spanId === INVALID_SPAN) return undefined;
  return span.traceId.length === 32 && span.spanId.length === 16 ? span : undefined;
}

/**
 * Turns calls into records and sends them on their way. One a system and thread. Never throws: what goes wrong in a
 * value becomes a marked text in its place.
 */
export class CallEncoder {
  readonly #port: RecordPort;
  readonly #limits: EncoderLimits;
  readonly #onTrouble: (error: unknown) => void;
  // The count of records, taken apart: every call adds to it.
  #created: Float64Array;
  #createdAt: number;

  constructor(
    port: RecordPort,
    parts: {
      readonly limits: EncoderLimits;
      readonly created: CreatedCell;
      readonly onTrouble: (error: unknown) => void;
    },
  ) {
    this.#created = parts.created.counts;
    this.#createdAt = parts.created.index;
    this.#port = port;
    this.#limits = parts.limits;
    this.#onTrouble = parts.onTrouble;
  }

  /**
   * A call of a template with nothing, or one object of attributes: most calls. Takes the short way where the keys are
   * those of the call before, and the long way otherwise.
   */
  logTemplate(
    place: CallPlace,
    text: string,
    attributes: Readonly<Record<string, unknown>> | undefined,
  ): void {
    const port = this.#port;
    const encoder = port.acquire();
    this.#countCreated();
    try {
      encoder.begin(this.#limits);
      const template = place.calls.template(text);
      if (template.holeCount > 0) {
        const values = attributes === undefined ? [text] : [text, attributes];
        this.#encodeSorted(encoder, place, { call: sortCall(values, () => template.holeCount), template });
        return;
      }
      const span = activeSpan();
      const flags = span === undefined ? 0 : writeSpan(encoder, span);
      const valuesAt = encoder.at;
      const shape =
        attributes === undefined
          ? template.family.keyless()
          : this.#tryKeys(encoder, template.family.last, attributes);
      const isCrowded = shape !== undefined && this.#isCrowded(place, shape);
      if (isCrowded) encoder.at = valuesAt;
      if (shape !== undefined && shape.id !== 0 && !isCrowded)
        this.#finishKnown(encoder, place, shape, flags);
      else
        this.#encodeKeyed(encoder, place, {
          family: template.family,
          flags,
          positional: NOTHING,
          attributes: attributes ?? {},
        });
    } catch (error) {
      this.#failed(place, error);
    } finally {
      port.release();
    }
  }

  /** Any other call. */
  logSorted(place: CallPlace, values: readonly unknown[]): void {
    const encoder = this.#port.acquire();
    this.#countCreated();
    try {
      encoder.begin(this.#limits);
      const call = sortCall(values, (text) => place.calls.holeCount(text));
      const template = call.template === undefined ? undefined : place.calls.template(call.template);
      this.#encodeSorted(encoder, place, { call, template });
    } catch (error) {
      this.#failed(place, error);
    } finally {
      this.#port.release();
    }
  }

  /** A record with a body of its own: `emit` of the OpenTelemetry API, events, bridges. */
  emit(
    place: Omit<CallPlace, "calls">,
    record: Omit<EmittedRecord, "bound">,
    observedMillis: number = epochMillis(),
  ): void {
    const encoder = this.#port.acquire();
    const severity = record.severityNumber;
    this.#countCreated();
    try {
      encoder.begin(this.#limits);
      const bound = this.#boundOf(place.bound);
      const shapeAndFlags = place.emitShapes.encode(encoder, { ...record, bound });
      place.route.publish(encoder, encoder.finish(shapeAndFlags, observedMillis), severity);
    } catch (error) {
      if (error === RECORD_TOO_LARGE) place.route.countTooLarge(severity);
      else this.#onTrouble(error);
    } finally {
      this.#port.release();
    }
  }

  /** Counts a record that a logger was given, and does not make. */
  countUnmade(): void {
    this.#countCreated();
  }

  /** Counts in another cell from now on, with what this thread has counted so far. */
  countIn({ counts, index }: CreatedCell): void {
    if (counts === this.#created) return;
    counts[index] = (counts[index] as number) + (this.#created[this.#createdAt] as number);
    this.#created = counts;
    this.#createdAt = index;
  }

  #countCreated(): void {
    this.#created[this.#createdAt] = (this.#created[this.#createdAt] as number) + 1;
  }

  /** Writes the values if the object has exactly the keys of `shape`, in order; forgets them otherwise. */
  #tryKeys(
    encoder: RecordEncoder,
    shape: KnownShape,
    attributes: Readonly<Record<string, unknown>>,
  ): KnownShape | undefined {
    const from = encoder.at;
    const keys = shape.keys;
    let index = 0;
    try {
      for (const key in attributes) {
        if (key !== keys[index]) {
          encoder.at = from;
          return undefined;
        }
        encoder.value(attributes[key]);
        index++;
      }
    } catch (error) {
      encoder.at = from;
      if (error === RECORD_TOO_LARGE) throw error;
      return undefined;
    }
    // A shape without an id goes the long way, with its definition before the values.
    if (index === keys.length && shape.id !== 0) return shape;
    encoder.at = from;
    return undefined;
  }

  #encodeSorted(
    encoder: RecordEncoder,
    place: CallPlace,
    sorted: { readonly call: SortedCall; readonly template: CallTemplate | undefined },
  ): void {
    const { calls } = place;
    const { call, template } = sorted;
    const span = activeSpan();
    if (template === undefined) {
      const record = {
        severityNumber: calls.severity,
        severityText: calls.severityText,
        eventName: undefined,
        body: call.body,
        attributes: call.attributes,
        droppedCount: 0,
        timestamp: undefined,
        span,
        bound: this.#boundOf(place.bound),
      };
      const shapeAndFlags = place.emitShapes.encode(encoder, record);
      place.route.publish(encoder, encoder.finish(shapeAndFlags, epochMillis()), calls.severity);
      return;
    }
    const flags = span === undefined ? 0 : writeSpan(encoder, span);
    const family = calls.family(template, call.positional.length);
    this.#encodeKeyed(encoder, place, {
      family,
      flags,
      positional: call.positional,
      attributes: call.attributes,
    });
  }

  /** True where bound attributes must be left out for the sake of the limit: rare, so the short way only looks. */
  #isCrowded(place: CallPlace, shape: KnownShape): boolean {
    const bound = this.#boundOf(place.bound);
    return bound !== undefined && bound.count + shape.keys.length > this.#limits.attributeCountMax;
  }

  /** The long way: finds or makes the shape by the keys. */
  #encodeKeyed(
    encoder: RecordEncoder,
    place: CallPlace,
    call: {
      readonly family: ShapeFamily;
      readonly flags: number;
      readonly positional: readonly unknown[];
      readonly attributes: Readonly<Record<string, unknown>>;
    },
  ): void {
    const bound = this.#boundOf(place.bound);
    const countMax = this.#limits.attributeCountMax;
    const keys = limitKeys(call.attributes, { countMax, besideCount: bound?.count ?? 0 });
    const { kept } = keys;
    const found = call.family.find(kept);
    const shape = found ?? call.family.keyless();
    const fitted = bound?.fit(kept, keys.room);
    const droppedCount = keys.droppedCount + (fitted?.droppedCount ?? 0);
    const head = { shape, droppedCount, dictionary: this.#port.dictionary };
    const flags = call.flags | writeShapeHead(encoder, head);
    for (const value of call.positional) encoder.whole(value);
    const attributes = call.attributes as Record<string, unknown>;
    for (const key of shape.keys) encoder.value(readProperty(attributes, key));
    const free = found === undefined ? kept : NO_KEYS;
    this.#finish(encoder, place, { shape, flags, free, attributes, bound: fitted?.bound });
  }

  // Four parameters, not an object: this is on the way of nearly every record.
  #finishKnown(encoder: RecordEncoder, place: CallPlace, shape: KnownShape, flags: number): void {
    const bound = this.#boundOf(place.bound);
    let shapeAndFlags = shape.id | flags;
    if (bound !== undefined) {
      shapeAndFlags |= FLAG_EXTRAS;
      encoder.ensure(4);
      const countAt = encoder.at;
      encoder.at += 4;
      encoder.view.setUint32(countAt, bound.write(encoder, shape), true);
    }
    place.route.publish(encoder, encoder.finish(shapeAndFlags, epochMillis()), place.calls.severity);
  }

  #finish(
    encoder: RecordEncoder,
    place: CallPlace,
    call: {
      readonly shape: KnownShape;
      readonly flags: number;
      readonly free: readonly string[];
      readonly attributes: Record<string, unknown>;
      readonly bound: BoundAttributes | undefined;
    },
  ): void {
    let { flags } = call;
    if (call.bound !== undefined || call.free.length > 0) {
      flags |= FLAG_EXTRAS;
      this.#writeExtras(encoder, call);
    }
    const { severity } = place.calls;
    place.route.publish(encoder, encoder.finish(call.shape.id | flags, epochMillis()), severity);
  }

  #writeExtras(
    encoder: RecordEncoder,
    parts: {
      readonly bound: BoundAttributes | undefined;
      readonly free: readonly string[];
      readonly shape: KnownShape;
      readonly attributes: Record<string, unknown>;
    },
  ): void {
    const { bound, free, shape } = parts;
    encoder.ensure(4);
    const countAt = encoder.at;
    encoder.at += 4;
    let count = 0;
    for (const key of free) {
      encoder.text(key);
      encoder.value(readProperty(parts.attributes, key));
      count++;
    }
    if (bound !== undefined) {
      count +=
        free.length === 0
          ? bound.write(encoder, shape)
          : bound.writeExcept(encoder, (key) => free.includes(key));
    }
    encoder.view.setUint32(countAt, count, true);
  }

  #boundOf(bound: BoundAttributes | undefined): BoundAttributes | undefined {
    const scoped = contextAttributes();
    if (scoped === undefined) return bound;
    return bound === undefined ? scoped : bound.over(scoped);
  }

  #failed(place: CallPlace, error: unknown): void {
    if (error === RECORD_TOO_LARGE) place.route.countTooLarge(place.calls.severity);
    else this.#onTrouble(error);
  }
}

const NOTHING: readonly unknown[] = [];
const NO_KEYS: readonly string[] = [];
