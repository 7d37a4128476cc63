/** What femtologging counts of itself, as OpenTelemetry metrics. */
// #region metrics
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { basicConfig, getLogger, shutdown } from "femtologging";

const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
const meterProvider = new MeterProvider({ readers: [reader] });

basicConfig({ path: "app.jsonl", meterProvider });
getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });

// The loggers first: their last counts are in the last collection.
await shutdown();
await meterProvider.shutdown();
// #endregion
