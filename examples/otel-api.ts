/** The logger provider of the process: whoever logs by the OpenTelemetry API logs through femtologging. */
// #region otel-api
import { logs, SeverityNumber } from "@opentelemetry/api";
import { FemtoFileHandler, FemtoLoggerProvider } from "femtologging";

const provider = new FemtoLoggerProvider({ processors: [new FemtoFileHandler({ path: "api.jsonl" })] });
provider.register();

// Somewhere in a library, which knows nothing of us:
logs.getLogger("some.library", "1.2.3").emit({
  severityNumber: SeverityNumber.WARN,
  severityText: "WARN",
  body: "Cache is full",
  attributes: { entries: 1000 },
});

// In the application, the same way in our words:
provider.getLogger("shop").info("Order {orderId} is paid", { orderId: 7 });
// #endregion
