import { expect, test } from "vitest";

import { answerOrder, makeExchanges } from "../../../bench/service/work.ts";

test("makeExchanges() makes the same orders each time, and no two alike", () => {
  const exchanges = makeExchanges();
  expect(exchanges).toStrictEqual(makeExchanges());
  expect(new Set(exchanges.map(({ answer }) => answer)).size).toBe(exchanges.length);
});

test("answerOrder() sums up the lines, by category too, and sorts them", () => {
  const line = (sku: string, quantity: number, cents: number): object => ({
    sku,
    title: " a ",
    category: "books",
    quantity,
    cents,
  });
  const body = JSON.stringify({ customer: "c", lines: [line("b", 2, 150), line("a", 1, 7)] });
  const { content } = JSON.parse(answerOrder(body)) as { content: string };
  expect(JSON.parse(content)).toMatchObject({
    customer: "c",
    sumCents: 307,
    discountCents: 0,
    categories: { books: 307 },
    lines: [{ sku: "a" }, { sku: "b", lineCents: 300, label: "2 x A" }],
  });
});
