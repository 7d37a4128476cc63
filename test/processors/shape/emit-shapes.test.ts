import { expect, test } from "vitest";

import { DEFAULT_ENCODER_LIMITS, RECORD_TOO_LARGE } from "../../../processors/shape/value-writer.ts";
import { recordFrom, RecordPipe, valuesOf, type RecordDescription } from "../../support/frames.ts";

const SPAN = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00F067AA0BA902B7", traceFlags: 0x101 };

function readAll(descriptions: readonly RecordDescription[]): ReturnType<RecordPipe["read"]> {
  const pipe = new RecordPipe();
  for (const description of descriptions) expect(pipe.publish(description)).toBe(true);
  return pipe.read();
}

test("a record of values is read as it was emitted", () => {
  const record = recordFrom({
    severityNumber: 18,
    severityText: "emerg",
    eventName: "order.paid",
    body: { text: ["a", 1n] },
    attributes: { a: 1, b: undefined, c: null },
    bound: { b: "bound", d: 4 },
    span: SPAN,
    timestamp: [1_700_000_000, 999_999_999],
    millis: 1_700_000_001_500,
    droppedCount: 3,
  });
  expect(record.shape).toMatchObject({
    severityNumber: 18,
    severityText: "emerg",
    eventName: "order.paid",
    body: "value",
  });
  expect(valuesOf(record)).toStrictEqual({
    positional: [{ text: ["a", 1n] }],
    attributes: { a: 1, c: null, d: 4 },
  });
  expect(record.bytes.toString("hex", record.spanAt, record.spanAt + 24)).toBe(
    (SPAN.traceId + SPAN.spanId).toLowerCase(),
  );
  expect(record.traceFlags).toBe(1);
  expect([record.timeSeconds, record.timeNanos]).toStrictEqual([1_700_000_000, 999_999_999]);
  expect([record.observedSeconds, record.observedNanos]).toStrictEqual([1_700_000_001, 500_000_000]);
  expect(record.droppedCount).toBe(3);
});

test("a record without body, attributes, span and event name has none", () => {
  const record = recordFrom({});
  expect(record.shape).toMatchObject({ body: "none", argumentCount: 0, keys: [], eventName: undefined });
  expect(valuesOf(record)).toStrictEqual({ positional: [], attributes: {} });
  expect([record.spanAt, record.droppedCount, record.traceFlags, record.extrasAt()]).toStrictEqual([
    -1, 0, 0, -1,
  ]);
  expect(record.hasTimestamp).toBe(false);
});

test("records share a shape when only their values differ", () => {
  const [first, second, third] = readAll([
    { body: "a", attributes: { x: 1 } },
    { body: { b: 1 }, attributes: { x: "2" } },
    { body: "a", attributes: { y: 1 } },
  ]);
  expect(second?.shape).toBe(first?.shape);
  expect(third?.shape).not.toBe(first?.shape);
});

test("severity text and event name are told apart, wherever the one ends and the other begins", () => {
  const records = readAll([
    { severityText: "A B", eventName: "C" },
    { severityText: "A", eventName: "B C" },
    { severityText: "A B C" },
    { severityText: "A", eventName: "" },
    { severityText: "A" },
    { severityText: "A", eventName: "\u0000" },
    { severityText: "", eventName: "undefined" },
  ]);
  expect(records.map(({ shape }) => [shape.severityText, shape.eventName])).toStrictEqual([
    ["A B", "C"],
    ["A", "B C"],
    ["A B C", undefined],
    ["A", ""],
    ["A", undefined],
    ["A", "\u0000"],
    ["", "undefined"],
  ]);
});

test("more than eight sets of keys arrive as they are, bound attributes beside them", () => {
  const descriptions = Array.from({ length: 12 }, (_, i) => ({
    attributes: { [`k${i}`]: i, k0: "own" },
    bound: { k0: "bound", b: 1 },
  }));
  const records = readAll(descriptions);
  expect(records.map((record) => valuesOf(record).attributes)).toStrictEqual(
    descriptions.map(({ attributes }) => ({ b: 1, ...attributes })),
  );
  expect(records[11]?.shape.keys).toStrictEqual([]);
});

test("attributes beyond attributeCountMax are counted, not kept", () => {
  const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, i]));
  const record = recordFrom({
    attributes,
    droppedCount: 2,
    limits: { ...DEFAULT_ENCODER_LIMITS, attributeCountMax: 3 },
  });
  expect(valuesOf(record).attributes).toStrictEqual({ k0: 0, k1: 1, k2: 2 });
  expect(record.droppedCount).toBe(9);
});

test("values are cut to valueLengthMax, keys and event names are not, however many sets of keys there are", () => {
  const limits = { ...DEFAULT_ENCODER_LIMITS, valueLengthMax: 2 };
  const descriptions = Array.from({ length: 12 }, (_, i) => ({
    attributes: { [`key${i}`]: "abcdef" },
    eventName: "long.name",
    limits,
  }));
  for (const [i, record] of readAll(descriptions).entries()) {
    expect(valuesOf(record).attributes).toStrictEqual({ [`key${i}`]: "ab" });
    expect(record.shape.eventName).toBe("long.name");
  }
});

test("more than 256 kinds of records arrive as they are", () => {
  const records = readAll(Array.from({ length: 300 }, (_, i) => ({ eventName: `e${i}`, attributes: { i } })));
  expect(records.map(({ shape }) => shape.eventName)).toStrictEqual(
    Array.from({ length: 300 }, (_, i) => `e${i}`),
  );
  expect(records.map((record) => valuesOf(record).attributes["i"])).toStrictEqual(
    Array.from({ length: 300 }, (_, i) => i),
  );
});

test("getters that throw, and attributes that do not tell their keys, leave the rest whole", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const attributes = {
    get bad(): never {
      throw new Error("no");
    },
    good: 1,
  };
  expect(valuesOf(recordFrom({ body: "b", attributes })).attributes).toStrictEqual({
    bad: "[Throws: no]",
    good: 1,
  });
  expect(valuesOf(recordFrom({ body: "b", attributes: proxy }))).toStrictEqual({
    positional: ["b"],
    attributes: {},
  });
});

test("a record that outgrows recordBytesMax throws RECORD_TOO_LARGE, and the next one is whole", () => {
  const pipe = new RecordPipe();
  const limits = { ...DEFAULT_ENCODER_LIMITS, recordBytesMax: 100_000 };
  expect(() => pipe.encode({ body: "x".repeat(200_000), limits })).toThrow(RECORD_TOO_LARGE);
  pipe.publish({ body: "next", limits });
  expect(pipe.read().map((record) => valuesOf(record).positional)).toStrictEqual([["next"]]);
});

test("span ids that are no hexadecimal digits, or too short, do not throw", () => {
  const record = recordFrom({ span: { traceId: "xyz", spanId: "é", traceFlags: -1 } });
  expect(record.bytes.toString("hex", record.spanAt, record.spanAt + 24)).toMatch(/^[0-9a-f]{48}$/);
  expect(record.traceFlags).toBe(255);
});
