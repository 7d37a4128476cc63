/** Money. Orders are paid by an account in the shop, or by a bank that is asked over HTTP. */
import { createHash } from "node:crypto";
import { Agent, request, type Dispatcher } from "undici";
import { getLogger } from "./audited-logger.ts";
import { PaymentError, type Order } from "./orders.ts";
import { inSpan } from "./tracing.ts";

const log = getLogger("shop.payment");

const ATTEMPT_COUNT = 2;

/** Banks by name. */
export interface Banks {
  /** Origin, such as http://127.0.0.1:4000; a bank that is not listed keeps its accounts here. */
  readonly [name: string]: string | undefined;
}

const dispatcher: Dispatcher = new Agent({ connect: { timeout: 1_000 } });

/** Pays an order. @throws {PaymentError} The bank could not be reached, and not the second time either. */
export async function pay(order: Order, banks: Banks): Promise<void> {
  await inSpan(async () => {
    const bankLog = log.with({ bank: order.bank });
    const origin = banks[order.bank];
    for (let attempt = 1; ; attempt++) {
      bankLog.info("attempt %d of %d", attempt, ATTEMPT_COUNT, { amount: amountOf(order) });
      try {
        const receipt = origin === undefined ? receiptOf(order) : await askBank(origin, order);
        bankLog.event("order.paid", { orderId: order.orderId, receipt });
        return;
      } catch (cause) {
        if (attempt >= ATTEMPT_COUNT)
          throw new PaymentError(`Bank "${order.bank}" does not answer`, { cause });
        bankLog.warn("Bank {bank} does not answer, trying again", cause, { bank: order.bank });
      }
    }
  });
}

async function askBank(origin: string, order: Order): Promise<string> {
  const { body } = await request(`${origin}/payments`, {
    dispatcher,
    method: "POST",
    body: JSON.stringify({ orderId: order.orderId, amount: amountOf(order) }),
  });
  return body.text();
}

function amountOf(order: Order): number {
  const cents = order.lines.reduce((sum, { sku, quantity }) => sum + quantity * (95 + 100 * sku.length), 0);
  return cents / 100;
}

function receiptOf(order: Order): string {
  return createHash("sha256").update(JSON.stringify(order)).digest("hex").slice(0, 16);
}
