/** Two threads of an application log to the handlers that the main thread has configured. */
import { once } from "node:events";
import { isMainThread, Worker } from "node:worker_threads";
import { basicConfig, FemtoLevelFilter, flush, getLogger, stats } from "femtologging";

if (isMainThread) {
  await runMain();
} else {
  resize();
}

// #region threads
async function runMain(): Promise<void> {
  basicConfig({ path: "threads.jsonl" });
  // Levels, handlers, and filters that are data hold on every thread.
  getLogger("shop.images").addFilter(new FemtoLevelFilter({ minimum: "INFO" }));
  getLogger("shop").setLevel("DEBUG");

  const workers = ["resize 1", "resize 2"].map((name) => new Worker(new URL(import.meta.url), { name }));
  getLogger("shop").debug("Started {count} threads", { count: workers.length });
  await Promise.all(workers.map((worker) => once(worker, "exit")));
}

/** What a thread does: there is nothing to set up in it. */
function resize(): void {
  const log = getLogger("shop.images");
  log.debug("Left out by the filter");
  log.info("Resized {image}", { image: "kite.png" }); // thread.id and thread.name are added
}
// #endregion

if (isMainThread) {
  await flush();
  process.stdout.write(`${String(stats()["file"]?.delivered)} records\n`);
}
