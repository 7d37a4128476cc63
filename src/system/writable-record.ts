import type { ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import { setOwn, type ReadValue } from "../../processors/shape/value-reader.ts";
import type { FemtoLogRecord } from "../record/log-record.ts";

type Attributes = Record<string, unknown>;

/** A record that processors may change, as those of the stock SDK are. */
export class WritableRecord implements Omit<ReadWriteLogRecord, "resource" | "instrumentationScope"> {
  hrTime: [number, number];
  hrTimeObserved: [number, number];
  readonly resource: unknown;
  readonly instrumentationScope: FemtoLogRecord["instrumentationScope"];
  readonly attributes: Attributes;
  spanContext?: NonNullable<FemtoLogRecord["spanContext"]>;
  severityNumber?: number;
  severityText?: string;
  body?: unknown;
  eventName?: string;
  droppedAttributesCount: number;
  readonly #attributeCountMax: number;

  /** @param parts The resource to show in place of the record's, where there is one; and how many attributes there may be. */
  constructor(
    record: FemtoLogRecord,
    parts: { readonly resource: object | undefined; readonly attributeCountMax: number },
  ) {
    this.hrTime = record.hrTime;
    this.hrTimeObserved = record.hrTimeObserved;
    this.resource = parts.resource ?? record.resource;
    this.instrumentationScope = record.instrumentationScope;
    this.attributes = { ...record.attributes };
    this.droppedAttributesCount = record.droppedAttributesCount;
    this.#attributeCountMax = parts.attributeCountMax;
    if (record.spanContext !== undefined) this.spanContext = record.spanContext;
    if (record.severityNumber !== undefined) this.severityNumber = record.severityNumber;
    if (record.severityText !== undefined) this.severityText = record.severityText;
    if (record.body !== undefined) this.body = record.body;
    if (record.eventName !== undefined) this.eventName = record.eventName;
  }

  /** Sets an attribute; `undefined` sets none. One more than the limit of attributes is counted as dropped. */
  setAttribute(key: string, value?: unknown): ReadWriteLogRecord {
    if (value === undefined) return this.#self;
    const isNew = !Object.hasOwn(this.attributes, key);
    if (isNew && Object.keys(this.attributes).length >= this.#attributeCountMax)
      this.droppedAttributesCount++;
    else setOwn(this.attributes as Record<string, ReadValue>, key, value as ReadValue);
    return this.#self;
  }

  setAttributes(attributes: Attributes): ReadWriteLogRecord {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
    return this.#self;
  }

  setBody(body: unknown): ReadWriteLogRecord {
    this.body = body;
    return this.#self;
  }

  setEventName(eventName: string): ReadWriteLogRecord {
    this.eventName = eventName;
    return this.#self;
  }

  setSeverityNumber(severityNumber: number): ReadWriteLogRecord {
    this.severityNumber = severityNumber;
    return this.#self;
  }

  setSeverityText(severityText: string): ReadWriteLogRecord {
    this.severityText = severityText;
    return this.#self;
  }

  /** What of a `Resource` of the SDK a record has is what exporters read. */
  get #self(): ReadWriteLogRecord {
    return this as unknown as ReadWriteLogRecord;
  }
}
