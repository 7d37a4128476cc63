/** A tracer, as an application has one: its spans follow a request through promises and callbacks. */
import { context, propagation, SpanKind, trace, type Span } from "@opentelemetry/api";
import { NodeSDK, type NodeSDKConfiguration } from "@opentelemetry/sdk-node";

type SpanProcessor = NonNullable<NodeSDKConfiguration["spanProcessors"]>[number];

/** Where a `BatchSpanProcessor` would send spans to a collector: here nobody wants them, only their ids. */
const forgetting: SpanProcessor = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** Makes the tracer that of the process. Once, before the first request. */
export function startTracing(): void {
  const none = { metricReaders: [], logRecordProcessors: [], instrumentations: [] };
  new NodeSDK({ ...none, autoDetectResources: false, spanProcessors: [forgetting] }).start();
}

/** Begins the span of a request: part of the caller's trace where a `traceparent` header names one. End it with the response. */
export function startRequestSpan(name: string, headers: object): Span {
  const caller = propagation.extract(context.active(), headers);
  return trace.getTracer("shop").startSpan(name, { kind: SpanKind.SERVER }, caller);
}

/** Runs `work` with the span as the active one. */
export function inSpan<T>(span: Span, work: () => T): T {
  return context.with(trace.setSpan(context.active(), span), work);
}
