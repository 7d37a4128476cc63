import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type HrTime,
  type SpanContext,
  type SpanStatus,
} from "@opentelemetry/api";
import type { FemtoLogger } from "../../logger/logger.ts";
import { SPAN_PROCESSOR_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf, ResolvedOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { LEVELS, severityName, type Level } from "../../record/severity.ts";
import { bridgeLogger, flushBridge } from "../bridge-loggers.ts";
import { makeRecord } from "../make-record.ts";

/** Options of `FemtoSpanProcessor`; CONFIG.md describes each. */
export type SpanProcessorOptions = OptionsOf<typeof SPAN_PROCESSOR_OPTIONS>;

/** An event of a span, as the OpenTelemetry SDK shows it. */
export interface LoggedSpanEvent {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: Attributes;
}

/** What is read of a span: the OpenTelemetry SDK, from version 2 on, gives more. */
export interface LoggedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanContext: () => SpanContext;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly events: readonly LoggedSpanEvent[];
  readonly droppedEventsCount: number;
  readonly instrumentationScope: { readonly name: string };
}

interface SpanRecord {
  readonly severity: number;
  readonly eventName: string;
  readonly body: string;
  readonly time: HrTime;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const SOURCE = "a span";
const OFF = 25;
const EXCEPTION = "exception";
const OUTCOMES: Readonly<Record<SpanStatusCode, string>> = {
  [SpanStatusCode.UNSET]: "unset",
  [SpanStatusCode.OK]: "ok",
  [SpanStatusCode.ERROR]: "error",
};

/**
 * A span processor of the OpenTelemetry SDK that makes records of spans: of their start, of their end with the duration, and of their events. Each has the ids
 * of its span and the time at which it happened. Spans that failed, and exceptions, are ERROR. Give it to the tracer provider beside those that export spans.
 * Thread: that of the tracer.
 */
export class FemtoSpanProcessor {
  readonly #options: ResolvedOf<typeof SPAN_PROCESSOR_OPTIONS>;
  readonly #logger: FemtoLogger;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: SpanProcessorOptions = {}) {
    this.#options = resolveOptions(SPAN_PROCESSOR_OPTIONS, options, {
      action: "create",
      subject: "FemtoSpanProcessor",
    });
    this.#logger = bridgeLogger(this.#options);
  }

  /** Makes a record of the start. Never throws. */
  onStart(span: LoggedSpan, _parentContext?: Context): void {
    makeRecord(SOURCE, () => this.#onStart(span));
  }

  /** Makes records of the events, and of the end. Never throws. */
  onEnd(span: LoggedSpan): void {
    makeRecord(SOURCE, () => this.#onEnd(span));
  }

  /** Resolves when the records are delivered. @throws {FlushTimeoutError | AggregateError} The time was over first. */
  forceFlush(): Promise<void> {
    return flushBridge(this.#options);
  }

  /** The same: the handlers go on working for others. @throws {FlushTimeoutError | AggregateError} */
  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  #onStart(span: LoggedSpan): void {
    const { startLevel } = this.#options;
    if (!this.#wants(startLevel)) return;
    this.#emit(span, {
      severity: startLevel,
      eventName: "span.start",
      body: `Span started: ${span.name}`,
      time: span.startTime,
      attributes: { ...span.attributes, ...factsOf(span) },
    });
  }

  #onEnd(span: LoggedSpan): void {
    for (const event of span.events) this.#onEvent(span, event);
    const isFailed = span.status.code === SpanStatusCode.ERROR;
    const severity = isFailed ? LEVELS.ERROR : this.#options.endLevel;
    if (!this.#wants(severity)) return;
    this.#emit(span, {
      severity,
      eventName: "span.end",
      body: `${isFailed ? "Span failed" : "Span ended"}: ${span.name}`,
      time: span.endTime,
      attributes: { ...span.attributes, ...factsOf(span), ...outcomeOf(span) },
    });
  }

  #onEvent(span: LoggedSpan, event: LoggedSpanEvent): void {
    const isException = event.name === EXCEPTION;
    const severity = isException ? LEVELS.ERROR : this.#options.eventLevel;
    if (!this.#wants(severity)) return;
    const { name, time, attributes } = event;
    const message = attributes?.["exception.message"];
    this.#emit(span, {
      severity,
      eventName: name,
      body: isException && typeof message === "string" ? message : name,
      time,
      attributes: { ...attributes, "span.name": span.name },
    });
  }

  #wants(severity: number): boolean {
    return severity > 0 && severity < OFF && this.#logger.isEnabledFor(severity as Level);
  }

  #emit(span: LoggedSpan, { severity, eventName, body, time, attributes }: SpanRecord): void {
    this.#logger.emit({
      severityNumber: severity,
      severityText: severityName(severity),
      eventName,
      body,
      timestamp: time,
      attributes,
      context: trace.setSpanContext(ROOT_CONTEXT, span.spanContext()),
    });
  }
}

/** What identifies a span; attributes of the span cannot hide it. */
function factsOf(span: LoggedSpan): Readonly<Record<string, unknown>> {
  const { name, kind, parentSpanContext, instrumentationScope } = span;
  return {
    "span.name": name,
    "span.kind": SpanKind[kind].toLowerCase(),
    ...(parentSpanContext === undefined ? {} : { "span.parent_id": parentSpanContext.spanId }),
    "otel.scope.name": instrumentationScope.name,
  };
}

function outcomeOf({ duration, status, droppedEventsCount }: LoggedSpan): Readonly<Record<string, unknown>> {
  const [seconds, nanos] = duration;
  return {
    "span.duration_ms": seconds * 1000 + nanos / 1e6,
    "otel.status_code": OUTCOMES[status.code],
    ...(status.message === undefined ? {} : { "otel.status_description": status.message }),
    ...(droppedEventsCount === 0 ? {} : { "span.dropped_events": droppedEventsCount }),
  };
}
