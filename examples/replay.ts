/** Logs while there is no collector, and sends what was logged when there is one. */
// #region replay
import { FemtoOtlpFileHandler, getLogger, shutdown } from "femtologging";
import { replayOtlpFile } from "femtologging/exporters";

getLogger().addHandler(
  new FemtoOtlpFileHandler({
    path: "logs/app.jsonl",
    maxBytes: 50_000_000,
    backupCount: 20,
    compress: "zstd",
  }),
);
getLogger("shop").info("Order {orderId} is paid", { orderId: 7 });
await shutdown();

// To OTEL_EXPORTER_OTLP_ENDPOINT. Files that were put away are replayed in the same way, packed as they are.
const { isComplete, deliveredCount, rejectedCount, skippedLineCount, nextOffset, error } =
  await replayOtlpFile("logs/app.jsonl");
// #endregion
console.log({
  isComplete,
  deliveredCount,
  rejectedCount,
  skippedLineCount,
  isAtStart: nextOffset === 0,
  error,
});
