import { describe, expect, test } from "vitest";

import { recordOf } from "../../../src/receiver/socket/socket-record.ts";

describe("recordOf()", () => {
  test("all but the logger may be absent", () => {
    expect(recordOf({ logger: "shop" })).toEqual({
      hrTime: [0, 0],
      hrTimeObserved: [0, 0],
      resource: { attributes: {} },
      instrumentationScope: { name: "shop" },
      attributes: {},
      droppedAttributesCount: 0,
      threadId: 0,
      loggerName: "shop",
    });
  });

  test("a record of the founding library is read, with its own ideas of times, threads and source places", () => {
    const timestamp = new Uint8Array(16);
    new DataView(timestamp.buffer).setBigUint64(8, 1_700_000_000_123_456_789n);
    const record = recordOf({
      logger: "core",
      level: "WARN",
      message: "hello",
      timestamp_ns: timestamp,
      filename: "app.py",
      line_number: 12,
      module_path: "app",
      thread_id: "ThreadId(3)",
      thread_name: null,
      key_values: { user: "ada" },
    });
    expect(record).toMatchObject({
      hrTime: [1_700_000_000, 123_456_789],
      severityText: "WARN",
      severityNumber: 13,
      body: "hello",
      threadId: 3,
      attributes: {
        user: "ada",
        "code.file.path": "app.py",
        "code.line.number": 12,
        "code.namespace": "app",
      },
    });
    expect(record.attributes).not.toHaveProperty("thread.name");
  });

  test("fields that it does not know are left out, and null is absent", () => {
    const record = recordOf({ logger: "a", from_the_future: [1], event_name: null, key_values: null });
    expect(record).not.toHaveProperty("eventName");
    expect(JSON.stringify(record)).not.toContain("from_the_future");
  });

  test.each([
    [[], "a record must be a map"],
    ["text", "a record must be a map"],
    [{}, '"logger" is missing'],
    [{ logger: 7 }, '"logger" must be a text'],
    [{ logger: "a", timestamp_ns: 1.5 }, '"timestamp_ns" must be an integer of nanoseconds'],
    [{ logger: "a", timestamp_ns: "now" }, '"timestamp_ns" must be an integer of nanoseconds'],
    [{ logger: "a", timestamp_ns: new Uint8Array(3) }, '"timestamp_ns" must be an integer of nanoseconds'],
    [{ logger: "a", severity_number: 25 }, '"severity_number" must be from 0 to 24'],
    [{ logger: "a", severity_number: 1n << 60n }, '"severity_number" must be an integer within 2^53'],
    [{ logger: "a", key_values: [] }, '"key_values" must be a map'],
    [{ logger: "a", exc_info: "boom" }, '"exc_info" must be a map'],
    [{ logger: "a", trace_id: "xyz" }, '"trace_id" and "span_id" must be 32 and 16 hexadecimal digits'],
    [{ logger: "a", thread_id: {} }, '"thread_id" must be an integer, or a text with one'],
  ])("%o is refused: %s", (value, message) => {
    expect(() => recordOf(value)).toThrow(message);
  });

  test("names of Object.prototype are no fields", () => {
    expect(recordOf({ logger: "a", level: "constructor" })).not.toHaveProperty("severityNumber");
  });
});
