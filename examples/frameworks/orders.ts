/** What the shops of this folder do with an order: it knows nothing of requests, and its records have their ids all the same. */
import { getLogger } from "femtologging";
import { setTimeout as sleep } from "node:timers/promises";

const log = getLogger("shop.orders");

/** What is ordered. */
export interface Order {
  readonly orderId: number;
}

/** Takes a moment, as a database would. @throws {RangeError} There is no such order. */
export async function pay({ orderId }: Order): Promise<void> {
  log.info("Paying order {orderId}", { orderId });
  await sleep(Math.random() * 20);
  if (orderId < 0) throw new RangeError(`There is no order ${orderId}`);
  log.info("Order {orderId} is paid", { orderId });
}
