/** To a syslog daemon: RFC 5424 over TCP, attributes as structured data. */
// #region syslog
import { FemtoSysLogHandler, getLogger } from "femtologging";

const port = Number(process.env["SYSLOG_PORT"] ?? 514);

getLogger().addHandler(
  new FemtoSysLogHandler({ transport: "tcp", port, facility: "local0", structuredDataId: "shop@32473" }),
);

getLogger("shop.checkout").warn("Order {orderId} is late", { orderId: 7, days: 3 });
// #endregion
