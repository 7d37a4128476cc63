import { describe, expect, test } from "vitest";
import { Rfc3164Formatter } from "../../src/formatters/rfc3164-formatter.ts";
import { format, makeRecord, type RecordInput } from "./make-record.ts";

const SOURCE = { facility: 3, hostname: "web-1", appName: "shop" };

function write(
  input: RecordInput,
  source: Partial<typeof SOURCE> | { readonly hostname: undefined } = {},
): string {
  return format(new Rfc3164Formatter({ ...SOURCE, ...source }), makeRecord(input));
}

describe("Rfc3164Formatter", () => {
  test("a whole message, with local time", () => {
    const millis = new Date(2026, 10, 2, 7, 8, 9).getTime();
    const input = {
      template: "Order {id}",
      attributes: { id: 7, currency: "EUR" },
      millis,
      severityNumber: 17,
    };
    expect(write(input)).toBe(
      `<27>Nov  2 07:08:09 web-1 shop[${process.pid}]: Order 7 logger=shop currency=EUR`,
    );
  });

  test("two digits of a day, and no host where there is none", () => {
    const millis = new Date(2026, 0, 31, 23, 59, 59).getTime();
    expect(write({ template: "x", millis, logger: "" }, { hostname: undefined })).toBe(
      `<30>Jan 31 23:59:59 shop[${process.pid}]: x`,
    );
  });

  test("a tag has no sign that would end it, and 32 characters", () => {
    expect(write({}, { appName: "a b:[c]é".padEnd(40, "x") })).toContain(` a_b__c__${"x".repeat(24)}[`);
  });

  test("one line, whatever is in it", () => {
    const text = write({
      template: "a\n{x}",
      attributes: { x: "<0>Jan  1 00:00:00 h forged\n", "exception.stacktrace": "E\n at f" },
      logger: "l\n",
    });
    expect(text).not.toMatch(/[\p{Cc}]/u);
    expect(text).toContain(String.raw`exception.stacktrace="E\n at f"`);
  });
});
