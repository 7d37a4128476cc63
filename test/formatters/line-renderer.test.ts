import { expect, test } from "vitest";

import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import type { LineEncoding } from "../../src/formatters/line-encoding.ts";
import { LineRenderer } from "../../src/formatters/line-renderer.ts";
import { makeRecord } from "./make-record.ts";

/** Writes the message as it is. */
const messageOnly: FemtoFormatter = { format: (record, out) => out.text(record.shape.template) };

function rendered(
  texts: readonly string[],
  options: { terminator?: string; encoding?: LineEncoding } = {},
): Buffer {
  const renderer = new LineRenderer(messageOnly, options);
  for (const template of texts) renderer.add(makeRecord({ template }));
  const byteCount = renderer.byteCount;
  const bytes = Buffer.from(renderer.finish());
  expect(bytes.length).toBe(byteCount);
  return bytes;
}

test("finish() gives the records of the batch, a terminator after each", () => {
  expect(rendered(["one", "zwölf"]).toString("utf8")).toBe("one\nzwölf\n");
  expect(rendered(["one", "two"], { terminator: "\r\n" }).toString("utf8")).toBe("one\r\ntwo\r\n");
  expect(rendered(["one", "two"], { terminator: "" }).toString("utf8")).toBe("onetwo");
});

test("finish() gives no bytes for an empty batch, also after another batch", () => {
  const renderer = new LineRenderer(messageOnly);
  expect(renderer.finish()).toHaveLength(0);
  renderer.add(makeRecord({ template: "one" }));
  renderer.finish();
  expect(renderer.finish()).toHaveLength(0);
});

test("finish() leaves its bytes alone until the next add, and begins anew then", () => {
  const renderer = new LineRenderer(messageOnly);
  renderer.add(makeRecord({ template: "one" }));
  const first = renderer.finish();
  expect(renderer.byteCount).toBe(0);
  expect(Buffer.from(first).toString()).toBe("one\n");
  renderer.add(makeRecord({ template: "two" }));
  expect(renderer.byteCount).toBe(4);
  expect(Buffer.from(renderer.finish()).toString()).toBe("two\n");
});

test("add() takes more records than the buffer begins with", () => {
  const renderer = new LineRenderer(messageOnly);
  const record = makeRecord({ template: "x".repeat(999) });
  for (let i = 0; i < 300; i++) renderer.add(record);
  expect(Buffer.from(renderer.finish()).toString()).toBe(`${"x".repeat(999)}\n`.repeat(300));
});

test.each([
  ["latin1", "äÿ€\u0100\u{1f600}", Buffer.from("äÿ\\u20ac\\u0100\\ud83d\\ude00\n", "latin1")],
  ["ascii", "ok äÿ€\u{1f600}", Buffer.from("ok \\u00e4\\u00ff\\u20ac\\ud83d\\ude00\n", "latin1")],
  ["utf16le", "aä€\u{1f600}", Buffer.from("aä€\u{1f600}\n", "utf16le")],
  ["utf8", "aä€\u{1f600}", Buffer.from("aä€\u{1f600}\n", "utf8")],
] as const)("finish() gives %s, with escapes for what it does not have", (encoding, text, expected) => {
  expect(rendered(["plain", text], { encoding })).toEqual(
    Buffer.concat([encoded("plain\n", encoding), expected]),
  );
});

function encoded(text: string, encoding: LineEncoding): Buffer {
  return Buffer.from(text, encoding === "utf16le" ? "utf16le" : "latin1");
}

test("finish() gives JSON that reads back as the same text in ascii and latin1", () => {
  const text = "\\é\u0100\u{1f600}\n\u2028";
  for (const encoding of ["ascii", "latin1"] as const) {
    const renderer = new LineRenderer(new FemtoJsonFormatter(), { encoding });
    renderer.add(makeRecord({ template: text, attributes: { [text]: text } }));
    const parsed: unknown = JSON.parse(Buffer.from(renderer.finish()).toString("latin1"));
    expect(parsed).toMatchObject({ msg: text, [text]: text });
  }
});

test("add() leaves the batch as it was when a formatter throws, and passes the error on", () => {
  const failure = new Error("cannot");
  const moody: FemtoFormatter = {
    format(record, out) {
      out.text(record.shape.template);
      if (record.shape.template === "bad") throw failure;
    },
  };
  const renderer = new LineRenderer(moody);
  renderer.add(makeRecord({ template: "one" }));
  expect(() => renderer.add(makeRecord({ template: "bad" }))).toThrow(failure);
  expect(renderer.byteCount).toBe(4);
  renderer.add(makeRecord({ template: "two" }));
  expect(Buffer.from(renderer.finish()).toString()).toBe("one\ntwo\n");
});

test("constructor refuses an encoding that it does not know", () => {
  expect(() => new LineRenderer(messageOnly, { encoding: "utf7" as LineEncoding })).toThrow(
    new RangeError('Cannot write lines: "encoding" is "utf7", must be one of utf8, latin1, ascii, utf16le'),
  );
});

test("takeBack() takes the last record out of the batch", () => {
  const renderer = new LineRenderer(messageOnly);
  renderer.add(makeRecord({ template: "one" }));
  const { byteCount } = renderer;
  renderer.add(makeRecord({ template: "two" }));
  renderer.takeBack(byteCount);
  renderer.add(makeRecord({ template: "three" }));
  expect(Buffer.from(renderer.finish()).toString()).toBe("one\nthree\n");
});
