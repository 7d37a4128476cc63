/** JSON lines in a file, written by a thread of the handler's own. */
// #region file
import { FemtoFileHandler, flush, getLogger } from "femtologging";

const handler = FemtoFileHandler.builder().path("logs/app.jsonl").level("INFO").build();
getLogger().addHandler(handler);

getLogger("shop").info("Order {orderId} is paid", { orderId: 7 });

// Only who reads the file at once has to wait: the end of the process flushes by itself.
await flush();
const { emitted, delivered, droppedTotal } = handler.stats();
console.log({ emitted, delivered, droppedTotal });
// #endregion
