/** To an OpenTelemetry Collector, over HTTP. */
// #region otlp
import { FemtoOtlpHttpHandler, getLogger } from "femtologging";

// Where to: OTEL_EXPORTER_OTLP_ENDPOINT, else http://localhost:4318. Who we are: OTEL_SERVICE_NAME.
// The end of the process may wait 10 s for a collector that is slow.
getLogger().addHandler(new FemtoOtlpHttpHandler({ compression: "gzip", exitTimeoutMillis: 10_000 }));

getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });
// #endregion
