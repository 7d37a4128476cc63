/** A receiver of OTLP in the program itself, where there is no collector: in tests, and on a developer's machine. */
// #region receiver
import { FemtoOtlpHttpHandler, getLogger } from "femtologging";
import { OtlpReceiver } from "femtologging/receiver";

const receiver = await OtlpReceiver.start();
const handler = new FemtoOtlpHttpHandler({ url: receiver.url });
getLogger().addHandler(handler);

getLogger("shop.checkout").info("Order {orderId} is paid", { orderId: 7 });

await handler.shutdown();
for (const { scope, severityText, body } of receiver.records) console.log(scope.name, severityText, body);
await receiver.stop();
// #endregion
