import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { packedSource } from "../../../processors/worker/source-grpc.generated.ts";
import { unpackSource } from "../../../processors/worker/unpack-source.ts";

test("unpackSource() gives the text back that was packed", () => {
  const source = `exports.text = "å ${"x".repeat(1000)}";`;
  expect(unpackSource(gzipSync(source).toString("base64"))).toBe(source);
});

test("the program of gRPC is packed to less than a third, and has grpc-js in it, but not what grpc-js does not need", () => {
  const source = unpackSource(packedSource);
  expect(packedSource.length).toBeLessThan(source.length / 3);
  expect(source).toContain("Http2SubchannelConnector");
  // Of protobufjs, which only @grpc/proto-loader would bring.
  expect(source).not.toContain("protobufjs/src/");
});
