import { expect, test } from "vitest";

import { OtlpLinesRenderer } from "../../proto/otlp-lines-renderer.ts";
import { numbersInOtlpLines, recordsInOtlpLines } from "../support/otlp-lines.ts";
import { recordOf, resourceOf, scopeOf, shapeOf } from "./otlp-records.ts";

const resource = resourceOf({ "service.name": "shop" });
const cart = shapeOf({ scope: scopeOf("cart", { resource }), keys: ["i"] });
const bank = shapeOf({ scope: scopeOf("bank", { resource }), keys: ["i"] });
const other = shapeOf({
  scope: scopeOf("cart", { resource: resourceOf({ "service.name": "other" }) }),
  keys: ["i"],
});

function rendererOf(lineBytesMax = 1_000_000): OtlpLinesRenderer {
  return new OtlpLinesRenderer({ lineBytesMax });
}

function textOf(renderer: OtlpLinesRenderer): string {
  return Buffer.from(renderer.finish()).toString();
}

const times = `"timeUnixNano":"1795368486123000000","observedTimeUnixNano":"1795368486123000000"`;

test("finish() gives the records of a batch as one line, by scope and resource", () => {
  const renderer = rendererOf();
  for (const [shape, i] of [
    [cart, 1],
    [bank, 2],
    [cart, 3],
  ] as const)
    renderer.add(recordOf({ shape, values: [i] }));
  const record = (i: number): string =>
    `{${times},"severityNumber":9,"severityText":"INFO","attributes":[{"key":"i","value":{"intValue":"${i}"}}]}`;
  const service = `{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}`;
  expect(textOf(renderer)).toBe(
    `{"resourceLogs":[{"resource":${service},"scopeLogs":[` +
      `{"scope":{"name":"cart"},"logRecords":[${record(1)},${record(3)}]},` +
      `{"scope":{"name":"bank"},"logRecords":[${record(2)}]}]}]}\n`,
  );
});

test("finish() gives no bytes for an empty batch, and again after each batch", () => {
  const renderer = rendererOf();
  expect(textOf(renderer)).toBe("");
  renderer.add(recordOf({ shape: cart, values: [1] }));
  expect(numbersInOtlpLines(textOf(renderer))).toEqual([1]);
  expect(renderer.byteCount).toBe(0);
  expect(textOf(renderer)).toBe("");
});

test("byteCount is after each record what finish() would give, whatever scopes and resources", () => {
  const shapes = [cart, cart, bank, other, cart, bank, other, other];
  for (const lineBytesMax of [1_000_000, 600, 1]) {
    for (let count = 0; count <= shapes.length; count++) {
      const renderer = rendererOf(lineBytesMax);
      for (const [i, shape] of shapes.slice(0, count).entries())
        renderer.add(recordOf({ shape, values: [i] }));
      expect(renderer.byteCount).toBe(renderer.finish().length);
    }
  }
});

test("add() begins another line where the record has no room in the last one", () => {
  const renderer = rendererOf(600);
  for (let i = 0; i < 10; i++) renderer.add(recordOf({ shape: i % 3 === 0 ? bank : cart, values: [i] }));
  const text = textOf(renderer);
  const lines = text.split("\n").slice(0, -1);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line.length + 1).toBeLessThanOrEqual(600);
  expect(numbersInOtlpLines(text).toSorted((one, another) => one - another)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
});

test("a record that is longer than a line may be has a line of its own", () => {
  const renderer = rendererOf(1_024);
  const long = shapeOf({ scope: cart.scope, keys: ["i", "text"] });
  renderer.add(recordOf({ shape: cart, values: [1] }));
  renderer.add(recordOf({ shape: long, values: [2, "x".repeat(5_000)] }));
  renderer.add(recordOf({ shape: cart, values: [3] }));
  const lines = textOf(renderer).split("\n").slice(0, -1);
  expect(lines.map((line) => numbersInOtlpLines(`${line}\n`))).toEqual([[1], [2], [3]]);
});

test.each([1_000_000, 600, 1])(
  "takeBack() leaves the batch as it was, lines up to %i bytes",
  (lineBytesMax) => {
    const shapes = [cart, bank, cart, other, bank];
    for (let kept = 0; kept <= shapes.length; kept++) {
      const renderer = rendererOf(lineBytesMax);
      const rest = rendererOf(lineBytesMax);
      const addTo = (to: OtlpLinesRenderer, from: number, end: number): void => {
        for (let i = from; i < end; i++) to.add(recordOf({ shape: shapes[i]!, values: [i] }));
      };
      addTo(renderer, 0, kept);
      const { byteCount } = renderer;
      addTo(renderer, kept, shapes.length);
      const taken = renderer.takeBack(byteCount);
      expect(renderer.byteCount).toBe(byteCount);
      addTo(rest, 0, kept);
      expect(textOf(renderer)).toBe(textOf(rest));
      expect(numbersInOtlpLines(Buffer.from(taken).toString())).toEqual([0, 1, 2, 3, 4].slice(kept));
    }
  },
);

test("addBytes() puts what was taken back in front of what comes next", () => {
  const renderer = rendererOf();
  renderer.add(recordOf({ shape: cart, values: [1] }));
  const { byteCount } = renderer;
  renderer.add(recordOf({ shape: cart, values: [2] }));
  const taken = renderer.takeBack(byteCount);
  expect(numbersInOtlpLines(textOf(renderer))).toEqual([1]);
  renderer.addBytes(taken);
  expect(renderer.byteCount).toBe(taken.length);
  renderer.add(recordOf({ shape: bank, values: [3] }));
  expect(numbersInOtlpLines(textOf(renderer))).toEqual([2, 3]);
});

test("a resource that becomes complete within a line is that of the whole line", () => {
  const scope = scopeOf("cart", { resource: resourceOf({ "service.name": "shop" }, { pending: true }) });
  const renderer = rendererOf();
  renderer.add(recordOf({ shape: shapeOf({ scope, keys: ["i"] }), values: [1] }));
  scope.resource = resourceOf({ "service.name": "shop", "host.id": "h1" });
  renderer.add(recordOf({ shape: shapeOf({ scope, keys: ["i"] }), values: [2] }));
  const records = recordsInOtlpLines(textOf(renderer));
  expect(records.map((record) => record.resource.attributes.get("host.id"))).toEqual(["h1", "h1"]);
});

test("includeTemplate puts the template on each record", () => {
  const renderer = new OtlpLinesRenderer({ lineBytesMax: 10_000, includeTemplate: true });
  renderer.add(recordOf({ shape: shapeOf({ template: "order {id}", keys: ["id"] }), values: [7] }));
  const [record] = recordsInOtlpLines(textOf(renderer));
  expect([...record!.attributes.values()]).toContain("order {id}");
});
