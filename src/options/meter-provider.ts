import type { MeterProvider } from "@opentelemetry/api";

/** Whether a value can be asked for meters. */
export function isMeterProvider(value: unknown): value is MeterProvider {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { readonly getMeter?: unknown }).getMeter === "function"
  );
}
