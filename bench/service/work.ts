/** What a request of the service test asks for: an order with sixty lines is read, priced, and answered. */
import { createHash } from "node:crypto";

import { randomNumbers } from "../data.ts";

const SEED = 0x0de5_1e57;
/** Different orders, sent in turn. */
const ORDER_COUNT = 64;
const LINES_IN_ORDER = 60;
const CATEGORIES = ["books", "music", "garden", "kitchen", "toys"] as const;
const DISCOUNT_FROM_CENTS = 450_000;
const DISCOUNT_SHARE = 0.05;

interface OrderLine {
  readonly sku: string;
  readonly title: string;
  readonly category: string;
  readonly quantity: number;
  readonly cents: number;
}

interface Order {
  readonly customer: string;
  readonly lines: readonly OrderLine[];
}

/** An order as it is sent, and the one right answer. */
export interface Exchange {
  readonly body: string;
  readonly answer: string;
}

/** The orders of all runs, with their answers. */
export function makeExchanges(): readonly Exchange[] {
  const random = randomNumbers(SEED);
  return Array.from({ length: ORDER_COUNT }, (_, index) => {
    const body = JSON.stringify(makeOrder(index, random));
    return { body, answer: answerOrder(body) };
  });
}

function makeOrder(index: number, random: () => number): Order {
  const upTo = (count: number): number => Math.floor(random() * count);
  const lines = Array.from({ length: LINES_IN_ORDER }, () => ({
    sku: `sku-${upTo(1_000_000)}`,
    title: `An article that "customers" order, ${upTo(1000)}`,
    category: CATEGORIES[upTo(CATEGORIES.length)] as string,
    quantity: 1 + upTo(5),
    cents: 99 + upTo(5000),
  }));
  return { customer: `customer-${index}`, lines };
}

/** The work of a request: parses the order, sums it up, sorts it, and makes the answer with its checksum. */
export function answerOrder(body: string): string {
  const { customer, lines } = JSON.parse(body) as Order;
  const byCategory = new Map<string, number>();
  const priced = lines.map((line) => {
    const lineCents = line.cents * line.quantity;
    byCategory.set(line.category, (byCategory.get(line.category) ?? 0) + lineCents);
    return { ...line, lineCents, label: `${line.quantity} x ${line.title.trim().toUpperCase()}` };
  });
  const sumCents = priced.reduce((sum, { lineCents }) => sum + lineCents, 0);
  const discountCents = sumCents < DISCOUNT_FROM_CENTS ? 0 : Math.round(sumCents * DISCOUNT_SHARE);
  const sorted = priced.toSorted((left, right) => left.sku.localeCompare(right.sku));
  const content = JSON.stringify({
    customer,
    sumCents,
    discountCents,
    categories: Object.fromEntries(byCategory),
    lines: sorted,
  });
  return JSON.stringify({ checksum: createHash("sha256").update(content).digest("hex"), content });
}
