// Filters that have something left to tell when the process ends: one of a handler, one of a logger.
import { appendFileSync } from "node:fs";
import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoDedupFilter,
  FemtoFileHandler,
  FemtoRateLimitFilter,
} from "../../../src/index.ts";

const [path = "", ending = ""] = process.argv.slice(2);

/** Writes the bodies to the file, from the event loop of this thread. */
const exporter: ConstructorParameters<typeof FemtoBatchLogRecordProcessor>[0]["exporter"] = {
  export: (records, onResult) => {
    for (const { body } of records) appendFileSync(path, `${JSON.stringify({ msg: body })}\n`);
    setImmediate(() => onResult({ code: 0 }));
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

const filters = [new FemtoRateLimitFilter({ count: 1, per: "logger", intervalMillis: 3_600_000 })];
const handler =
  ending === "natural, an exporter object"
    ? new FemtoBatchLogRecordProcessor({ exporter, filters })
    : new FemtoFileHandler({ path, filters, thread: ending === "exit, inline" ? "inline" : "own" });
const logging = createLogging({ handlers: [handler] });
logging.getLogger("deduped").addFilter(new FemtoDedupFilter({ windowMillis: 3_600_000 }));
for (let i = 0; i < 3; i++) {
  logging.getLogger("deduped").warn("again");
  logging.getLogger("limited").info("number {i}", { i });
}
if (ending.startsWith("exit")) process.exit(0);
if (ending === "throw") throw new Error("the end");
