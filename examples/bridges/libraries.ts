/** Loggers of libraries and channels of Node, into the handlers of the application. */
import { channel } from "node:diagnostics_channel";
import { basicConfig, getLogger, shutdown } from "femtologging";
import { captureChannel, captureDebug } from "femtologging/bridges";
import { createBunyanStream } from "femtologging/bunyan";
import { configure } from "femtologging/log4js";
import bunyan from "bunyan";
import createDebug from "debug";
import log4js from "log4js";

basicConfig({ path: "app.jsonl", level: "INFO" });

// #region debug
createDebug.enable("express:*");
captureDebug({ forward: false });
getLogger("express").setLevel("DEBUG"); // the records are DEBUG, and the root is at INFO
createDebug("express:router")("use %s", "/orders"); // logger express.router
// #endregion

// #region channel
captureChannel("shop:order", {
  level: "INFO",
  map: (message) => {
    const { id } = message as { readonly id: number };
    return { body: "Order is paid", attributes: { order: id } };
  },
});
channel("shop:order").publish({ id: 7 });
// #endregion

// #region bunyan
const bunyanLog = bunyan.createLogger({ name: "shop.cart", streams: [createBunyanStream()] });
bunyanLog.child({ tenant: "north" }).warn({ left: 2 }, "Only a few %s left", "kites");
// #endregion

// #region log4js
log4js.configure({
  // In a file of JSON, or with log4js beside femtologging in node_modules: { "type": "femtologging/log4js" }
  appenders: { femto: { type: { configure } } },
  categories: { default: { appenders: ["femto"], level: "info" } },
});
log4js.getLogger("shop.checkout").error("Cannot sell %s", "kite", new TypeError("no stock"));
// #endregion

await shutdown();
