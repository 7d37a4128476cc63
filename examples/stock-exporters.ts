/** Our exporters in the processors of @opentelemetry/sdk-logs: for applications that keep the stock SDK. */
// #region stock-exporters
import { SeverityNumber } from "@opentelemetry/api";
import { BatchLogRecordProcessor, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { FemtoRotatingFileExporter, FemtoStreamExporter } from "femtologging/exporters";

const file = new FemtoRotatingFileExporter({ path: "shop.jsonl", maxBytes: 10_000_000, backupCount: 5 });
const terminal = new FemtoStreamExporter({ stream: "stdout", format: "logfmt" });

const provider = new LoggerProvider({
  processors: [
    new BatchLogRecordProcessor({ exporter: file }),
    new SimpleLogRecordProcessor({ exporter: terminal }),
  ],
});

provider.getLogger("shop.checkout").emit({
  severityNumber: SeverityNumber.INFO,
  severityText: "INFO",
  body: "Order 7 is paid",
  attributes: { orderId: 7 },
});
await provider.shutdown();
// #endregion
