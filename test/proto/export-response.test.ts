import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { expect, test } from "vitest";

import { DecodeError } from "../../proto/decode-error.ts";
import {
  decodeExportResponse,
  decodeStatus,
  encodeExportResponse,
  encodeStatus,
} from "../../proto/export-response.ts";
import type { OtlpEncoding } from "../../proto/export-response.ts";
import { field, number } from "./hand-made.ts";

const encodings: readonly OtlpEncoding[] = ["protobuf", "json"];
const full = { rejectedLogRecords: 0n, errorMessage: "" };
const partial = { rejectedLogRecords: 3n, errorMessage: "quota" };

test("encodeExportResponse() leaves out a partial success that says nothing", () => {
  expect(encodeExportResponse(full, "protobuf")).toHaveLength(0);
  expect(Buffer.from(encodeExportResponse(full, "json")).toString()).toBe("{}");
});

test("encodeExportResponse() writes a partial success by its field numbers", () => {
  const expected = field(1, number(1, 3), field(2, "quota"));
  expect(Buffer.from(encodeExportResponse(partial, "protobuf"))).toStrictEqual(expected);
});

test("encodeExportResponse() writes int64 as a decimal string in JSON", () => {
  const text = Buffer.from(encodeExportResponse(partial, "json")).toString();
  expect(text).toBe('{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"quota"}}');
});

test.each(encodings)("the stock deserializer reads a partial success in %s", (encoding) => {
  const serializer = encoding === "json" ? JsonLogsSerializer : ProtobufLogsSerializer;
  const { partialSuccess } = serializer.deserializeResponse(encodeExportResponse(partial, encoding));
  expect(Number(partialSuccess?.rejectedLogRecords)).toBe(3);
  expect(partialSuccess?.errorMessage).toBe("quota");
});

test.each(encodings)("decodeExportResponse() reads in %s what encodeExportResponse() writes", (encoding) => {
  for (const response of [full, partial, { rejectedLogRecords: 0n, errorMessage: "a warning" }]) {
    expect(decodeExportResponse(encodeExportResponse(response, encoding), encoding)).toStrictEqual(response);
  }
});

test("decodeExportResponse() reads an int64 to the last digit, in both encodings", () => {
  const rejectedLogRecords = 9_007_199_254_740_993n;
  const text = `{"partialSuccess":{"rejectedLogRecords":${rejectedLogRecords}}}`;
  const bytes = field(1, number(1, rejectedLogRecords));
  expect(decodeExportResponse(Buffer.from(text), "json").rejectedLogRecords).toBe(rejectedLogRecords);
  expect(decodeExportResponse(bytes, "protobuf").rejectedLogRecords).toBe(rejectedLogRecords);
});

test.each(encodings)("decodeStatus() reads in %s what encodeStatus() writes", (encoding) => {
  const status = { code: 14, message: "try later" };
  expect(decodeStatus(encodeStatus(status, encoding), encoding)).toStrictEqual(status);
});

test("encodeStatus() writes a status by its field numbers", () => {
  const expected = Buffer.concat([number(1, 3), field(2, "bad")]);
  expect(Buffer.from(encodeStatus({ code: 3, message: "bad" }, "protobuf"))).toStrictEqual(expected);
});

test.each(encodings)("decodeStatus() and decodeExportResponse() refuse a page of HTML in %s", (encoding) => {
  const page = Buffer.from("<html>502 Bad Gateway</html>");
  expect(() => decodeStatus(page, encoding)).toThrow(DecodeError);
  expect(() => decodeExportResponse(page, encoding)).toThrow(DecodeError);
});
