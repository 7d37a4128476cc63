import { describe, expect, test } from "vitest";

import {
  isHeaderName,
  isHeaderValue,
  logsEndpointOf,
  parseHeaderList,
} from "../../src/options/otlp-environment.ts";

describe("logsEndpointOf", () => {
  test.each([
    ["http://collector:4318", "http://collector:4318/v1/logs"],
    ["http://collector:4318/", "http://collector:4318/v1/logs"],
    ["https://collector/otlp", "https://collector/otlp/v1/logs"],
    ["https://collector/otlp/", "https://collector/otlp/v1/logs"],
    ["https://collector/otlp?tenant=a", "https://collector/otlp/v1/logs?tenant=a"],
  ])("logsEndpointOf() of %s is %s", (base, endpoint) => {
    expect(logsEndpointOf(base)).toBe(endpoint);
  });

  test("logsEndpointOf() is undefined for what is not a URL", () => {
    expect(logsEndpointOf("collector")).toBeUndefined();
  });
});

describe("parseHeaderList", () => {
  test("parseHeaderList() decodes names and values, trims them and puts names in lower case", () => {
    expect(parseHeaderList("Authorization=Basic%20YWJj== , x%2Dtenant = a%2Cb%3Dc ")).toEqual({
      headers: { authorization: "Basic YWJj==", "x-tenant": "a,b=c" },
      badPlaces: [],
    });
  });

  test("parseHeaderList() leaves out what follows a semicolon", () => {
    expect(parseHeaderList("a=1;ttl=5,b=2").headers).toEqual({ a: "1", b: "2" });
  });

  test("parseHeaderList() keeps the last of equal names, and empty values", () => {
    expect(parseHeaderList("a=1,A=2,b=").headers).toEqual({ a: "2", b: "" });
  });

  test("parseHeaderList() tells the places of bad entries and keeps the others", () => {
    expect(parseHeaderList("a=1,nonsense,=2,b c=3,d=%zz,e=%0A,,f=6")).toEqual({
      headers: { a: "1", f: "6" },
      badPlaces: [2, 3, 4, 5, 6],
    });
  });

  test("parseHeaderList() makes a property of a header that is called __proto__", () => {
    const { headers } = parseHeaderList("__proto__=1");
    expect(Object.entries(headers)).toEqual([["__proto__", "1"]]);
  });
});

describe("isHeaderName, isHeaderValue", () => {
  test.each([
    ["x-tenant", true],
    ["X_Tenant.1~", true],
    ["", false],
    ["a b", false],
    ["a:", false],
    ["é", false],
  ])("isHeaderName() of %o is %o", (name, isRight) => {
    expect(isHeaderName(name)).toBe(isRight);
  });

  test.each([
    ["", true],
    ["a\tb é", true],
    ["a\r\nHost: evil", false],
    ["\u007f", false],
    ["€", false],
  ])("isHeaderValue() of %o is %o", (value, isRight) => {
    expect(isHeaderValue(value)).toBe(isRight);
  });
});
