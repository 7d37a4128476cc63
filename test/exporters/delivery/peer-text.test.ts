import { expect, test } from "vitest";

import { escapePeerText, quotePeerText } from "../../../exporters/delivery/peer-text.ts";

test("quotePeerText() puts text into quotes", () => {
  expect(quotePeerText("slow down")).toBe('"slow down"');
});

test.each([
  ["line\nbreak\r", '"line\\nbreak\\r"'],
  ['a "quote"', '"a \\"quote\\""'],
  ["\u001b[31m red", '"\\u001b[31m red"'],
  ["\u009b31m red", '"\\u009b31m red"'],
  ["\u007f", '"\\u007f"'],
  ["\u2028\u2029", '"\\u2028\\u2029"'],
  ["\u202e right to left", '"\\u202e right to left"'],
  ["\u2066", '"\\u2066"'],
  ["\ud800", '"\\ud800"'],
])("quotePeerText() escapes %j", (text, quoted) => {
  expect(quotePeerText(text)).toBe(quoted);
});

test("quotePeerText() cuts text after 256 characters", () => {
  expect(quotePeerText("x".repeat(257))).toBe(`"${"x".repeat(256)}…"`);
  expect(quotePeerText("x".repeat(256))).toBe(`"${"x".repeat(256)}"`);
});

test("escapePeerText() leaves quotes as they are", () => {
  expect(escapePeerText('no "name"\n')).toBe('no "name"\\n');
});

test("escapePeerText() has the reason alone of an error of OpenSSL", () => {
  const error =
    "C076C81CD47F0000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:918:SSL alert number 116\n";
  expect(escapePeerText(error)).toBe("tlsv13 alert certificate required");
});
