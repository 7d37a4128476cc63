import { describe, expect, test } from "vitest";

import { readPayload } from "../../../src/receiver/socket/read-payload.ts";
import { recordOf as readRecord } from "../../../src/receiver/socket/socket-record.ts";
import { recordOf, resourceOf, scopeOf, shapeOf, TEST_MILLIS } from "../../proto/otlp-records.ts";
import { payloadsOf, rendererOf } from "./frames-of.ts";

const FORMATS = ["msgpack", "cbor", "json"] as const;
const SPAN = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", flags: 1 };

describe.each(FORMATS)("SocketRenderer: %s", (format) => {
  test("a record has the fields of the protocol, by their names", () => {
    const { renderer } = rendererOf(format);
    const resource = resourceOf({ "service.name": "shop" }, { schemaUrl: "http://r" });
    const scope = scopeOf("shop.pay", {
      version: "1.2",
      schemaUrl: "http://s",
      attributes: { a: 1 },
      resource,
    });
    const shape = shapeOf({
      scope,
      template: "User {user} paid {amount}",
      keys: ["user", "amount", "exception.type"],
      eventName: "paid",
    });
    renderer.add(
      recordOf({
        shape,
        values: ["ada", 12.5, "PayError"],
        extras: { tenant: "acme", "exception.message": "no money" },
        span: SPAN,
        droppedCount: 2,
        timestamp: { seconds: 1_700_000_000, nanos: 123_456_789 },
      }),
    );
    const [payload = Buffer.alloc(0), ...others] = payloadsOf(renderer.finish());
    expect(others).toEqual([]);
    const fields = readPayload(payload) as Record<string, unknown>;
    expect(fields).toEqual({
      logger: "shop.pay",
      level: "INFO",
      message: "User ada paid 12.5",
      timestamp_ns: 1_700_000_000_123_456_789n,
      observed_timestamp_ns: BigInt(TEST_MILLIS) * 1_000_000n,
      thread_id: 0,
      key_values: { user: "ada", amount: 12.5, tenant: "acme" },
      exc_info: { type: "PayError", message: "no money" },
      trace_id: SPAN.traceId,
      span_id: SPAN.spanId,
      trace_flags: 1,
      dropped_attributes_count: 2,
      severity_number: 9,
      event_name: "paid",
      template: "User {user} paid {amount}",
      scope_version: "1.2",
      scope_schema_url: "http://s",
      scope_attributes: { a: 1 },
      resource: { "service.name": "shop" },
      resource_schema_url: "http://r",
    });
    // The order of the founding library first.
    expect(Object.keys(fields).slice(0, 4)).toEqual(["logger", "level", "message", "timestamp_ns"]);
  });

  test("what a record does not have is left out", () => {
    const { renderer } = rendererOf(format);
    const shape = shapeOf({ severityNumber: 0, severityText: "", keys: ["gone"] });
    renderer.add(recordOf({ shape, values: [undefined] }));
    const [payload = Buffer.alloc(0)] = payloadsOf(renderer.finish());
    expect(readPayload(payload)).toEqual({
      logger: "test",
      level: "UNSPECIFIED",
      timestamp_ns: BigInt(TEST_MILLIS) * 1_000_000n,
      thread_id: 0,
      key_values: {},
    });
  });

  test("a message is escaped once, whether values change it or not", () => {
    const { renderer } = rendererOf(format);
    const text = 'say "hi"\n\\ é';
    renderer.add(recordOf({ shape: shapeOf({ template: text, body: "plain" }) }));
    renderer.add(recordOf({ shape: shapeOf({ template: '"{a}"\t{{x}}', keys: ["a"] }), values: ['q"é'] }));
    const records = payloadsOf(renderer.finish()).map((payload) => readRecord(readPayload(payload)));
    expect(records.map(({ body }) => body)).toEqual([text, '"q"é"\t{x}']);
  });

  test("a message may be much longer or shorter than the one before it", () => {
    const { renderer } = rendererOf(format);
    const shape = shapeOf({ template: "{a}", keys: ["a"] });
    const texts = ["", "x".repeat(70_000), "y", "z".repeat(300), "", "w".repeat(40)];
    for (const text of texts) renderer.add(recordOf({ shape, values: [text] }));
    const records = payloadsOf(renderer.finish()).map((payload) => readRecord(readPayload(payload)));
    expect(records.map(({ body }) => body)).toEqual(texts);
  });

  test("a record whose frame is too long is refused, and the batch is as it was", () => {
    const { renderer, troubles } = rendererOf(format, { frameBytesMax: 1_024 });
    const shape = shapeOf({ template: "{a}", keys: ["a"] });
    renderer.add(recordOf({ shape, values: ["first"] }));
    const { byteCount } = renderer;
    for (let i = 0; i < 2; i++) {
      expect(() => renderer.add(recordOf({ shape, values: ["x".repeat(2_000)] }))).toThrow(RangeError);
    }
    expect(renderer.byteCount).toBe(byteCount);
    renderer.add(recordOf({ shape, values: ["second"] }));
    const records = payloadsOf(renderer.finish()).map((payload) => readRecord(readPayload(payload)));
    expect(records.map(({ body }) => body)).toEqual(["first", "second"]);
    // Said once a batch.
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toMatch(
      /^Cannot send a record of logger "test": its frame has \d+ bytes, may have 1024 \("frameBytesMax"\); counted as export_failed$/,
    );
  });

  test("a resource whose attributes have come later is in the records after it", () => {
    const { renderer } = rendererOf(format);
    const scope = scopeOf("late", { resource: resourceOf({ a: 1 }, { pending: true }) });
    const shape = shapeOf({ scope });
    renderer.add(recordOf({ shape }));
    scope.resource = resourceOf({ a: 1, b: 2 });
    renderer.add(recordOf({ shape }));
    const records = payloadsOf(renderer.finish()).map((payload) => readRecord(readPayload(payload)));
    expect(records.map(({ resource }) => resource.attributes)).toEqual([{ a: 1 }, { a: 1, b: 2 }]);
  });

  test("includeResource: false leaves the resource out", () => {
    const { renderer } = rendererOf(format, { includeResource: false });
    renderer.add(recordOf({ shape: shapeOf({ scope: scopeOf("x", { resource: resourceOf({ a: 1 }) }) }) }));
    const [payload = Buffer.alloc(0)] = payloadsOf(renderer.finish());
    expect(readPayload(payload)).not.toHaveProperty("resource");
  });

  test.each([
    [0, 0],
    [1, 5],
    [4_294_967_295, 999_999_999],
    [18_446_744_072, 999_999_999],
    [-1, 999_999_999],
    [-9_000_000_000, 1],
  ])("%i s and %i ns since 1970 arrive exactly", (seconds, nanos) => {
    const { renderer } = rendererOf(format);
    renderer.add(recordOf({ timestamp: { seconds, nanos } }));
    const [payload = Buffer.alloc(0)] = payloadsOf(renderer.finish());
    expect(readRecord(readPayload(payload)).hrTime).toEqual([seconds, nanos]);
  });

  test("finish() of an empty batch gives no bytes, also after a full one", () => {
    const { renderer } = rendererOf(format);
    expect(renderer.finish()).toHaveLength(0);
    renderer.add(recordOf({}));
    expect(renderer.finish().length).toBeGreaterThan(0);
    expect(renderer.byteCount).toBe(0);
    expect(renderer.finish()).toHaveLength(0);
  });
});

test.each(["msgpack", "cbor"] as const)("%s: values around where a head grows by two bytes", (format) => {
  const { renderer } = rendererOf(format, { frameBytesMax: 16_777_216 });
  const values = [
    ...[65_535, 65_536].map((length) => "x".repeat(length)),
    ...[65_535, 65_536].map((length) => new Uint8Array(length).fill(7)),
    ...[65_535, 65_536].map((length) => Array.from({ length }, () => 1)),
    Object.fromEntries(Array.from({ length: 65_536 }, (_, i) => [`key ${i}`, i])),
  ];
  const shape = shapeOf({ keys: values.map((_, i) => `v${i}`) });
  renderer.add(recordOf({ shape, values }));
  const [payload = Buffer.alloc(0)] = payloadsOf(renderer.finish());
  expect(Object.values(readRecord(readPayload(payload)).attributes)).toEqual(values);
});
