// Filters that have something left to tell when the process ends: one of a handler, one of a logger.
import {
  createLogging,
  FemtoDedupFilter,
  FemtoFileHandler,
  FemtoRateLimitFilter,
} from "../../../src/index.ts";

const [path = "", ending = ""] = process.argv.slice(2);
const handler = new FemtoFileHandler({
  path,
  filters: [new FemtoRateLimitFilter({ count: 1, per: "logger", intervalMillis: 3_600_000 })],
});
const logging = createLogging({ handlers: [handler] });
logging.getLogger("deduped").addFilter(new FemtoDedupFilter({ windowMillis: 3_600_000 }));
for (let i = 0; i < 3; i++) {
  logging.getLogger("deduped").warn("again");
  logging.getLogger("limited").info("number {i}", { i });
}
if (ending === "exit") process.exit(0);
if (ending === "throw") throw new Error("the end");
