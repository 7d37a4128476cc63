import { format as utilFormat } from "node:util";

import { expect, test } from "vitest";

import { OutputBuffer } from "../../processors/shape/output.ts";
import {
  AS_IT_IS,
  INSIDE_JSON_STRING,
  INSIDE_TEXT,
  type BodyEscape,
} from "../../src/formatters/body-value.ts";
import { TextBody } from "../../src/formatters/body.ts";
import { makeRecord, makeShape, type RecordInput } from "./make-record.ts";

function textOf(input: RecordInput, escape: BodyEscape = AS_IT_IS): string {
  const shape = makeShape(input);
  const out = new OutputBuffer(16);
  new TextBody(shape, escape).write(out, makeRecord(input, shape));
  return out.bytes.toString("utf8", 0, out.at);
}

test("write() fills holes in any order, and as often as they stand there", () => {
  expect(textOf({ template: "{b} {a} {b}{c}", attributes: { a: 1, b: "two", c: true } })).toBe(
    "two 1 twotrue",
  );
});

test("write() fills holes from extras", () => {
  expect(textOf({ template: "{a} {tenant}", attributes: { a: 1 }, extras: { other: 0, tenant: "x" } })).toBe(
    "1 x",
  );
});

test("write() leaves a hole without a value as it was written", () => {
  expect(textOf({ template: "{a} {b} {c.d}", attributes: { b: undefined } })).toBe("{a} {b} {c.d}");
  expect(textOf({ template: "%s %d {a}", arguments: ["x"] })).toBe("x %d {a}");
});

test("write() looks for a dotted name as a key first, then inside of maps, the longest key first", () => {
  const nested = { user: { name: "inside", "first.name": "dotted", at: { home: "deep" } } };
  expect(textOf({ template: "{user.name}", attributes: { "user.name": "key", ...nested } })).toBe("key");
  expect(textOf({ template: "{user.name}", attributes: nested, extras: { "user.name": "extra" } })).toBe(
    "extra",
  );
  expect(textOf({ template: "{user.name}", attributes: nested })).toBe("inside");
  expect(textOf({ template: "{user.at.home}", attributes: nested })).toBe("deep");
  expect(textOf({ template: "{user.first.name}", attributes: nested })).toBe("dotted");
  expect(textOf({ template: "{user.name}", extras: nested })).toBe("inside");
  expect(textOf({ template: "{a.b.c}", attributes: { a: { "b.c": 1 }, "a.b": { c: 2 } } })).toBe("2");
  expect(textOf({ template: "{a.b.c}", extras: { "a.b": { c: 2 }, a: { "b.c": 1 } } })).toBe("2");
  expect(textOf({ template: "{a.b.c}", extras: { "a.b": 5, a: { "b.c": 1 } } })).toBe("1");
  expect(textOf({ template: "{a.b.c}", attributes: { a: { b: 7 } } })).toBe("{a.b.c}");
  expect(textOf({ template: "{user}", extras: { us: { r: 1 } } })).toBe("{user}");
  expect(textOf({ template: "{größe.ß}", attributes: { größe: { ß: "ok" } } })).toBe("ok");
});

test("write() shows texts as they are, and arrays, maps and bytes as JSON does", () => {
  const attributes = {
    s: 'a "b"',
    list: [1, "x", null],
    map: { k: undefined, v: -0 },
    bytes: Buffer.from("hi!?"),
    n: null,
  };
  expect(textOf({ template: "{s} {list} {map} {bytes} {n}", attributes })).toBe(
    'a "b" [1,"x",null] {"v":-0} aGkhPw== null',
  );
  expect(textOf({ template: "{a} {b} {c}", attributes: { a: NaN, b: -Infinity, c: 10n ** 18n } })).toBe(
    "NaN -Infinity 1000000000000000000",
  );
});

test("write() escapes JSON inside a message once more where the message is inside a JSON string", () => {
  const input: RecordInput = { template: 'q" {map} {s}', attributes: { map: { 'k"': "\n" }, s: "\t" } };
  const escaped = textOf(input, INSIDE_JSON_STRING);
  expect(escaped).toBe(String.raw`q\" {\"k\\\"\":\"\\n\"} \t`);
  expect(JSON.parse(`"${escaped}"`)).toBe(textOf(input));
});

test("write() escapes line breaks and terminal sequences of texts and of JSON where the message is a line of text", () => {
  const attack = "\r\n\u001b[2J\u0085\u009b31m\u2028\u2029\u007f";
  const input: RecordInput = { template: `a\n{s} {map}`, attributes: { s: attack, map: { s: attack } } };
  const escaped = String.raw`\r\n\u001b[2J\u0085\u009b31m\u2028\u2029\u007f`;
  expect(textOf(input, INSIDE_TEXT)).toBe(String.raw`a\n` + `${escaped} {"s":"${escaped}"}`);
});

test.each([
  ["%s", "x"],
  ["%s|%s", 1.5, true],
  ["%s", -0],
  ["%s", null],
  ["%s", undefined],
  ["%d", 42],
  ["%d", "42.5"],
  ["%d", -0],
  ["%i", 42.9],
  ["%i", -0.5],
  ["%f", 2],
  ["%j", { a: "x", b: [1, null] }],
  ["%j", "text"],
  ["%j", undefined],
  ["100%% of %s", "x"],
  ["%x %s", "a"],
])("write() fills printf holes as util.format does: %j", (template, ...values) => {
  expect(textOf({ template, arguments: values })).toBe(utilFormat(template, ...values));
});

test("write() shows bigints without the n", () => {
  expect(textOf({ template: "%d %i %f %s", arguments: [5n, 6n, 7n, 8n] })).toBe("5 6 7 8");
});

test.each([
  ["%d", "4x", "4x"],
  ["<%d>", "", "<>"],
  ["%d", true, "true"],
  ["%d", null, "null"],
  ["%d", undefined, "undefined"],
  ["%d", { a: 1 }, '{"a":1}'],
  ["%i", "12.7 apples", "12.7 apples"],
  ["%i", " 12.7 ", "12"],
  ["%f", "1.25kg", "1.25kg"],
])("write() shows what is no number as it is: %j of %j", (template, value, text) => {
  expect(textOf({ template, arguments: [value] })).toBe(text);
});

test("write() shows objects as JSON for %s, %o and %O", () => {
  expect(textOf({ template: "%s %o %O", arguments: [{ a: 1 }, [2], { b: "c" }] })).toBe(
    '{"a":1} [2] {"b":"c"}',
  );
});

test("write() appends the arguments beyond the holes, a space before each", () => {
  expect(textOf({ template: "%s", arguments: ["a", "b", { c: 1 }, undefined], attributes: { k: 1 } })).toBe(
    'a b {"c":1} undefined',
  );
  expect(textOf({ template: "plain", arguments: [1, "two"] })).toBe("plain 1 two");
  expect(textOf({ template: "{k}", arguments: ["more"], attributes: { k: 1 } })).toBe("1 more");
});

test("write() fills named holes beside printf holes", () => {
  expect(textOf({ template: "%s of {total}", arguments: [1], attributes: { total: 9 } })).toBe("1 of 9");
});

test("write() returns where the value of the first key stands", () => {
  const input: RecordInput = { template: "%s", arguments: ["a", "b"], attributes: { k: "value" } };
  const record = makeRecord(input);
  const out = new OutputBuffer();
  expect(new TextBody(record.shape, AS_IT_IS).write(out, record)).toBe(record.valueAt(2));
});

test("constant is the escaped text where no value can change it", () => {
  const constantOf = (input: RecordInput, escape: BodyEscape): string | undefined =>
    new TextBody(makeShape(input), escape).constant;
  expect(constantOf({ template: 'a "b"\n' }, INSIDE_JSON_STRING)).toBe(String.raw`a \"b\"\n`);
  expect(constantOf({ template: "a\n" }, INSIDE_TEXT)).toBe(String.raw`a\n`);
  expect(constantOf({ template: "{{a}}" }, AS_IT_IS)).toBe("{a}");
  expect(constantOf({ template: "" }, AS_IT_IS)).toBe("");
  expect(constantOf({ template: "{a}" }, AS_IT_IS)).toBeUndefined();
  expect(constantOf({ template: "a", arguments: [1] }, AS_IT_IS)).toBeUndefined();
});

test("constant is the template itself where a body is text as it is, whatever it looks like", () => {
  expect(new TextBody(makeShape({ template: "{a} %s", body: "plain" }), AS_IT_IS).constant).toBe("{a} %s");
});
