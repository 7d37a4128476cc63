/** What a customer orders, and what can be wrong with it. */

/** One line of an order. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What a customer sends. */
export interface Order {
  readonly orderId: number;
  readonly customer: string;
  readonly bank: string;
  readonly lines: readonly OrderLine[];
}

/** There is less of an article than was ordered. */
export class OutOfStockError extends Error {
  override readonly name = "OutOfStockError";
  readonly sku: string;
  readonly missing: number;

  constructor(line: OrderLine, left: number) {
    super(`${line.quantity} of ${line.sku} were ordered, ${left} are left`);
    this.sku = line.sku;
    this.missing = line.quantity - left;
  }
}

/** An order was not taken; the cause says why. */
export class OrderRefusedError extends Error {
  override readonly name = "OrderRefusedError";
}

/** A bank did not answer; the cause says why. */
export class PaymentError extends Error {
  override readonly name = "PaymentError";
}

/** Reads the body of a request. @throws {SyntaxError} It is no JSON. @throws {TypeError} It is no order. */
export function parseOrder(body: string): Order {
  const order: unknown = JSON.parse(body);
  if (!isOrder(order))
    throw new TypeError("Cannot read the order: it has no orderId, customer, bank or lines");
  return order;
}

function isOrder(value: unknown): value is Order {
  if (typeof value !== "object" || value === null) return false;
  const { orderId, customer, bank, lines } = value as Partial<Order>;
  return (
    Number.isInteger(orderId) &&
    typeof customer === "string" &&
    typeof bank === "string" &&
    Array.isArray(lines)
  );
}
