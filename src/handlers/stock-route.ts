import { context } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import { EncodedRecordReader } from "../../processors/batch/encoded-record.ts";
import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import { RecordDecoder } from "../../processors/worker/decoded-record.ts";
import { reportTrouble } from "../diagnostics.ts";
import type { RecordRoute } from "../logger/ports.ts";
import type { FemtoLogRecord } from "../record/log-record.ts";

type Attributes = Record<string, unknown>;

/** A record that processors may change, as those of the stock SDK are. */
class WritableRecord {
  readonly hrTime: FemtoLogRecord["hrTime"];
  readonly hrTimeObserved: FemtoLogRecord["hrTimeObserved"];
  readonly spanContext: FemtoLogRecord["spanContext"];
  readonly resource: FemtoLogRecord["resource"];
  readonly instrumentationScope: FemtoLogRecord["instrumentationScope"];
  readonly attributes: Attributes;
  severityText: string | undefined;
  severityNumber: number | undefined;
  body: unknown;
  eventName: string | undefined;
  droppedAttributesCount: number;

  constructor(record: FemtoLogRecord) {
    this.hrTime = record.hrTime;
    this.hrTimeObserved = record.hrTimeObserved;
    this.spanContext = record.spanContext;
    this.resource = record.resource;
    this.instrumentationScope = record.instrumentationScope;
    this.attributes = { ...record.attributes };
    this.severityText = record.severityText;
    this.severityNumber = record.severityNumber;
    this.body = record.body;
    this.eventName = record.eventName;
    this.droppedAttributesCount = record.droppedAttributesCount;
  }

  setAttribute(key: string, value?: unknown): this {
    if (value !== undefined) this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
    return this;
  }

  setBody(body: unknown): this {
    this.body = body;
    return this;
  }

  setEventName(eventName: string): this {
    this.eventName = eventName;
    return this;
  }

  setSeverityNumber(severityNumber: number): this {
    this.severityNumber = severityNumber;
    return this;
  }

  setSeverityText(severityText: string): this {
    this.severityText = severityText;
    return this;
  }
}

/**
 * The way of records to processors that are not all ours: each gets the record, in their order, on the calling thread, and may
 * change it for those after it. What a processor throws harms neither the others nor the caller.
 */
export class StockRoute implements RecordRoute {
  readonly isEmpty: boolean;
  readonly #processors: readonly LogRecordProcessor[];
  readonly #reader = new EncodedRecordReader(threadRecorder());
  readonly #decoder = new RecordDecoder();

  constructor(processors: readonly LogRecordProcessor[]) {
    this.#processors = processors;
    this.isEmpty = processors.length === 0;
  }

  takes(severity: number): boolean {
    return this.#processors.some((processor) => this.#isEnabled(processor, severity));
  }

  publish(encoder: RecordEncoder): void {
    const cursor = this.#reader.read(encoder);
    const record = new WritableRecord(this.#decoder.decode(cursor)) as unknown as ReadWriteLogRecord;
    for (const processor of this.#processors) {
      try {
        processor.onEmit(record, context.active());
      } catch (error) {
        reportTrouble("processor", `A log record processor threw: ${String(error)}`);
      }
    }
  }

  countTooLarge(): void {
    reportTrouble("too_large", "A record is larger than 16 MiB: it is dropped");
  }

  #isEnabled(processor: LogRecordProcessor, severity: number): boolean {
    if (processor.enabled === undefined) return true;
    const instrumentationScope = { name: "" };
    return processor.enabled({
      context: context.active(),
      instrumentationScope,
      ...(severity === 0 ? {} : { severityNumber: severity }),
    });
  }
}
