// Prints, and ends at once.
import { captureConsole } from "../../../src/bridges/index.ts";
import { basicConfig, FemtoFileHandler } from "../../../src/index.ts";

basicConfig({ handlers: [new FemtoFileHandler({ path: process.argv[2] ?? "" })] });
captureConsole({ forward: false });
for (let i = 0; i < 1000; i++) console.log("record %d", i);
process.exit(7);
