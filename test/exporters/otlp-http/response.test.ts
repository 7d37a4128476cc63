import { expect, test } from "vitest";

import { readPartialSuccess, readStatusMessage } from "../../../exporters/otlp-http/response.ts";

function body(bytes: string | readonly number[], contentType?: string) {
  return { bytes: Buffer.from(bytes as string), contentType, protocol: "http/protobuf" as const };
}

const protobuf = "application/x-protobuf";

test.each([
  ["an empty body", body("", protobuf), { rejectedCount: 0, message: "" }],
  ["an empty partial success", body([0x0a, 0x00], protobuf), { rejectedCount: 0, message: "" }],
  ["a count of one byte", body([0x0a, 0x02, 0x08, 0x05], protobuf), { rejectedCount: 5, message: "" }],
  [
    "a count of two bytes",
    body([0x0a, 0x03, 0x08, 0xac, 0x02], protobuf),
    { rejectedCount: 300, message: "" },
  ],
  [
    "a negative count",
    body([0x0a, 0x0b, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], protobuf),
    { rejectedCount: -1, message: "" },
  ],
  [
    "unknown fields of every kind around it",
    body(
      [0x10, 0x01, 0x1d, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0x04, 0x08, 0x05, 0x18, 0x07],
      protobuf,
    ),
    { rejectedCount: 5, message: "" },
  ],
  ["no content type", body([0x0a, 0x02, 0x08, 0x05]), { rejectedCount: 5, message: "" }],
  [
    "a content type with parameters",
    body('{"partialSuccess":{"rejectedLogRecords":"5"}}', "Application/JSON; charset=utf-8"),
    { rejectedCount: 5, message: "" },
  ],
])("readPartialSuccess() reads %s", (_name, response, partialSuccess) => {
  expect(readPartialSuccess(response)).toEqual(partialSuccess);
});

test.each([
  ["protobuf that is cut off", body([0x0a, 0x05, 0x08], protobuf)],
  [
    "a varint without end",
    body(
      Array.from({ length: 11 }, () => 0xff),
      protobuf,
    ),
  ],
  ["a group", body([0x0b, 0x0c], protobuf)],
  ["JSON that is cut off", body('{"partialSuccess":', "application/json")],
  ["JSON that is no object", body("null", "application/json")],
  ["a count that is no number", body('{"partialSuccess":{"rejectedLogRecords":"x"}}', "application/json")],
  ["another content type", body("<p>", "text/html")],
])("readPartialSuccess() returns undefined for %s", (_name, response) => {
  expect(readPartialSuccess(response)).toBeUndefined();
});

test("readPartialSuccess() survives JSON of any depth", () => {
  const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
  expect(readPartialSuccess(body(`{"partialSuccess":${deep}}`, "application/json"))).toEqual({
    rejectedCount: 0,
    message: "",
  });
});

test("readStatusMessage() reads field 2 of a status", () => {
  expect(readStatusMessage(body([0x08, 0x03, 0x12, 0x02, 0x6e, 0x6f, 0x1a, 0x00], protobuf))).toBe("no");
});

test("readStatusMessage() reads the message of a JSON status", () => {
  expect(readStatusMessage(body('{"code":3,"message":"no"}', "application/json"))).toBe("no");
});

test("readStatusMessage() reads plain text", () => {
  expect(readStatusMessage(body("unknown key\n", "text/plain; charset=utf-8"))).toBe("unknown key");
});

test("readStatusMessage() reads a sentence without a content type", () => {
  expect(readStatusMessage(body("Client sent an HTTP request to an HTTPS server.\n"))).toBe(
    "Client sent an HTTP request to an HTTPS server.",
  );
});

test.each([
  ["a page without a content type", body("<p>no</p>")],
  ["bytes without a content type", body([0x43, 0x00, 0xff])],
  ["an empty body", body("", protobuf)],
  ["a status without a message", body([0x08, 0x03], protobuf)],
  ["a page", body("<p>no</p>", "text/html")],
  ["protobuf that is none", body("no such thing", protobuf)],
  ["JSON without a message", body('{"error":1}', "application/json")],
  ["a message that is no text", body('{"message":{}}', "application/json")],
])("readStatusMessage() returns undefined for %s", (_name, response) => {
  expect(readStatusMessage(response)).toBeUndefined();
});
