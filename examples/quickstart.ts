/** The shortest program that logs: to stderr, readable on a terminal, JSON lines everywhere else. */
// #region quickstart
import { basicConfig, getLogger } from "femtologging";

basicConfig({ level: "INFO" });
const log = getLogger("shop.checkout");

log.info("Order {orderId} took {ms} ms", { orderId: 7, ms: 12.5 });
log.warn("Only {left} of {sku} left", { left: 2, sku: "kite", shelf: "B4" });
log.debug("never made: the level is INFO");
// #endregion
