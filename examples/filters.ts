/** What is logged, and what of it reaches a file: filters on a logger and on a handler. */
import {
  createLogging,
  FemtoAttributeFilter,
  FemtoFileHandler,
  FemtoLevelFilter,
  FemtoMessageFilter,
  FemtoRateLimitFilter,
} from "femtologging";

// #region filters
const limit = new FemtoRateLimitFilter({ count: 2, intervalMillis: 60_000 });
const handler = new FemtoFileHandler({
  path: "filtered.jsonl",
  // In the handler's thread, for the records of all threads.
  filters: [new FemtoMessageFilter({ pattern: /^GET \/health/, action: "drop" }), limit],
});
const logging = createLogging({ level: "DEBUG", handlers: [handler] });
const log = logging.getLogger("shop");

// On this thread, before anything is queued: a filter may put another record in the place of one.
log.addFilter((record) => ({ ...record, attributes: { ...record.attributes, region: "north" } }));

log.info("GET /health");
for (let attempt = 1; attempt <= 5; attempt++) log.warn("Cannot reach {host}", { host: "db", attempt });
await logging.flush(); // "repeated 3 times: Cannot reach {host}"

// Options change while filters are in use, and filters come and go.
limit.update({ count: 3 });
handler.addFilter(new FemtoLevelFilter({ minimum: "INFO" }));
log.addFilter(new FemtoAttributeFilter({ key: "tenant", value: ["acme", "north"] }));
log.debug("Cart {id}", { id: 1, tenant: "acme" });
log.info("Order {id}", { id: 2, tenant: "acme" });
log.info("Order {id}", { id: 3, tenant: "other" });
// #endregion

await logging.shutdown();
const { emitted, delivered, filtered, summaries } = handler.stats();
process.stdout.write(`${JSON.stringify({ emitted, delivered, filtered, summaries })}\n`);
