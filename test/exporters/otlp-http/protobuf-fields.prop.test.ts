import * as fc from "fast-check";
import protobuf from "protobufjs";
import { expect, test } from "vitest";

import { readPartialSuccess } from "../../../exporters/otlp-http/response.ts";

const schema = protobuf.parse(`
  syntax = "proto3";
  message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
`).root;
const responseType = schema.lookupType("ExportLogsServiceResponse");

test("readPartialSuccess() returns what protobufjs wrote", () => {
  const counts = fc.maxSafeInteger();
  const messages = fc.string({ unit: "grapheme", maxLength: 50 });
  fc.assert(
    fc.property(counts, messages, (rejectedLogRecords, errorMessage) => {
      const message = responseType.fromObject({ partialSuccess: { rejectedLogRecords, errorMessage } });
      const bytes = responseType.encode(message).finish();
      const response = { bytes, contentType: "application/x-protobuf", protocol: "http/protobuf" } as const;
      expect(readPartialSuccess(response)).toEqual({
        rejectedCount: rejectedLogRecords,
        message: errorMessage,
      });
    }),
  );
});

test("readPartialSuccess() returns or gives up on any bytes, and never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const response = { bytes, contentType: undefined, protocol: "http/protobuf" } as const;
      const result = readPartialSuccess(response);
      expect(result === undefined || Number.isInteger(result.rejectedCount)).toBe(true);
    }),
  );
});
