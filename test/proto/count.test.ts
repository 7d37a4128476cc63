import { expect, test } from "vitest";

import { countLogRecords, measureRequest } from "../../proto/count.ts";
import { DecodeError, elementCountMax } from "../../proto/decode-error.ts";
import { field, fixed32, fixed64, group, number, requestOf, requestWithBody, varint } from "./hand-made.ts";

function failureOf(bytes: Uint8Array): DecodeError {
  try {
    countLogRecords(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("countLogRecords() took what it must refuse");
}

test("countLogRecords() counts none in an empty message", () => {
  expect(countLogRecords(new Uint8Array())).toBe(0);
});

test("countLogRecords() adds up the records of all scopes and resources", () => {
  const record = field(2, field(5, field(1, "text")));
  const bytes = Buffer.concat([
    field(1, field(1, "resource"), field(2, field(1, "scope"), record, record), field(2, record)),
    field(1),
    field(1, field(2, record, field(3, "https://schema"))),
  ]);
  expect(countLogRecords(bytes)).toBe(4);
});

test("countLogRecords() does not look into a record", () => {
  expect(countLogRecords(requestOf(Uint8Array.of(0xff, 0xff)))).toBe(1);
});

test("countLogRecords() steps over unknown fields of every wire type", () => {
  const unknown = Buffer.concat([
    number(99, 2n ** 64n - 1n),
    fixed64(98, 1n),
    field(97, "x"),
    fixed32(96, 1),
    group(95, number(1, 1), group(94, field(2, "y"))),
  ]);
  const bytes = Buffer.concat([unknown, field(1, unknown, field(2, unknown, field(2), unknown)), unknown]);
  expect(countLogRecords(bytes)).toBe(1);
});

test("countLogRecords() takes a record field of another wire type for an unknown one", () => {
  expect(countLogRecords(field(1, field(2, number(2, 1))))).toBe(0);
});

test.each([
  [
    "a length beyond the end",
    Buffer.of(0x0a, 0x05, 0x00),
    "a field of 5 bytes begins 1 bytes before the end",
  ],
  [
    "a child longer than its parent",
    field(1, Buffer.of(0x12, 0x02, 0x00)),
    "a field of 2 bytes begins 1 bytes",
  ],
  ["a tag without a value", Buffer.of(0x08), "the message ends inside of a field"],
  ["a length that breaks off", Buffer.of(0x0a, 0x80), "the message ends inside of a field"],
  ["a fixed64 that breaks off", Buffer.of(0x09, 1, 2, 3), "the message ends inside of a field"],
  ["a fixed32 that breaks off", Buffer.of(0x0d, 1, 2, 3), "the message ends inside of a field"],
  ["field number 0", Buffer.of(0x02, 0x00), "field number 0 is not allowed"],
  ["wire type 6", Buffer.of(0x0e), "wire type 6 is not allowed here"],
  ["wire type 7", Buffer.of(0x0f), "wire type 7 is not allowed here"],
  ["the end of no group", Buffer.of(0x0c), "wire type 4 is not allowed here"],
  ["a group that never ends", Buffer.of(0x0b), "the message ends inside of a field"],
  ["a group that ends as another", Buffer.of(0x0b, 0x14), "group 1 ends as group 2"],
  ["a varint of 11 bytes", Buffer.of(0x08, ...Array(10).fill(0x80), 0), "a varint is longer than 10 bytes"],
  ["a length of 6 bytes", Buffer.of(0x0a, ...Array(5).fill(0x80), 0), "a length does not fit into 32 bits"],
  ["a tag above 2^32", varint(2n ** 32n), "a tag does not fit into 32 bits"],
])("countLogRecords() refuses %s", (_name, bytes, expected) => {
  const failure = failureOf(bytes);
  expect(failure.message).toContain(expected);
  expect(failure.message).toContain("it must be an ExportLogsServiceRequest in protobuf");
  expect(failure.failure).toBe("malformed");
});

test("countLogRecords() says at which byte it stopped", () => {
  expect(failureOf(Buffer.concat([number(9, 1), Buffer.of(0x0f)])).message).toContain("at byte 3 of 3");
});

test("countLogRecords() refuses groups that are nested without end", () => {
  expect(failureOf(Buffer.alloc(100_000, 0x0b)).message).toContain("groups are nested deeper than");
});

test("countLogRecords() counts as many records as there may be, and refuses one more", () => {
  const request = (recordCount: number): Buffer => {
    const records = Buffer.alloc(2 * recordCount);
    for (let index = 0; index < records.length; index += 2) records[index] = 0x12;
    return field(1, field(2, records));
  };
  // The resource and the scope count too.
  expect(countLogRecords(request(elementCountMax - 2))).toBe(elementCountMax - 2);
  expect(failureOf(request(elementCountMax - 1)).failure).toBe("too_large");
});

test("measureRequest() counts every message of a request", () => {
  const attribute = field(6, field(1, "k"), field(2, field(1, "v")));
  const list = field(5, field(5, field(1, number(3, 1)), field(1)));
  const map = field(6, field(1, "m"), field(2, field(6, field(1, field(1, "k"), field(2)))));
  // ResourceLogs, ScopeLogs and LogRecord; KeyValue and AnyValue; AnyValue, ArrayValue and two AnyValues;
  // KeyValue, AnyValue, KeyValueList, KeyValue and AnyValue.
  const expected = { recordCount: 1, elementCount: 3 + 2 + 4 + 5 };
  expect(measureRequest(requestOf(Buffer.concat([attribute, list, map])))).toStrictEqual(expected);
});

test("measureRequest() counts the attributes of resource and scope", () => {
  const resource = field(1, field(1, field(1, "k"), field(2)), field(3));
  const scope = field(1, field(3, field(1, "k"), field(2)));
  // ResourceLogs, Resource, KeyValue, AnyValue, EntityRef; ScopeLogs, InstrumentationScope, KeyValue, AnyValue.
  expect(measureRequest(field(1, resource, field(2, scope)))).toStrictEqual({
    recordCount: 0,
    elementCount: 9,
  });
});

test("measureRequest() refuses broken bytes inside of a record", () => {
  expect(() => measureRequest(requestWithBody(Buffer.of(0x0a, 0x05)))).toThrow(DecodeError);
});
