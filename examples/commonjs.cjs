/** The same package in CommonJS. */
// #region commonjs
const { basicConfig, getLogger } = require("femtologging");

basicConfig({ path: "commonjs.jsonl" });
getLogger("shop").info("Order {orderId} is paid", { orderId: 7 });
// #endregion
