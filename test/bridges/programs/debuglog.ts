// Prints by util.debuglog, before, while and after it is captured.
import util, { debuglog } from "node:util";
import { captureDebuglog } from "../../../src/bridges/index.ts";
import { basicConfig, FemtoFileHandler } from "../../../src/index.ts";

const [path = "", mode] = process.argv.slice(2);
basicConfig({ level: 10, handlers: [new FemtoFileHandler({ path })] });

const taken = util.debuglog("shop");
const capture = captureDebuglog({ forward: mode !== "silent" });
taken("taken before");

const shop = debuglog("shop");
const { enabled } = shop;
shop("order %d", 7, { paid: true });
let faster = (..._values: [string]): void => {};
const first = util.debug("shop", (log) => {
  faster = log;
});
first("by the callback");
faster("by the callback's function");
debuglog("fs-like")("failed", new TypeError("no file"));
debuglog("other")("nobody asks");

capture.release();
util.debuglog("shop")("after release()");
if (mode === undefined && !enabled)
  console.log(`shop ${enabled}, after release() ${debuglog("shop").enabled}`);
