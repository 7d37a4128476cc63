import { describe, expect, test } from "vitest";

import { countLogRecords } from "../../proto/count.ts";
import { decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { recordOf, resourceOf, scopeOf, shapeOf, type RecordParts } from "./otlp-records.ts";

const encodings = [
  { name: "OtlpProtobufRenderer", Renderer: OtlpProtobufRenderer, decode: decodeLogs },
  { name: "OtlpJsonRenderer", Renderer: OtlpJsonRenderer, decode: decodeLogsJson },
] as const;

describe.each(encodings)("$name", ({ Renderer, decode }) => {
  function addAll(renderer: OtlpProtobufRenderer | OtlpJsonRenderer, records: readonly RecordParts[]): void {
    for (const record of records) renderer.add(recordOf(record));
  }

  test("finish() gives no bytes for an empty batch, also after a full one", () => {
    const renderer = new Renderer();
    expect(renderer.finish()).toHaveLength(0);
    addAll(renderer, [{}]);
    renderer.finish();
    expect(renderer.finish()).toHaveLength(0);
  });

  test("finish() gives resource and scope with name, version, attributes and schema URL", () => {
    const resource = resourceOf(
      { "service.name": "shop", pid: 4711, tags: ["a", 1], gone: undefined },
      { schemaUrl: "https://opentelemetry.io/schemas/1.45.0" },
    );
    const scope = scopeOf("shop.checkout", {
      resource,
      version: "1.2.3",
      schemaUrl: "https://example.org/schema",
      attributes: { team: "blue", naïve: true },
    });
    const renderer = new Renderer();
    addAll(renderer, [{ shape: shapeOf({ scope }) }]);
    const [record] = decode(renderer.finish());
    expect(record?.resource).toEqual({
      attributes: new Map<string, unknown>([
        ["service.name", "shop"],
        ["pid", 4711n],
        ["tags", ["a", 1n]],
      ]),
      droppedAttributesCount: 0,
      schemaUrl: "https://opentelemetry.io/schemas/1.45.0",
    });
    expect(record?.scope).toEqual({
      name: "shop.checkout",
      version: "1.2.3",
      attributes: new Map<string, unknown>([
        ["team", "blue"],
        ["naïve", true],
      ]),
      droppedAttributesCount: 0,
      schemaUrl: "https://example.org/schema",
    });
  });

  test("a scope without name, version, attributes and schema URL, of a resource without any, is still one", () => {
    const renderer = new Renderer();
    addAll(renderer, [{ shape: shapeOf({ scope: scopeOf("") }) }]);
    const [record] = decode(renderer.finish());
    expect(record?.scope.name).toBe("");
    expect(record?.resource.attributes.size).toBe(0);
  });

  test("records are grouped by scope, scopes by resource, each in the order of its first record", () => {
    const one = resourceOf({ name: "one" });
    const two = resourceOf({ name: "two" });
    const shapes = [
      scopeOf("a", { resource: one }),
      scopeOf("b", { resource: two }),
      scopeOf("c", { resource: one }),
    ].map((scope) => shapeOf({ scope, keys: ["n"] }));
    const renderer = new Renderer();
    addAll(
      renderer,
      [0, 1, 2, 0, 2, 1].map((shape, n) => ({ shape: shapes[shape] as Shape, values: [n] })),
    );
    const records = decode(renderer.finish());
    expect(
      records.map((record) => [
        record.resource.attributes.get("name"),
        record.scope.name,
        record.attributes.get("n"),
      ]),
    ).toEqual([
      ["one", "a", 0n],
      ["one", "a", 3n],
      ["one", "c", 2n],
      ["one", "c", 4n],
      ["two", "b", 1n],
      ["two", "b", 5n],
    ]);
    expect(new Set(records.map((record) => record.resource)).size).toBe(2);
    expect(new Set(records.map((record) => record.scope)).size).toBe(3);
  });

  test("definitions are told apart by identity: two that look alike are two", () => {
    const renderer = new Renderer();
    addAll(renderer, [
      { shape: shapeOf({ scope: scopeOf("a") }) },
      { shape: shapeOf({ scope: scopeOf("a") }) },
    ]);
    expect(new Set(decode(renderer.finish()).map((record) => record.scope)).size).toBe(2);
  });

  test("two shapes of one scope share its group", () => {
    const scope = scopeOf("a");
    const renderer = new Renderer();
    addAll(renderer, [
      { shape: shapeOf({ scope }) },
      { shape: shapeOf({ scope, keys: ["k"] }), values: [1] },
    ]);
    expect(new Set(decode(renderer.finish()).map((record) => record.scope)).size).toBe(1);
  });

  test("the next batch holds its own records only, in scopes that were there before and in new ones", () => {
    const scopes = [scopeOf("a"), scopeOf("b"), scopeOf("c")];
    const shapes = scopes.map((scope) => shapeOf({ scope, keys: ["n"] }));
    const renderer = new Renderer();
    for (const [first, second] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      addAll(renderer, [
        { shape: shapes[first] as Shape, values: [first] },
        { shape: shapes[second] as Shape, values: [second] },
      ]);
      expect(
        decode(renderer.finish()).map((record) => [record.scope.name, record.attributes.get("n")]),
      ).toEqual([
        [scopes[first]?.name, BigInt(first)],
        [scopes[second]?.name, BigInt(second)],
      ]);
    }
  });

  test("a pending resource is written anew in each batch; a complete one as it was first", () => {
    const resource = resourceOf({ host: "?" }, { pending: true });
    const shape = shapeOf({ scope: scopeOf("a", { resource }) });
    const renderer = new Renderer();
    const hosts: unknown[] = [];
    for (const [host, pending] of [
      ["?", true],
      ["h1", false],
      ["h2", false],
    ] as const) {
      (resource.attributes as Record<string, unknown>)["host"] = host;
      resource.pending = pending;
      addAll(renderer, [{ shape }]);
      hosts.push(decode(renderer.finish())[0]?.resource.attributes.get("host"));
    }
    expect(hosts).toEqual(["?", "h1", "h1"]);
  });

  test("a scope that has got another resource goes under that", () => {
    const scope = scopeOf("a", { resource: resourceOf({ host: "?" }, { pending: true }) });
    const renderer = new Renderer();
    addAll(renderer, [{ shape: shapeOf({ scope }) }]);
    scope.resource = resourceOf({ host: "h1" });
    expect(decode(renderer.finish())[0]?.resource.attributes.get("host")).toBe("h1");
  });

  test("fragments of another renderer on a shape are replaced, not used", () => {
    const shape = shapeOf({ keys: ["k"] });
    for (const { Renderer: Other, decode: decodeOther } of encodings) {
      const other = new Other({ includeTemplate: true });
      addAll(other, [{ shape, values: [1] }]);
      expect(decodeOther(other.finish())).toHaveLength(1);
      const renderer = new Renderer();
      addAll(renderer, [{ shape, values: [2] }]);
      expect(decode(renderer.finish()).map((record) => record.attributes.get("k"))).toEqual([2n]);
    }
  });

  test("byteCount grows with each record, is never more than the bytes of the request, and begins anew", () => {
    const shape = shapeOf();
    const renderer = new Renderer();
    expect(renderer.byteCount).toBe(0);
    let before = 0;
    for (let n = 0; n < 3; n++) {
      addAll(renderer, [{ shape, extras: { text: "x".repeat(100) } }]);
      expect(renderer.byteCount).toBeGreaterThan(before + 100);
      before = renderer.byteCount;
    }
    const bytes = renderer.finish();
    expect(bytes.length).toBeGreaterThanOrEqual(before);
    expect(bytes.length - before).toBeLessThan(120);
    expect(renderer.byteCount).toBe(0);
  });

  test("10,000 records of 5 scopes come out once each, in the order of their scope", () => {
    const resource = resourceOf({ "service.name": "shop" });
    const shapes = Array.from({ length: 5 }, (_, n) =>
      shapeOf({ scope: scopeOf(`scope${n}`, { resource }), template: "record {n}", keys: ["n"] }),
    );
    const renderer = new Renderer();
    for (let n = 0; n < 10_000; n++) renderer.add(recordOf({ shape: shapes[n % 5] as Shape, values: [n] }));
    const records = decode(renderer.finish());
    const numbers = records.map((record) => Number(record.attributes.get("n")));
    const expected = Array.from({ length: 10_000 }, (_, i) => (i % 2_000) * 5 + Math.floor(i / 2_000));
    expect(numbers).toEqual(expected);
    expect(records.every((record, i) => record.body === `record ${numbers[i]}`)).toBe(true);
  });

  test("texts of 1 MB are kept whole: as attribute, inside of a map, in the body, and beside small ones", () => {
    const text = `é${"x\n".repeat(524_288)}`;
    const shape = shapeOf({ template: "got {text}", keys: ["small", "text", "last"] });
    const renderer = new Renderer();
    addAll(renderer, [
      { shape, values: [1, text, true], extras: { map: { list: [text] } } },
      { shape, values: [2, "", false] },
    ]);
    const [large, small] = decode(renderer.finish());
    expect(large?.attributes.get("text") === text).toBe(true);
    expect(large?.attributes.get("map")).toEqual(new Map([["list", [text]]]));
    expect(large?.body === `got ${text}`).toBe(true);
    expect(large?.attributes.get("last")).toBe(true);
    expect(small?.body).toBe("got ");
  });

  test("values nested as deeply as the encoder lets them come out", () => {
    let value: unknown = "leaf";
    for (let level = 0; level < 64; level++) value = level % 2 === 0 ? [value] : { k: value };
    const renderer = new Renderer();
    addAll(renderer, [{ extras: { deep: value } }]);
    let inner: unknown = decode(renderer.finish())[0]?.attributes.get("deep");
    for (let level = 63; level >= 0; level--) {
      inner = level % 2 === 0 ? (inner as unknown[])[0] : (inner as ReadonlyMap<string, unknown>).get("k");
    }
    expect(inner).toBe("leaf");
  });

  test("includeTemplate adds the template as message.template, whatever its holes", () => {
    const renderer = new Renderer({ includeTemplate: true });
    addAll(renderer, [
      { shape: shapeOf({ template: 'user "{k}" came', keys: ["k"] }), values: [7] },
      { shape: shapeOf({ template: "as it is" }) },
      { shape: shapeOf({ body: "value" }), values: ["no template"] },
    ]);
    expect(
      decode(renderer.finish(), { duplicateKeys: "error" }).map((record) => [...record.attributes]),
    ).toEqual([
      [
        ["k", 7n],
        ["message.template", 'user "{k}" came'],
      ],
      [["message.template", "as it is"]],
      [],
    ]);
  });

  test("includeTemplate leaves an attribute of the caller's named message.template alone", () => {
    const renderer = new Renderer({ includeTemplate: true });
    const template = "a template";
    const plain = shapeOf({ template });
    addAll(renderer, [
      { shape: shapeOf({ template, keys: ["message.template"] }), values: ["mine"] },
      { shape: plain, extras: { a: 1, "message.template": "mine" } },
      { shape: plain, extras: { a: 1 } },
    ]);
    const records = decode(renderer.finish(), { duplicateKeys: "error" });
    expect(records.map((record) => record.attributes.get("message.template"))).toEqual([
      "mine",
      "mine",
      template,
    ]);
  });

  test("without includeTemplate no record carries its template", () => {
    const renderer = new Renderer();
    addAll(renderer, [{ shape: shapeOf({ template: "user {k}", keys: ["k"] }), values: [1] }]);
    expect([...(decode(renderer.finish())[0]?.attributes.keys() ?? [])]).toEqual(["k"]);
  });
});

test("finish() of OtlpProtobufRenderer gives as many records as were added, by a walker of its own", () => {
  const renderer = new OtlpProtobufRenderer();
  for (let n = 0; n < 300; n++) renderer.add(recordOf({ extras: { text: "x".repeat(n) } }));
  expect(countLogRecords(renderer.finish())).toBe(300);
});
