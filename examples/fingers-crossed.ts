/** The details of a request, only where it went wrong. */
// #region fingers-crossed
import { basicConfig, flush, getLogger, withFingersCrossed } from "femtologging";

basicConfig({ level: "DEBUG", path: "requests.jsonl" });
const log = getLogger("shop");

async function handle(orderId: number): Promise<void> {
  await withFingersCrossed({ level: "ERROR" }, async () => {
    log.debug("Looking for order {orderId}", { orderId });
    await Promise.resolve();
    if (orderId === 2) log.error("Order {orderId} cannot be paid", { orderId });
  });
}

// Of three requests the second one's two records are in the file.
await Promise.all([handle(1), handle(2), handle(3)]);
await flush();
// #endregion
