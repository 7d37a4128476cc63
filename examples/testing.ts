/** Logs under test: a system of its own, which nothing else in the process sees, and its records in memory. */
// #region testing
import { createLogging, FemtoBatchLogRecordProcessor, FemtoInMemoryExporter } from "femtologging";

const exporter = new FemtoInMemoryExporter();
const logging = createLogging({
  level: "DEBUG",
  handlers: [new FemtoBatchLogRecordProcessor({ exporter })],
});

logging.getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });

await logging.shutdown();
for (const { body, attributes } of exporter.getFinishedLogRecords()) console.log(body, attributes);
// #endregion
