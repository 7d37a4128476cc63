/** An application that logs by pino: two lines are new, its calls stay as they are. */
// #region pino-swap
import { basicConfig } from "femtologging";
import { pinoDestination } from "femtologging/pino";
import { pino } from "pino";

basicConfig({ path: "app.jsonl" });
const log = pino({ redact: ["card.number"], customLevels: { notice: 35 } }, pinoDestination());
// #endregion

const orderLog = log.child({ orderId: 7 });
orderLog.info({ card: { holder: "Ada", number: "4111 1111 1111 1111" } }, "Order is paid with %s", "a card");
orderLog.notice("Only a few of these are left");
orderLog.error(new RangeError("Shelf B4 does not exist"), "Cannot pack");
