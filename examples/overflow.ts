/** What happens when an application logs faster than its handler can write: bounded, and counted. */
// #region overflow
import { FemtoFileHandler, flush, getLogger } from "femtologging";

const handler = new FemtoFileHandler({ path: "burst.jsonl", queueBytes: 65_536, overflow: "drop-newest" });
handler.on("drop", ({ dropped }) => console.log("dropped:", dropped.queue_full));
getLogger().addHandler(handler);

for (let i = 0; i < 100_000; i++) getLogger("burst").info("record {i}", { i });

await flush(); // from here on there is room for the handler's own record of what it dropped
await handler.shutdown();
const { emitted, delivered, droppedTotal } = handler.stats(); // its own record is one of them
console.log(`${emitted} emitted = ${delivered} delivered + ${droppedTotal} dropped`);
// #endregion
