// An application, or a library in it, that knows OpenTelemetry's API and nothing of femtologging:
//     node --import femtologging/register examples/zero-code.mjs
// Where its records go say OTEL_LOGS_EXPORTER and the other OTEL_* variables, OTEL_CONFIG_FILE, or FEMTO_CONFIG.
import { logs, SeverityNumber } from "@opentelemetry/api";

// #region application
const logger = logs.getLogger("shop.checkout", "1.0.0");
logger.emit({
  severityNumber: SeverityNumber.INFO,
  body: "Order 7 is paid",
  attributes: { orderId: 7 },
});
// #endregion application
