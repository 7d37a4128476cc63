/** What the records of a process say it is. */
import { createLogging, detectResource, FemtoOtlpFileHandler } from "femtologging";

// #region resource
const resource = detectResource({
  attributes: { "service.name": "shop", "service.version": "1.4.2" },
  detectors: [
    "host",
    "serviceinstance",
    // A detector of the OpenTelemetry SDK, or your own. The first export waits for it, 5 s at most; calls do not.
    { detect: () => ({ attributes: { "cloud.region": findRegion() } }) },
  ],
});
const logging = createLogging({
  resource,
  handlers: [new FemtoOtlpFileHandler({ path: "logs/shop.jsonl" })],
});
logging.getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });
// #endregion

async function findRegion(): Promise<string> {
  return Promise.resolve("north");
}

await logging.shutdown();
