/** As a transport of pino, in the thread that pino starts for it. */
import { pino } from "pino";

// #region pino-transport
const transport = pino.transport({
  target: "femtologging/pino",
  options: { path: "app.jsonl" },
});
const log = pino(transport);
// #endregion

log.info({ orderId: 7 }, "Order is paid");
