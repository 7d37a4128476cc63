/** Spans for a program without a tracing SDK: what is active, and the ids that records carry. */
import { randomBytes } from "node:crypto";
import { context, trace, TraceFlags, type SpanContext } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Makes the active span follow the program through its promises and callbacks. Once a process. */
export function enableTracing(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

/** Runs `work` in a new span, a child of the active one, and of that of the caller where a `traceparent` header names it. */
export function inSpan<T>(work: () => T, traceparent?: string): T {
  const parent = remoteSpan(traceparent) ?? trace.getActiveSpan()?.spanContext();
  const span = trace.wrapSpanContext({
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    traceFlags: parent?.traceFlags ?? TraceFlags.SAMPLED,
  });
  return context.with(trace.setSpan(context.active(), span), work);
}

/** @see W3C Trace Context, traceparent header */
function remoteSpan(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
