/** To an OpenTelemetry Collector, through files: an outage or a crash loses nothing. */
// #region persistent-queue
import { FemtoOtlpHttpHandler, getLogger } from "femtologging";

getLogger().addHandler(
  new FemtoOtlpHttpHandler({ persistentQueue: { directory: process.env["QUEUE_DIRECTORY"] ?? "queue" } }),
);

getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });
// #endregion
