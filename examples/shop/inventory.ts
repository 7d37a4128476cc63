/** What is in the shelves. */
import { getLogger } from "./audited-logger.ts";
import { OutOfStockError, type OrderLine } from "./orders.ts";
import { inSpan } from "./tracing.ts";

const log = getLogger("shop.inventory");

/** Every now and then somebody notices how little is left. */
const LOW_COUNT = 3;
const DELIVERY_COUNT = 1_000;

/** The article that is always sold out. */
export const SOLD_OUT_SKU = "unicorn";

const shelves = new Map<string, number>([[SOLD_OUT_SKU, 0]]);

/** Takes the articles of an order out of the shelves. @throws {OutOfStockError} There are not enough of one. */
export function reserve(lines: readonly OrderLine[]): void {
  inSpan(() => lines.forEach(reserveLine));
}

function reserveLine(line: OrderLine): void {
  const { sku, quantity } = line;
  const left = (shelves.get(sku) ?? DELIVERY_COUNT) - quantity;
  if (left < 0 && sku === SOLD_OUT_SKU) throw new OutOfStockError(line, left + quantity);
  // An empty shelf is filled again, so that a long run does not differ from a short one.
  shelves.set(sku, left > 0 ? left : DELIVERY_COUNT);
  log.log(left <= LOW_COUNT ? "WARN" : "DEBUG", "Reserved {quantity} of {sku}, {left} left", {
    quantity,
    sku,
    left,
  });
}
