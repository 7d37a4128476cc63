import { expect, test } from "vitest";

import { recordsOfOtlpLine } from "../../../examples/shop/otlp-line.ts";

/** A line with one scope. */
function lineOf(logRecords: readonly object[]): string {
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ scope: { name: "shop.cart" }, logRecords }] }] });
}

test("recordsOfOtlpLine() reads every kind of value; integers stay the texts that they are", () => {
  const list = { arrayValue: { values: [{ intValue: "7" }, { doubleValue: 0.5 }, {}] } };
  const attributes = [
    { key: "map", value: { kvlistValue: { values: [{ key: "list", value: list }] } } },
    { key: "isEmpty", value: { arrayValue: {} } },
    { key: "isPaid", value: { boolValue: false } },
    { value: { stringValue: "no key" } },
  ];
  const [record] = recordsOfOtlpLine(lineOf([{ severityText: "INFO", attributes, body: {} }]));
  expect(record).toEqual({
    logger: "shop.cart",
    level: "INFO",
    message: undefined,
    eventName: undefined,
    traceId: undefined,
    spanId: undefined,
    attributes: { map: { list: ["7", 0.5, null] }, isEmpty: [], isPaid: false, "": "no key" },
  });
});

test("recordsOfOtlpLine() reads all records of a line", () => {
  const records = recordsOfOtlpLine(
    lineOf([
      { severityText: "INFO", body: { stringValue: "a" }, traceId: "01", spanId: "02" },
      { severityText: "WARN", eventName: "order.paid" },
    ]),
  );
  expect(records).toMatchObject([
    { message: "a", traceId: "01", spanId: "02", eventName: undefined, attributes: {} },
    { level: "WARN", message: undefined, eventName: "order.paid" },
  ]);
});
