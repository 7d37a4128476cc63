/** From a request's body to a paid order. */
import { getLogger } from "./audited-logger.ts";
import { reserve } from "./inventory.ts";
import { OrderRefusedError, OutOfStockError, parseOrder, type Order } from "./orders.ts";
import { pay, type Banks } from "./payment.ts";
import { inSpan } from "./tracing.ts";

const log = getLogger("shop.checkout");

/** Records of an order with no lines that goes well: two each of the HTTP service, of this module, and of payment. */
export const FIXED_RECORD_COUNT = 6;

/**
 * Takes an order.
 * @throws {SyntaxError | TypeError} The body is no order. @throws {OrderRefusedError} Something is sold out.
 * @throws {PaymentError} The bank does not answer.
 */
export async function checkOut(body: string, banks: Banks): Promise<void> {
  await inSpan(async () => {
    const startMillis = performance.now();
    const order = parseOrder(body);
    log.debug("Cart of {customer}", () => ({
      customer: order.customer,
      cart: { size: order.lines.length, lines: order.lines },
    }));
    reserveAll(order);
    await pay(order, banks);
    const ms = Math.round((performance.now() - startMillis) * 1_000) / 1_000;
    log.info("Order {orderId} took {ms} ms", { orderId: order.orderId, ms, customer: order.customer });
  });
}

function reserveAll(order: Order): void {
  try {
    reserve(order.lines);
  } catch (cause) {
    if (!(cause instanceof OutOfStockError)) throw cause;
    throw new OrderRefusedError(`Order ${order.orderId} cannot be delivered`, { cause });
  }
}
