/** Our handlers in the logger provider of @opentelemetry/sdk-logs: each is a log record processor. */
// #region stock-provider
import { SeverityNumber } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { FemtoFileHandler } from "femtologging";

const provider = new LoggerProvider({
  processors: [new FemtoFileHandler({ path: "stock.jsonl" })],
});

provider.getLogger("shop.checkout").emit({
  severityNumber: SeverityNumber.INFO,
  severityText: "INFO",
  body: "Order 7 is paid",
  attributes: { orderId: 7 },
});
await provider.shutdown();
// #endregion
