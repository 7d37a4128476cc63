import protobuf from "protobufjs";
import { expect, test } from "vitest";

import { descriptor } from "../../proto/descriptor.ts";
import { otlpSchema } from "../../proto/schema.ts";
import { describeProtos } from "../../scripts/build-proto.ts";

/** The fields of each message: number, name, type; `*` is repeated. Copied from the specification of OTLP 1.11.0. */
const fieldTable: Readonly<Record<string, readonly string[]>> = {
  "opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest": ["1 resourceLogs ResourceLogs*"],
  "opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse": [
    "1 partialSuccess ExportLogsPartialSuccess",
  ],
  "opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess": [
    "1 rejectedLogRecords int64",
    "2 errorMessage string",
  ],
  "opentelemetry.proto.logs.v1.LogsData": ["1 resourceLogs ResourceLogs*"],
  "opentelemetry.proto.logs.v1.ResourceLogs": [
    "1 resource Resource",
    "2 scopeLogs ScopeLogs*",
    "3 schemaUrl string",
  ],
  "opentelemetry.proto.logs.v1.ScopeLogs": [
    "1 scope InstrumentationScope",
    "2 logRecords LogRecord*",
    "3 schemaUrl string",
  ],
  "opentelemetry.proto.logs.v1.LogRecord": [
    "1 timeUnixNano fixed64",
    "2 severityNumber SeverityNumber",
    "3 severityText string",
    "5 body AnyValue",
    "6 attributes KeyValue*",
    "7 droppedAttributesCount uint32",
    "8 flags fixed32",
    "9 traceId bytes",
    "10 spanId bytes",
    "11 observedTimeUnixNano fixed64",
    "12 eventName string",
  ],
  "opentelemetry.proto.resource.v1.Resource": [
    "1 attributes KeyValue*",
    "2 droppedAttributesCount uint32",
    "3 entityRefs EntityRef*",
  ],
  "opentelemetry.proto.common.v1.InstrumentationScope": [
    "1 name string",
    "2 version string",
    "3 attributes KeyValue*",
    "4 droppedAttributesCount uint32",
  ],
  "opentelemetry.proto.common.v1.KeyValue": ["1 key string", "2 value AnyValue", "3 keyStrindex int32"],
  "opentelemetry.proto.common.v1.AnyValue": [
    "1 stringValue string",
    "2 boolValue bool",
    "3 intValue int64",
    "4 doubleValue double",
    "5 arrayValue ArrayValue",
    "6 kvlistValue KeyValueList",
    "7 bytesValue bytes",
    "8 stringValueStrindex int32",
  ],
  "opentelemetry.proto.common.v1.ArrayValue": ["1 values AnyValue*"],
  "opentelemetry.proto.common.v1.KeyValueList": ["1 values KeyValue*"],
  "opentelemetry.proto.common.v1.EntityRef": [
    "1 schemaUrl string",
    "2 type string",
    "3 idKeys string*",
    "4 descriptionKeys string*",
  ],
  "google.rpc.Status": ["1 code int32", "2 message string", "3 details Any*"],
};

function fieldsOf(type: protobuf.Type): string[] {
  return type.fieldsArray
    .toSorted((left, right) => left.id - right.id)
    .map(({ id, name, type: typeName, repeated }) => {
      return `${id} ${name} ${typeName.split(".").at(-1)}${repeated ? "*" : ""}`;
    });
}

test("descriptor is what scripts/build-proto.ts makes of the .proto files", () => {
  expect(descriptor).toStrictEqual(describeProtos());
});

test.each(Object.entries(fieldTable))("%s has the fields of the specification", (name, fields) => {
  const root = protobuf.Root.fromJSON(descriptor);
  expect(fieldsOf(root.lookupType(name))).toStrictEqual(fields);
});

test("LogRecord and ResourceLogs reserve the field numbers that OTLP gave up", () => {
  const root = protobuf.Root.fromJSON(descriptor);
  expect(root.lookupType("opentelemetry.proto.logs.v1.LogRecord").reserved).toStrictEqual([[4, 4]]);
  expect(root.lookupType("opentelemetry.proto.logs.v1.ResourceLogs").reserved).toStrictEqual([[1000, 1000]]);
});

test("SeverityNumber counts four steps a level, from TRACE 1 to FATAL4 24", () => {
  const { values } = protobuf.Root.fromJSON(descriptor).lookupEnum(
    "opentelemetry.proto.logs.v1.SeverityNumber",
  );
  const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
  const steps = levels.flatMap((level) =>
    ["", "2", "3", "4"].map((step) => `SEVERITY_NUMBER_${level}${step}`),
  );
  const expected = ["SEVERITY_NUMBER_UNSPECIFIED", ...steps].map((name, index) => [name, index]);
  expect(Object.entries(values)).toStrictEqual(expected);
});

test("LogsService.Export takes and gives the messages of the specification", () => {
  const service = protobuf.Root.fromJSON(descriptor).lookupService(
    "opentelemetry.proto.collector.logs.v1.LogsService",
  );
  expect(service.methods["Export"]).toMatchObject({
    requestType: "ExportLogsServiceRequest",
    responseType: "ExportLogsServiceResponse",
  });
});

test("otlpSchema() gives the same messages at every call", () => {
  expect(otlpSchema()).toBe(otlpSchema());
});
