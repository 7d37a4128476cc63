import { createContextKey, type Context } from "@opentelemetry/api";

/** The key by which @opentelemetry/core marks a context whose work is not to be traced: keys of one name are one symbol. */
const SUPPRESS_TRACING: symbol = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** The context, marked: instrumentations make no spans of an exporter's own requests. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}
