import { context, type Context } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import { EncodedRecordReader } from "../../processors/batch/encoded-record.ts";
import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import { messageOf } from "../../processors/shape/object-encoder.ts";
import { RecordDecoder } from "../../processors/worker/decoded-record.ts";
import { reportTrouble } from "../diagnostics.ts";
import { runOwnWork } from "../own-work.ts";
import type { RecordQuestion, RecordRoute } from "../logger/ports.ts";
import { WritableRecord } from "./writable-record.ts";

/** A processor that logs what it is given would never come to an end. */
const DEPTH_MAX = 8;

/** What a stock route is made of. */
export interface StockRouteParts {
  readonly processors: readonly LogRecordProcessor[];
  /** The resource of the records, where it is one of the SDK: exporters wait for its asynchronous attributes themselves. */
  readonly resource: object | undefined;
  /** Attributes a record may have, those that processors add included. */
  readonly attributeCountMax: number;
}

/**
 * The way of records to processors that are not all ours: each gets the record, in their order, on the calling thread, and may
 * change it for those after it. What a processor throws harms neither the others nor the caller. Then the record goes to
 * the handlers of its logger, as it was made.
 */
export class StockRoute implements RecordRoute {
  readonly isEmpty = false;
  readonly #stage: Stage;
  readonly #handlers: RecordRoute | undefined;
  readonly #context: Context | undefined;

  /** @param way The handlers of the logger, and the context of the record where it is not the active one. */
  constructor(
    parts: StockRouteParts | Stage,
    way: { readonly handlers?: RecordRoute; readonly context?: Context } = {},
  ) {
    this.#stage = parts instanceof Stage ? parts : new Stage(parts);
    this.#handlers = way.handlers;
    this.#context = way.context;
  }

  /** The same processors, and then these handlers. */
  before(handlers: RecordRoute): StockRoute {
    return handlers.isEmpty ? this : new StockRoute(this.#stage, { handlers });
  }

  inContext(active: Context): StockRoute {
    const handlers = this.#handlers;
    return new StockRoute(this.#stage, { ...(handlers === undefined ? {} : { handlers }), context: active });
  }

  takes(severity: number, asked?: RecordQuestion): boolean {
    const isTaken = this.#stage.takes(severity, { ...asked, context: asked?.context ?? this.#context });
    return isTaken || this.#handlers?.takes(severity) === true;
  }

  publish(encoder: RecordEncoder, byteCount: number, severity: number): void {
    this.#stage.process(encoder, this.#context ?? context.active());
    this.#handlers?.publish(encoder, byteCount, severity);
  }

  countTooLarge(severity: number): void {
    reportTrouble("too_large", "A record is larger than 16 MiB: it is dropped");
    this.#handlers?.countTooLarge(severity);
  }
}

/** The processors at work. */
class Stage {
  readonly #parts: StockRouteParts;
  readonly #reader = new EncodedRecordReader(threadRecorder());
  readonly #decoder = new RecordDecoder();
  #depth = 0;

  constructor(parts: StockRouteParts) {
    this.#parts = parts;
  }

  process(encoder: RecordEncoder, active: Context): void {
    if (this.#depth === DEPTH_MAX) {
      reportTrouble(
        "processor",
        "A log record processor logs while it is given a record, again and again: the record is dropped",
      );
      return;
    }
    this.#depth++;
    try {
      this.#emit(new WritableRecord(this.#decoder.decode(this.#reader.read(encoder)), this.#parts), active);
    } finally {
      this.#depth--;
    }
  }

  /** Each processor gets a question of its own: what it does to it is not seen by the others. */
  takes(severity: number, asked: Partial<RecordQuestion>): boolean {
    return this.#parts.processors.some((processor) => isEnabled(processor, questionOf(severity, asked)));
  }

  #emit(record: WritableRecord, active: Context): void {
    for (const processor of this.#parts.processors) {
      try {
        runOwnWork(() => processor.onEmit(record as unknown as ReadWriteLogRecord, active));
      } catch (error) {
        reportTrouble("processor", `A log record processor threw: ${messageOf(error)}`);
      }
    }
  }
}

type Question = Parameters<NonNullable<LogRecordProcessor["enabled"]>>[0];

function questionOf(severity: number, asked: Partial<RecordQuestion>): Question {
  const { scope = { name: "" }, eventName } = asked;
  return {
    context: asked.context ?? context.active(),
    instrumentationScope: scopeOf(scope),
    ...(severity === 0 ? {} : { severityNumber: severity }),
    ...(eventName === undefined ? {} : { eventName }),
  };
}

/** What a processor answers. One that throws gets the record. */
function isEnabled(processor: LogRecordProcessor, question: Question): boolean {
  try {
    return processor.enabled === undefined || processor.enabled(question);
  } catch (error) {
    reportTrouble("processor", `A log record processor threw: ${messageOf(error)}`);
    return true;
  }
}

/** The scope as the SDK shows it: without what it has not. */
function scopeOf({
  name,
  version,
  schemaUrl,
  attributes,
}: RecordQuestion["scope"]): Question["instrumentationScope"] {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(schemaUrl === undefined ? {} : { schemaUrl }),
    ...(attributes === undefined ? {} : { attributes: { ...attributes } }),
  };
}
