import { expect, test } from "vitest";

import { jsonRequests } from "../../../exporters/otlp/json-requests.ts";
import { protobufRequests } from "../../../exporters/otlp/protobuf-requests.ts";
import { splitRequest } from "../../../exporters/otlp/split-request.ts";

function splitJson(text: string): string[] {
  const records = jsonRequests.outline(Buffer.from(text));
  const parts = [...splitRequest(records, { codec: jsonRequests, partBytesMax: 1 })];
  return parts.map(({ bytes }) => Buffer.from(bytes).toString());
}

test("jsonRequests takes white space, any order of keys and lists that are empty", () => {
  const parts = splitJson(`{ "other" : [1, {"logRecords": []}] , "resourceLogs" : [
    { "schemaUrl": "r", "scopeLogs": [ { "logRecords" : [ {"a":1} , {"b":"]}"} ], "schemaUrl" : "s" } ] },
    { "resource": {}, "scopeLogs": [] }, { "scopeLogs": [{ "logRecords": [] }, { "scope": null }] }
  ] , "last" : true }`);
  expect(parts.map((part) => JSON.parse(part) as unknown)).toEqual(
    [{ a: 1 }, { b: "]}" }].map((record) => ({
      resourceLogs: [{ schemaUrl: "r", scopeLogs: [{ logRecords: [record], schemaUrl: "s" }] }],
    })),
  );
});

test("jsonRequests leaves numbers and escapes as they are written", () => {
  const record = String.raw`{"n":1.50e+02,"big":12345678901234567890,"t":"\u00e9\\\"","d":{"a":1,"a":2}}`;
  const [part] = splitJson(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record},{}]}]}]}`);
  expect(part).toBe(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
});

test.each([
  "",
  "[]",
  '{"resourceLogs"',
  '{"resourceLogs":[{',
  '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"a":"b]}]}]}',
  '{"resourceLogs":[{"scopeLogs":[{"logRecords":[}]}]}]}',
])("jsonRequests refuses %j", (text) => {
  expect(() => jsonRequests.outline(Buffer.from(text))).toThrow(SyntaxError);
});

test("protobufRequests keeps fields that it does not know, on whichever side of the records they stand", () => {
  // ScopeLogs { record "r"; 9: 1 (varint); record "s"; 10: 4 bytes }, below ResourceLogs { 15: "u", … }
  const scopeLogs = [0x12, 1, 0x72, 0x48, 1, 0x12, 1, 0x73, 0x55, 1, 2, 3, 4];
  const resourceLogs = [0x7a, 1, 0x75, 0x12, scopeLogs.length, ...scopeLogs];
  const records = protobufRequests.outline(Uint8Array.of(0x0a, resourceLogs.length, ...resourceLogs));
  const [, second] = [...splitRequest(records, { codec: protobufRequests, partBytesMax: 1 })];
  const partScopeLogs = [0x12, 1, 0x73, 0x48, 1, 0x55, 1, 2, 3, 4];
  const partResourceLogs = [0x7a, 1, 0x75, 0x12, partScopeLogs.length, ...partScopeLogs];
  expect([...second!.bytes]).toEqual([0x0a, partResourceLogs.length, ...partResourceLogs]);
});

test.each([
  ["ends in a length", [0x0a, 0x80]],
  ["ends in a field", [0x0a, 5, 1]],
  ["has a group", [0x0b, 0x0c]],
  ["has a varint without end", [0x0a, ...Array.from({ length: 11 }, () => 0xff)]],
])("protobufRequests refuses a request that %s", (_name, bytes) => {
  expect(() => protobufRequests.outline(Uint8Array.from(bytes))).toThrow(SyntaxError);
});
