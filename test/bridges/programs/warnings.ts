// Warns while warnings are captured, and afterwards.
import { setImmediate as turn } from "node:timers/promises";
import { captureConsole, captureWarnings } from "../../../src/bridges/index.ts";
import { basicConfig, FemtoFileHandler } from "../../../src/index.ts";

const [path = "", mode, also] = process.argv.slice(2);
basicConfig({ handlers: [new FemtoFileHandler({ path })] });
const capture = captureWarnings({ forward: mode === "forward" });
const consoleCapture = also === "console" ? captureConsole() : undefined;
process.emitWarning("first", { type: "ShopWarning", code: "SHOP1" });
await turn();
consoleCapture?.release();
capture.release();
process.emitWarning("after release()", { type: "ShopWarning", code: "SHOP1" });
