/** Attributes of one call, of a logger, and of everything that runs inside a context. */
import { setImmediate } from "node:timers/promises";
import { basicConfig, getLogger, withContext } from "femtologging";

basicConfig({ level: "DEBUG", path: "attributes.jsonl" });

async function charge(amount: number): Promise<void> {
  await setImmediate();
  getLogger("shop.payment").info("Charging {amount}", { amount });
}

// #region attributes
const log = getLogger("shop.checkout");

log.info("Order {orderId} is paid", { orderId: 7, items: ["kite", "globe"] }); // more than the holes ask for
log.info("attempt %d of %d", 1, 3, { bank: "north" }); // positional; attributes may follow
log.debug("Cart {size}", () => ({ size: 2, cart: { kite: 1, globe: 1 } })); // called only if DEBUG is on
log.event("order.paid", { orderId: 7 }); // an OpenTelemetry event

const requestLog = log.with({ requestId: "r-17" }); // on every record of this logger
requestLog.info("Checking out");

await withContext({ tenant: "acme" }, async () => {
  await charge(12.5); // what it logs has the tenant, whichever logger it uses
});
// #endregion
