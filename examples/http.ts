/** To a web server: a batch of JSON a request, and errors one by one as Python's HTTPHandler sends them. */
// #region http
import { FemtoHttpHandler, getLogger } from "femtologging";

const url = process.env["LOG_URL"] ?? "http://localhost:8080/logs";

getLogger().addHandler(
  new FemtoHttpHandler({
    url,
    credentials: { token: "not-a-secret" },
    mapLogRecord: ["time", "level", "logger", "msg", "attributes"],
  }),
);
getLogger().addHandler(new FemtoHttpHandler({ url, format: "form", level: "ERROR" }));

getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });
getLogger("shop.checkout").error("Order {orderId} is lost", { orderId: 8 });
// #endregion
