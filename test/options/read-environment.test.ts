import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { setTroubleListener } from "../../src/diagnostics.ts";
import type { Environment } from "../../src/options/description.ts";
import { OTLP_HTTP_OPTIONS } from "../../src/options/otlp-http-options.ts";
import { PROCESSOR_OPTIONS } from "../../src/options/processor-options.ts";
import { readEnvironment } from "../../src/options/read-environment.ts";
import type { PlainDescription } from "../../src/options/read-value.ts";
import { STREAM_OPTIONS } from "../../src/options/stream-options.ts";

let told: string[] = [];

beforeEach(() => {
  told = [];
  setTroubleListener(({ message }) => told.push(message));
});

afterEach(() => {
  setTroubleListener(undefined);
});

function read(option: PlainDescription, env: Environment): unknown {
  return readEnvironment(option, { name: "theOption", subject: 'handler "audit"', env });
}

describe("readEnvironment of numbers", () => {
  const delay = PROCESSOR_OPTIONS.scheduledDelayMillis;

  test.each([
    ["250", 250],
    [" 250 ", 250],
    ["+250", 250],
    ["0", 0],
  ])("readEnvironment() reads %o as %d", (text, value) => {
    expect(read(delay, { OTEL_BLRP_SCHEDULE_DELAY: text })).toBe(value);
    expect(told).toEqual([]);
  });

  test.each([undefined, "", "  "])("readEnvironment() takes %o for not set", (text) => {
    expect(read(delay, { OTEL_BLRP_SCHEDULE_DELAY: text })).toBeUndefined();
    expect(told).toEqual([]);
  });

  test.each(["abc", "1s", "1e3", "0x10", "1.5", "-1", "2147483648", "Infinity"])(
    "readEnvironment() reports %s and ignores it",
    (text) => {
      expect(read(delay, { OTEL_BLRP_SCHEDULE_DELAY: text })).toBeUndefined();
      expect(told).toEqual([
        `Cannot use the environment variable OTEL_BLRP_SCHEDULE_DELAY for handler "audit": it is "${text}", must be an integer from 0 to 2147483647 ms; ignored (CONFIG.md#theoption)`,
      ]);
    },
  );

  test("readEnvironment() reports a variable once, however often it is asked", () => {
    const env = { OTEL_BLRP_SCHEDULE_DELAY: "abc" };
    read(delay, env);
    read(delay, env);
    expect(told).toHaveLength(1);
  });

  test("readEnvironment() takes the first variable that is set and right", () => {
    const timeout = OTLP_HTTP_OPTIONS.timeoutMillis;
    const general = { OTEL_EXPORTER_OTLP_TIMEOUT: "5000" };
    expect(read(timeout, { ...general, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "100" })).toBe(100);
    expect(read(timeout, { ...general, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "" })).toBe(5_000);
    expect(told).toEqual([]);
    expect(read(timeout, { ...general, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "soon" })).toBe(5_000);
    expect(told).toHaveLength(1);
  });

  test("readEnvironment() reads a fraction for a number", () => {
    const factor = { type: "number", minimum: 1, environment: ["FACTOR"], description: "" } as const;
    expect(read(factor, { FACTOR: "1.5" })).toBe(1.5);
    expect(read(factor, { FACTOR: "1.5x" })).toBeUndefined();
  });
});

describe("readEnvironment of words and switches", () => {
  const flag = { type: "boolean", environment: ["FLAG"], description: "" } as const;

  test("readEnvironment() takes words in any case", () => {
    const { protocol } = OTLP_HTTP_OPTIONS;
    expect(read(protocol, { OTEL_EXPORTER_OTLP_PROTOCOL: "HTTP/JSON" })).toBe("http/json");
  });

  test("readEnvironment() reports a word that is none of the values and ignores it", () => {
    const { protocol } = OTLP_HTTP_OPTIONS;
    expect(read(protocol, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })).toBeUndefined();
    expect(told[0]).toContain(
      'OTEL_EXPORTER_OTLP_PROTOCOL for handler "audit": it is "grpc", must be one of "http/protobuf", "http/json"; ignored',
    );
  });

  test("readEnvironment() says what a word is for that is right elsewhere, and takes the next variable", () => {
    const { protocol } = OTLP_HTTP_OPTIONS;
    const env = { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "GRPC", OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
    expect(read(protocol, env)).toBe("http/json");
    expect(told[0]).toContain("; ignored; this handler speaks HTTP, FemtoOtlpGrpcHandler gRPC");
  });

  test.each([
    ["true", true],
    ["TRUE", true],
    ["false", false],
    ["False", false],
  ])("readEnvironment() reads %s as %o", (text, value) => {
    expect(read(flag, { FLAG: text })).toBe(value);
    expect(told).toEqual([]);
  });

  test.each(["1", "yes", "on"])("readEnvironment() reads %s as false and says so", (text) => {
    expect(read(flag, { FLAG: text })).toBe(false);
    expect(told[0]).toContain(`it is "${text}", must be true or false; taken as false`);
  });

  test.each([
    [{ NO_COLOR: "1" }, "never"],
    [{ FORCE_COLOR: "1" }, "always"],
    [{ FORCE_COLOR: "0" }, "never"],
    [{ FORCE_COLOR: "true", NO_COLOR: "1" }, "always"],
    [{ NO_COLOR: "" }, undefined],
    [{}, undefined],
  ])("readEnvironment() reads %o as colors %s", (env, value) => {
    expect(read(STREAM_OPTIONS.colors, env)).toBe(value);
  });

  test("readEnvironment() reads levels and paths as they are written", () => {
    const level = { type: "level", environment: ["LEVEL"], description: "" } as const;
    const path = { type: "path", environment: ["LOG_PATH"], description: "" } as const;
    expect(read(level, { LEVEL: "warn" })).toBe(13);
    expect(read(path, { LOG_PATH: "/var/log/app.log" })).toBe("/var/log/app.log");
  });
});

describe("readEnvironment of endpoints", () => {
  const { url } = OTLP_HTTP_OPTIONS;

  test("readEnvironment() adds v1/logs to the base endpoint only", () => {
    expect(read(url, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" })).toBe(
      "http://collector:4318/v1/logs",
    );
    expect(read(url, { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://collector:4318" })).toBe(
      "http://collector:4318/",
    );
  });

  test("readEnvironment() takes the endpoint for logs first", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://all",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://logs/in",
    };
    expect(read(url, env)).toBe("http://logs/in");
  });

  test.each(["collector", "collector:4318", "ftp://collector"])(
    "readEnvironment() reports the endpoint %s and ignores it",
    (text) => {
      expect(read(url, { OTEL_EXPORTER_OTLP_ENDPOINT: text })).toBeUndefined();
      expect(told[0]).toContain(
        `it is "${text}", must be a URL that starts with http:// or https://; ignored`,
      );
    },
  );

  test("readEnvironment() does not tell the secrets of a URL that it ignores", () => {
    read(url, { OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://user:hunter2@host?key=hunter3" });
    expect(told[0]).toContain("ftp://[hidden]@host?[hidden]");
    expect(told[0]).not.toContain("hunter");
  });
});

describe("readEnvironment of headers", () => {
  const { headers } = OTLP_HTTP_OPTIONS;

  test("readEnvironment() merges the variables, and those for logs win", () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=all,x-all=1",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "X-Tenant=logs",
    };
    expect(read(headers, env)).toEqual({ "x-tenant": "logs", "x-all": "1" });
  });

  test("readEnvironment() reports bad entries by place, without their text, and keeps the others", () => {
    expect(read(headers, { OTEL_EXPORTER_OTLP_HEADERS: "a=1,hunter2" })).toEqual({ a: "1" });
    expect(told).toEqual([
      'Cannot use the environment variable OTEL_EXPORTER_OTLP_HEADERS for handler "audit": entry 2 of the list must be name=value with percent-encoding; it is ignored, the others hold (CONFIG.md#theoption)',
    ]);
  });

  test("readEnvironment() has no headers when all entries are bad", () => {
    expect(read(headers, { OTEL_EXPORTER_OTLP_HEADERS: "x,y" })).toBeUndefined();
    expect(told[0]).toContain("entry 1, 2 of the list");
  });
});
