import { expect, test } from "vitest";

import { takeThreadSlot } from "../../../processors/queue/threads.ts";
import { ShapeDictionary } from "../../../processors/shape/dictionary.ts";
import {
  FLAG_DROPPED,
  FLAG_EXTRAS,
  FLAG_INLINE,
  FLAG_SPAN,
  FLAG_TIMESTAMP,
} from "../../../processors/shape/frame.ts";
import type { RecordCursor } from "../../../processors/shape/record-cursor.ts";
import { readValue } from "../../../processors/shape/value-reader.ts";
import { recordFrom, RecordPipe, valuesOf, type RecordDescription } from "../../support/frames.ts";

const SPAN = { traceId: "0123456789abcdef0123456789abcdef", spanId: "fedcba9876543210", traceFlags: 1 };

/** The optional parts of a frame, each with what it is read as. */
const PARTS: readonly { readonly description: RecordDescription; readonly flag: number }[] = [
  { description: { timestamp: [5, 7] }, flag: FLAG_TIMESTAMP },
  { description: { span: SPAN }, flag: FLAG_SPAN },
  { description: { droppedCount: 9 }, flag: FLAG_DROPPED },
  { description: { isInline: true }, flag: FLAG_INLINE },
  { description: { bound: { request: "r1" } }, flag: FLAG_EXTRAS },
];

test("every combination of a frame's optional parts is read where it stands", () => {
  for (let mask = 0; mask < 1 << PARTS.length; mask++) {
    const parts = PARTS.filter((_, i) => (mask & (1 << i)) !== 0);
    const description: RecordDescription = Object.assign(
      { template: "%s {a}", arguments: ["x"], attributes: { a: 1, b: [2] } },
      ...parts.map((part) => part.description),
    ) as RecordDescription;
    const record = recordFrom(description);
    expect(record.flags).toBe(parts.reduce((flags, { flag }) => flags | flag, 0));
    expect(valuesOf(record)).toStrictEqual({
      positional: ["x"],
      attributes: { a: 1, b: [2], ...description.bound },
    });
    expect(record.shape).toMatchObject({
      template: "%s {a}",
      body: "printf",
      keys: ["a", "b"],
      argumentCount: 1,
    });
    expect(record.hasTimestamp).toBe(description.timestamp !== undefined);
    expect(record.timeNanos).toBe(description.timestamp?.[1] ?? 123_000_000);
    expect(record.traceFlags).toBe(description.span?.traceFlags ?? 0);
    expect(record.droppedCount).toBe(description.droppedCount ?? 0);
    expect(record.definitionAt >= 0).toBe(description.isInline === true);
  }
});

test("load() of the next frame forgets what the one before had", () => {
  const pipe = new RecordPipe();
  pipe.publish({
    template: "all",
    timestamp: [1, 2],
    span: SPAN,
    droppedCount: 3,
    bound: { a: 1 },
    isInline: true,
  });
  pipe.publish({ template: "none" });
  const [all, none] = pipe.read();
  const id = all?.load(none?.frameAt ?? 0);
  expect(id).toBeGreaterThan(0);
  expect([
    all?.spanAt,
    all?.droppedCount,
    all?.definitionAt,
    all?.hasTimestamp,
    all?.hasExtras,
  ]).toStrictEqual([-1, 0, -1, false, false]);
  expect(all?.frameEnd).toBe(none?.frameEnd);
});

test.each([
  { millis: 0, seconds: 0, nanos: 0 },
  { millis: 1_700_000_000_000, seconds: 1_700_000_000, nanos: 0 },
  { millis: 1_700_000_000_123.25, seconds: 1_700_000_000, nanos: 123_250_000 },
  { millis: 1_700_000_000_999.999_8, seconds: 1_700_000_000, nanos: 999_999_755 },
  { millis: -1, seconds: -1, nanos: 999_000_000 },
])("$millis ms is $seconds s and $nanos ns", ({ millis, seconds, nanos }) => {
  const record = recordFrom({ template: "x", millis });
  expect([record.timeSeconds, record.timeNanos]).toStrictEqual([seconds, nanos]);
  expect([record.observedSeconds, record.observedNanos]).toStrictEqual([seconds, nanos]);
});

test("valueAt() finds each value, whatever stands before it", () => {
  const values = [
    null,
    "x".repeat(300),
    { a: [1, { b: "c" }] },
    1n,
    Buffer.alloc(70_000),
    "é",
    0.5,
    undefined,
    true,
  ];
  const record = recordFrom({ template: "x", arguments: values });
  const read = values.map((_, i) => readValue(record.bytes, record.view, record.valueAt(i)));
  expect(read).toStrictEqual(values.map((value) => (Buffer.isBuffer(value) ? new Uint8Array(value) : value)));
});

test("a record of 10 MB goes through the large area and comes out as it was, with its thread", () => {
  const text = "0123456789".repeat(1_000_000);
  const record = recordFrom({ template: "big {text}", attributes: { text }, bound: { b: 1 } });
  expect(valuesOf(record).attributes["text"] === text).toBe(true);
  expect(record.shape.template).toBe("big {text}");
});

test("slots of the large area are free again when the records in them are done", () => {
  const pipe = new RecordPipe();
  for (let round = 0; round < 100; round++) {
    const body = Buffer.alloc(200_000, round);
    expect(pipe.publish({ body })).toBe(true);
    const [record] = pipe.read();
    expect(body.equals(valuesOf(record as RecordCursor).positional[0] as Uint8Array)).toBe(true);
    pipe.release();
  }
});

test("an inline definition names a scope by id, or brings a scope along that had no room", () => {
  const name = "n".repeat(20_000);
  const record = recordFrom({ template: "x", scope: { name, version: "1" } });
  expect(record.shape.scope).toMatchObject({
    name,
    version: "1",
    resource: { attributes: { "service.name": "shop" } },
  });
  expect(recordFrom({ template: "x", isInline: true }).shape.scope.name).toBe("shop");
});

test("records of two threads with the same id have each its own shape", () => {
  const pipe = new RecordPipe();
  pipe.publish({ template: "here" });
  const [here] = pipe.read();
  const lane = takeThreadSlot(pipe.arena);
  const dictionary = new ShapeDictionary(pipe.arena, lane);
  const scope = dictionary.defineScope({ name: "there" }, { attributes: {} });
  const id = dictionary.defineShape({
    scope,
    severityNumber: 1,
    severityText: "TRACE",
    body: "plain",
    template: "there",
    argumentCount: 0,
    keys: [],
  });
  expect(id).toBe(1);
  expect(here?.shape.template).toBe("here");
  expect(pipe.shapes.find(lane, id)).toMatchObject({ template: "there", scope: { name: "there" } });
});
