import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { requestTarget } from "../../../exporters/otlp-http/request-target.ts";
import type { OtlpHttpSenderOptions } from "../../../exporters/otlp-http/sender-options.ts";
import { userAgent } from "../../../exporters/otlp-http/user-agent.ts";

const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

function targetOf(options: Partial<OtlpHttpSenderOptions>) {
  return requestTarget({
    url: "http://localhost:4318/v1/logs",
    headers: {},
    protocol: "http/protobuf",
    compression: "none",
    timeoutMillis: 0,
    retryTimeoutMillis: 0,
    maxRequestBytes: 4_194_304,
    maxConcurrentRequests: 1,
    ...options,
  });
}

test("requestTarget() splits the url into origin and path with query", () => {
  const { origin, path } = targetOf({ url: "https://host/otlp/v1/logs?key=1#part" });
  expect([origin, path]).toEqual(["https://host", "/otlp/v1/logs?key=1"]);
});

test("requestTarget() shows the url without credentials and query", () => {
  expect(targetOf({ url: "https://me:pass@host:4318/logs?key=1" }).shownUrl).toBe("https://host:4318/logs");
});

test("requestTarget() makes Basic credentials of a user and password", () => {
  const { headers } = targetOf({ url: "https://me:p%40ss%C3%A9@host/" });
  expect(headers["authorization"]).toBe(`Basic ${Buffer.from("me:p@ssé").toString("base64")}`);
});

test("requestTarget() prefers a given authorization to that of the url", () => {
  const { headers } = targetOf({ url: "https://me:pass@host/", headers: { Authorization: "Bearer t" } });
  expect(headers["authorization"]).toBe("Bearer t");
});

test("requestTarget() overrules headers that HTTP and OTLP need for themselves", () => {
  const { headers } = targetOf({
    headers: { "Content-Type": "text/plain", "CONTENT-LENGTH": "1", "transfer-encoding": "chunked" },
  });
  expect(Object.keys(headers).toSorted()).toEqual(["content-type", "user-agent"]);
  expect(headers["content-type"]).toBe("application/x-protobuf");
});

test("requestTarget() lets a given user agent stand", () => {
  expect(targetOf({ headers: { "User-Agent": "mine" } }).headers["user-agent"]).toBe("mine");
});

test("requestTarget() throws TypeError for text that is no url", () => {
  expect(() => targetOf({ url: "collector" })).toThrow(TypeError);
});

test("userAgent() has the version of package.json", () => {
  const { version } = manifest;
  expect(userAgent(undefined)).toBe(`femtologging/${version} OTel-OTLP-Exporter-JavaScript/${version}`);
});
