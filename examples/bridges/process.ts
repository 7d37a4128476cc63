/** What an application prints, warns of and fails with, in one file of records. */
import { basicConfig } from "femtologging";
import { captureConsole, captureUncaught, captureWarnings } from "femtologging/bridges";

// #region process
basicConfig({ path: "app.jsonl" });
captureConsole(); // still printed, unless you say `forward: false`
captureWarnings();
captureUncaught(); // the process ends as it would have done

console.group("order %d", 7);
console.warn("Only %d of %s left", 2, "kite"); // attribute console.group: ["order 7"]
console.groupEnd();
console.count("orders"); // attributes console.label and console.count
process.emitWarning("sell() is old", "DeprecationWarning", "SHOP1");
setImmediate(() => {
  throw new TypeError("no stock"); // CRITICAL, with exception.*
});
// #endregion
