import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import {
  environmentAttributes,
  parseResourceAttributes,
  SDK_VERSION,
  unknownService,
} from "../../src/record/resource.ts";

test.each([
  [{}, {}],
  [{ OTEL_SERVICE_NAME: "shop" }, { "service.name": "shop" }],
  [{ OTEL_SERVICE_NAME: " shop " }, { "service.name": "shop" }],
  [
    { OTEL_SERVICE_NAME: "shop", OTEL_RESOURCE_ATTRIBUTES: "service.name=other,a=1" },
    { "service.name": "shop", a: "1" },
  ],
  [{ OTEL_SERVICE_NAME: "", OTEL_RESOURCE_ATTRIBUTES: "service.name=other" }, { "service.name": "other" }],
  [{ OTEL_RESOURCE_ATTRIBUTES: "service.name=,a=1" }, { a: "1" }],
])("environmentAttributes() reads %j", (env, attributes) => {
  expect(environmentAttributes(env)).toEqual({ attributes, warnings: [] });
});

test("environmentAttributes() ignores a faulty OTEL_RESOURCE_ATTRIBUTES as a whole and says so", () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: "service.name=shop,secret" };
  expect(environmentAttributes(env)).toEqual({
    attributes: {},
    warnings: [
      'Cannot use OTEL_RESOURCE_ATTRIBUTES: pair 2 must be "key=value", with "%3D" for each other "="; ' +
        "the whole variable is ignored",
    ],
  });
});

test("unknownService() is the name that the SDK gives", () => {
  expect(unknownService("node")).toBe("unknown_service:node");
  expect(unknownService("")).toBe("unknown_service");
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
