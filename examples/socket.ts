/** Over a socket to a receiver in the same program; it would be another process, or another machine. */
// #region socket
import { FemtoSocketHandler, getLogger } from "femtologging";
import { FemtoSocketReceiver } from "femtologging/receiver";

const receiver = await FemtoSocketReceiver.start({
  onRecord: ({ loggerName, severityText, body, attributes }) =>
    console.log(loggerName, severityText, body, attributes),
});
const handler = new FemtoSocketHandler({ ...receiver.target });
getLogger().addHandler(handler);

getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7, amount: 12.5 });

await handler.shutdown();
await receiver.waitFor(1);
await receiver.stop();
// #endregion
