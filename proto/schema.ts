import protobuf from "protobufjs/light.js";
import type { Type } from "protobufjs/light.js";

import { descriptor } from "./descriptor.ts";

/** The messages that go over the wire as a whole, each with `encode` and `decode`. */
export interface OtlpSchema {
  readonly exportLogsServiceRequest: Type;
  readonly exportLogsServiceResponse: Type;
  readonly status: Type;
}

let schema: OtlpSchema | undefined;

/**
 * The definitions of the .proto files, ready for use. Built at the first call, kept for the thread's life; reads no
 * file. Whoever imports this module loads `protobufjs`, so only decoders do.
 *
 * @see OTLP 1.11.0, logs_service.proto; google/rpc/status.proto
 */
export function otlpSchema(): OtlpSchema {
  schema ??= buildSchema();
  return schema;
}

function buildSchema(): OtlpSchema {
  const root = protobuf.Root.fromJSON(descriptor);
  const collector = "opentelemetry.proto.collector.logs.v1";
  return {
    exportLogsServiceRequest: root.lookupType(`${collector}.ExportLogsServiceRequest`),
    exportLogsServiceResponse: root.lookupType(`${collector}.ExportLogsServiceResponse`),
    status: root.lookupType("google.rpc.Status"),
  };
}
