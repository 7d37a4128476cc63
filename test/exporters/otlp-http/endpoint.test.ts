import { expect, test } from "vitest";

import {
  parseHeaderList,
  urlFromBaseEndpoint,
  urlFromLogsEndpoint,
} from "../../../exporters/otlp-http/endpoint.ts";

const HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

test.each([
  ["http://collector:4318", "http://collector:4318/v1/logs"],
  ["http://collector:4318/", "http://collector:4318/v1/logs"],
  ["https://host/otlp", "https://host/otlp/v1/logs"],
  ["https://host/otlp/", "https://host/otlp/v1/logs"],
  ["https://host/otlp?key=1", "https://host/otlp/v1/logs?key=1"],
  ["http://[::1]:4318", "http://[::1]:4318/v1/logs"],
  [" http://collector:4318 ", "http://collector:4318/v1/logs"],
])("urlFromBaseEndpoint() makes of %j %j", (text, url) => {
  expect(urlFromBaseEndpoint(text)).toEqual({ url, warnings: [] });
});

test.each([
  ["http://collector:4318", "http://collector:4318/"],
  ["http://collector:4318/v1/logs", "http://collector:4318/v1/logs"],
  ["https://host/any/where", "https://host/any/where"],
])("urlFromLogsEndpoint() makes of %j %j", (text, url) => {
  expect(urlFromLogsEndpoint(text)).toEqual({ url, warnings: [] });
});

test.each(["", "  "])("urlFromBaseEndpoint() takes %j for a variable that is not set", (text) => {
  expect(urlFromBaseEndpoint(text)).toEqual({ url: undefined, warnings: [] });
});

test.each(["localhost:4318", "collector", "grpc://host:4317", "http://", "unix:/run/otel.sock"])(
  "urlFromBaseEndpoint() ignores %j with a warning",
  (text) => {
    expect(urlFromBaseEndpoint(text)).toEqual({
      url: undefined,
      warnings: [
        'Ignored "OTEL_EXPORTER_OTLP_ENDPOINT": must be a URL with http:// or https://, such as http://localhost:4318',
      ],
    });
  },
);

test("urlFromLogsEndpoint() names its own variable in a warning", () => {
  expect(urlFromLogsEndpoint("collector").warnings[0]).toContain('"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"');
});

test("parseHeaderList() reads names and values, decoded and without space around them", () => {
  const { headers, warnings } = parseHeaderList("Api-Key=a%2Cb , x-tenant = caf%C3%A9,q=a%3Db=c", HEADERS);
  expect(headers).toEqual({ "api-key": "a,b", "x-tenant": "café", q: "a=b=c" });
  expect(warnings).toEqual([]);
});

test("parseHeaderList() keeps an empty value and a semicolon", () => {
  expect(parseHeaderList("a=,b=1;c=2", HEADERS).headers).toEqual({ a: "", b: "1;c=2" });
});

test("parseHeaderList() passes over empty entries", () => {
  expect(parseHeaderList(",a=1,, ", HEADERS)).toEqual({ headers: { a: "1" }, warnings: [] });
});

test("parseHeaderList() keeps the last of two headers with one name", () => {
  expect(parseHeaderList("Key=1,kEY=2", HEADERS).headers).toEqual({ key: "2" });
});

test("parseHeaderList() keeps a header named __proto__ as a header", () => {
  const { headers } = parseHeaderList("__proto__=1", HEADERS);
  expect(Object.entries(headers)).toEqual([["__proto__", "1"]]);
});

test.each([
  ["secret", 'it has no "=", must be name=value'],
  ["=secret", "its name is not the name of a header"],
  ["a b=secret", "its name is not the name of a header"],
  ["%zz=secret", "its name is not the name of a header"],
  ["key=secret%", 'the value of "key" is not percent-encoded, a "%" must be written %25'],
  ["key=secret%0A", 'the value of "key" has a character that a header cannot carry'],
  ["key=secret%E2%82%AC", 'the value of "key" has a character that a header cannot carry'],
])("parseHeaderList() ignores %j with a warning that hides the value, and reads on", (entry, warning) => {
  expect(parseHeaderList(`a=1,${entry},b=2`, HEADERS)).toEqual({
    headers: { a: "1", b: "2" },
    warnings: [`Ignored entry 2 of "OTEL_EXPORTER_OTLP_HEADERS": ${warning}`],
  });
});
