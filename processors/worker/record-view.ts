import type { SpanContext } from "@opentelemetry/api";
import type { AttributeFinder } from "../../src/filters/rules/filter-rule.ts";
import type { RecordSight } from "../../src/filters/rules/filter-chain.ts";
import type { FemtoLogRecord, FemtoMap, FemtoScope, FemtoValue } from "../../src/record/log-record.ts";
import type { ResourceLike } from "../../src/record/resource.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import { readText, readValue, skipValue } from "../shape/value-reader.ts";
import { ABSENT } from "../shape/value-tag.ts";
import { readSpan, type RecordDecoder } from "./decoded-record.ts";

/**
 * A record as filters see it: each field is decoded when it is asked for. Reused from record to record; what it says is true of the
 * record that was looked at last, while its cursor is.
 */
export class RecordView implements AttributeFinder {
  readonly #decoder: RecordDecoder;
  #cursor!: RecordCursor;
  #whole: FemtoLogRecord | undefined;

  constructor(decoder: RecordDecoder) {
    this.#decoder = decoder;
  }

  look(cursor: RecordCursor): RecordSight {
    this.#cursor = cursor;
    this.#whole = undefined;
    // Getters that give undefined stand for fields that are not there.
    return this as unknown as RecordSight;
  }

  /** All of it, shared with nothing. Frozen: filters answer with another record, they do not change this one. */
  get whole(): FemtoLogRecord {
    if (this.#whole === undefined) {
      const whole = this.#decoder.decode(this.#cursor);
      Object.freeze(whole.attributes);
      Object.freeze(whole.instrumentationScope);
      this.#whole = Object.freeze(whole);
    }
    return this.#whole;
  }

  get hrTime(): [number, number] {
    return [this.#cursor.timeSeconds, this.#cursor.timeNanos];
  }

  get hrTimeObserved(): [number, number] {
    return [this.#cursor.observedSeconds, this.#cursor.observedNanos];
  }

  get spanContext(): SpanContext | undefined {
    return this.#cursor.spanAt < 0 ? undefined : readSpan(this.#cursor);
  }

  get severityText(): string | undefined {
    const { severityText } = this.#cursor.shape;
    return severityText === "" ? undefined : severityText;
  }

  get severityNumber(): number | undefined {
    const { severityNumber } = this.#cursor.shape;
    return severityNumber === 0 ? undefined : severityNumber;
  }

  get body(): FemtoValue | undefined {
    return this.#whole === undefined ? this.#decoder.bodyOf(this.#cursor) : this.#whole.body;
  }

  get eventName(): string | undefined {
    return this.#cursor.shape.eventName;
  }

  get template(): string | undefined {
    const { template } = this.#cursor.shape;
    return template === "" ? undefined : template;
  }

  get resource(): ResourceLike {
    return this.#decoder.resourceOf(this.#cursor.shape.scope.resource);
  }

  get instrumentationScope(): FemtoScope {
    return this.#decoder.scopeOf(this.#cursor.shape.scope);
  }

  get attributes(): FemtoMap {
    return this.#whole === undefined ? this.#decoder.attributesOf(this.#cursor) : this.#whole.attributes;
  }

  get droppedAttributesCount(): number {
    return this.#cursor.droppedCount;
  }

  get threadId(): number {
    return this.#cursor.threadId;
  }

  get loggerName(): string {
    return this.#cursor.shape.scope.name;
  }

  findAttribute(key: string): FemtoValue | undefined {
    const { bytes, view, shape } = this.#cursor;
    const extraAt = this.#cursor.hasExtras ? this.#findExtra(key) : -1;
    if (extraAt >= 0) return readValue(bytes, view, extraAt) as FemtoValue;
    const index = shape.keys.indexOf(key);
    if (index < 0) return undefined;
    return readValue(bytes, view, this.#cursor.valueAt(shape.argumentCount + index)) as
      | FemtoValue
      | undefined;
  }

  /** Where the value of an attribute stands that the shape does not know; of two with one key the last, as when decoded. */
  #findExtra(key: string): number {
    const { bytes, view } = this.#cursor;
    let at = this.#cursor.extrasAt();
    const count = view.getUint32(at, true);
    at += 4;
    let foundAt = -1;
    for (let i = 0; i < count; i++) {
      const valueAt = skipValue(view, at);
      if (view.getUint8(valueAt) !== ABSENT && readText(bytes, view, at) === key) foundAt = valueAt;
      at = skipValue(view, valueAt);
    }
    return foundAt;
  }
}
