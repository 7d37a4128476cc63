/** Spans of OpenTelemetry as records: when they start and end, and what happened in them. */
import { basicConfig, getLogger, shutdown } from "femtologging";
import { FemtoSpanProcessor } from "femtologging/bridges";
import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

// #region spans
basicConfig({ path: "app.jsonl" });
getLogger("spans").setLevel("DEBUG"); // starts and ends are DEBUG
const sdk = new NodeSDK({ spanProcessors: [new FemtoSpanProcessor()], instrumentations: [] });
sdk.start();

trace.getTracer("shop").startActiveSpan("charge", (span) => {
  span.addEvent("card.read", { brand: "north" });
  span.end(); // "Span ended: charge", with span.duration_ms
});
// #endregion

await sdk.shutdown();
await shutdown();
