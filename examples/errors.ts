/** What was thrown, with its type, message, stack and causes. */
import { basicConfig, getLogger } from "femtologging";

basicConfig({ path: "errors.jsonl" });
const log = getLogger("shop.payment");

function charge(orderId: number): void {
  try {
    JSON.parse("{ no json");
  } catch (cause) {
    throw new Error(`Order ${orderId} cannot be charged`, { cause });
  }
}

// #region errors
try {
  charge(7);
} catch (error) {
  log.exception(error, "Payment of order {orderId} failed", { orderId: 7 }); // ERROR, for whatever was thrown
  log.error(error); // the error's message becomes the text
  log.warn("Order {orderId} is tried again", error, { orderId: 7 }); // at any level
}
// #endregion
