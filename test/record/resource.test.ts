import { readFileSync } from "node:fs";

import { defaultResource as stockDefaultResource } from "@opentelemetry/resources";
import { expect, test } from "vitest";

import {
  defaultResource,
  parseResourceAttributes,
  SDK_VERSION,
  type Environment,
} from "../../src/record/resource.ts";

function attributesWith(env: Environment): Readonly<Record<string, unknown>> {
  return defaultResource({ env }).resource.attributes;
}

test("defaultResource() tells of the SDK, the process, its runtime and its host", () => {
  const facts = { env: {}, pid: 42, argv0: "node", runtimeVersion: "24.0.0", hostName: "web-1" };
  expect(defaultResource(facts)).toEqual({
    resource: {
      attributes: {
        "service.name": "unknown_service:node",
        "telemetry.sdk.language": "nodejs",
        "telemetry.sdk.name": "femtologging",
        "telemetry.sdk.version": SDK_VERSION,
        "process.pid": 42,
        "process.runtime.name": "nodejs",
        "process.runtime.version": "24.0.0",
        "host.name": "web-1",
      },
    },
    warnings: [],
  });
});

test("defaultResource() reads of the running process what it is not told", () => {
  expect(defaultResource().resource.attributes).toMatchObject({
    "process.pid": process.pid,
    "process.runtime.version": process.versions.node,
  });
});

test("defaultResource() leaves host.name out when the host is not known", () => {
  expect(attributesWith({})).not.toHaveProperty(["host.name"]);
});

test("defaultResource() calls an unnamed service what the OpenTelemetry SDK calls it", () => {
  expect(attributesWith({})["service.name"]).toBe(stockDefaultResource().attributes["service.name"]);
});

test("defaultResource() calls the service unknown_service when not even the command is known", () => {
  expect(defaultResource({ env: {}, argv0: "" }).resource.attributes["service.name"]).toBe("unknown_service");
});

test("defaultResource() lets OTEL_SERVICE_NAME win over OTEL_RESOURCE_ATTRIBUTES", () => {
  const attributes = attributesWith({
    OTEL_SERVICE_NAME: "shop",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=other",
  });
  expect(attributes["service.name"]).toBe("shop");
});

test("defaultResource() takes an empty OTEL_SERVICE_NAME for an unset one", () => {
  const attributes = attributesWith({
    OTEL_SERVICE_NAME: "",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=other",
  });
  expect(attributes["service.name"]).toBe("other");
});

test("defaultResource() lets the environment win over what the process finds out", () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: "host.name=pod-7,deployment.environment.name=test" };
  expect(defaultResource({ env, hostName: "web-1" }).resource.attributes).toMatchObject({
    "host.name": "pod-7",
    "deployment.environment.name": "test",
  });
});

test("defaultResource() does not let the environment rename the SDK", () => {
  const attributes = attributesWith({ OTEL_RESOURCE_ATTRIBUTES: "telemetry.sdk.name=opentelemetry" });
  expect(attributes["telemetry.sdk.name"]).toBe("femtologging");
});

test("defaultResource() ignores a faulty OTEL_RESOURCE_ATTRIBUTES as a whole and says so", () => {
  const { resource, warnings } = defaultResource({
    env: { OTEL_RESOURCE_ATTRIBUTES: "service.name=shop,secret" },
    argv0: "node",
  });
  expect(resource.attributes["service.name"]).toBe("unknown_service:node");
  expect(warnings).toEqual([
    'Cannot use OTEL_RESOURCE_ATTRIBUTES: pair 2 must be "key=value", with "%3D" for each other "="; ' +
      "the whole variable is ignored",
  ]);
});

test("SDK_VERSION is the version of the package", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(SDK_VERSION).toBe(manifest.version);
});

test.each([
  ["", {}],
  ["a=1", { a: "1" }],
  ["a=1,b=2", { a: "1", b: "2" }],
  [" a = 1 , b=2 ", { a: "1", b: "2" }],
  ["a=1,,b=2,", { a: "1", b: "2" }],
  ["a=1,a=2", { a: "2" }],
  ["a=", { a: "" }],
  ["a=%2C%3D%25", { a: ",=%" }],
  ["a%3Db=1", { "a=b": "1" }],
  ["a=caf%C3%A9", { a: "café" }],
  ["a=%20b%20", { a: " b " }],
  ["a=x;y", { a: "x;y" }],
])("parseResourceAttributes() reads %j", (text, attributes) => {
  expect(parseResourceAttributes(text)).toEqual({ attributes });
});

test.each([
  ["a", "pair 1 must be"],
  ["a=1,b", "pair 2 must be"],
  ["a=1=2", "pair 1 must be"],
  ["=1", 'pair 1 must have a key before the "="'],
  ["a=%", "pair 1 must be percent-encoded"],
  ["a=1,b=%E9", "pair 2 must be percent-encoded"],
  ["%ZZ=1", "pair 1 must be percent-encoded"],
])("parseResourceAttributes() discards all of %j and says which pair is wrong", (text, complaint) => {
  const { attributes, warning } = parseResourceAttributes(text);
  expect(attributes).toEqual({});
  expect(warning).toContain(complaint);
});

test("parseResourceAttributes() does not repeat the text, which may hold secrets", () => {
  expect(parseResourceAttributes("token=s3cr3t=x").warning).not.toContain("s3cr3t");
});

test("parseResourceAttributes() takes __proto__ for a key like any other", () => {
  const { attributes } = parseResourceAttributes("__proto__=x");
  expect(Object.keys(attributes)).toEqual(["__proto__"]);
});
