/** Every variable of the specification, and of the JavaScript SDK, that concerns logs: how it is handled, and by which rules. */
import { context, logs, ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { setTroubleListener } from "../../src/diagnostics.ts";
import { createLogging, FemtoLoggerProvider, type LoggerProviderOptions } from "../../src/index.ts";
import type { OptionDescription } from "../../src/options/description.ts";
import { ENVIRONMENT_OPTIONS } from "../../src/options/environment-options.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "../../src/options/otlp-http-options.ts";
import { PROCESSOR_OPTIONS } from "../../src/options/processor-options.ts";
import { OPTION_TABLES } from "../../src/options/tables.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import { keeper } from "../logger/collect.ts";

function withEnv(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** What is said until the test has ended. */
function troublesOfTest(): string[] {
  const troubles: string[] = [];
  const before = setTroubleListener(({ message }) => troubles.push(message));
  onTestFinished(() => void setTroubleListener(before));
  return troubles;
}

const inTables = new Set(
  OPTION_TABLES.flatMap(({ table }) =>
    Object.values<OptionDescription>(table).flatMap(({ environment }) => environment ?? []),
  ),
);

/** A variable that sets an option: a right text and its value, and a text that is wrong. */
const optionVariables: readonly (readonly [string, keyof typeof ALL_OPTIONS, string, unknown, string])[] = [
  ["OTEL_SDK_DISABLED", "sdkDisabled", "True", true, "yes"],
  ["OTEL_BLRP_SCHEDULE_DELAY", "scheduledDelayMillis", "0", 0, "-1"],
  ["OTEL_BLRP_EXPORT_TIMEOUT", "exportTimeoutMillis", "0", 0, "1s"],
  ["OTEL_BLRP_MAX_QUEUE_SIZE", "maxQueueSize", "10000", 10_000, "0"],
  ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "maxExportBatchSize", "100", 100, "0"],
  ["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "attributeCountLimit", "0", 0, "1.5"],
  ["OTEL_ATTRIBUTE_COUNT_LIMIT", "attributeCountLimit", "7", 7, "many"],
  ["OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "attributeValueLengthLimit", "0", 0, "-5"],
  ["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "attributeValueLengthLimit", "20", 20, "0x10"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "url", "http://c:1/x", "http://c:1/x/v1/logs", "c:1"],
  ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "url", "http://c:1", "http://c:1/", "nonsense"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "headers", "A=b%20c", { a: "b c" }, "a"],
  ["OTEL_EXPORTER_OTLP_LOGS_HEADERS", "headers", "a=b,c=d", { a: "b", c: "d" }, "=b"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "timeoutMillis", "0", 0, "soon"],
  ["OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "timeoutMillis", "5", 5, "-5"],
  ["OTEL_EXPORTER_OTLP_COMPRESSION", "compression", "GZIP", "gzip", "lz4"],
  ["OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "compression", "gzip", "gzip", "7"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "protocol", "HTTP/JSON", "http/json", "thrift"],
  ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "protocol", "http/json", "http/json", "udp"],
];

const ALL_OPTIONS = { ...PROCESSOR_OPTIONS, ...OTLP_HTTP_HANDLER_OPTIONS, ...ENVIRONMENT_OPTIONS };

describe("Environment variables > options", () => {
  const resolve = (env: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
    resolveOptions(ALL_OPTIONS, {}, { subject: "test", env });

  test.each(optionVariables)("%s sets %s: %j is %j", (variable, name, text, value) => {
    expect(inTables).toContain(variable);
    expect(resolve({ [variable]: ` ${text} ` })[name]).toEqual(value);
  });

  test.each(optionVariables)("%s, empty or wrong, leaves %s as it is; wrong is said once", (...row) => {
    const [variable, name, , , wrong] = row;
    const byDefault = resolve({})[name];
    const troubles = troublesOfTest();
    expect(resolve({ [variable]: "" })[name]).toEqual(byDefault);
    expect(troubles).toEqual([]);
    expect(resolve({ [variable]: wrong })[name]).toEqual(byDefault);
    resolve({ [variable]: wrong });
    expect(troubles).toEqual([expect.stringContaining(variable)]);
  });

  test("those for logs win over those for all signals, code over both", () => {
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: "1", OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "2" };
    expect(resolve(env)["timeoutMillis"]).toBe(2);
    expect(resolveOptions(ALL_OPTIONS, { timeoutMillis: 3 }, { subject: "test", env }).timeoutMillis).toBe(3);
    const limits = { OTEL_ATTRIBUTE_COUNT_LIMIT: "1", OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "2" };
    expect(resolve(limits)["attributeCountLimit"]).toBe(2);
  });
});

test.each(["OTEL_LOGS_EXPORTER", "OTEL_CONFIG_FILE"])(
  "Environment variables > %s is read by femtologging/register alone",
  (variable) => {
    const takers = OPTION_TABLES.filter(({ table }) =>
      Object.values<OptionDescription>(table).some(({ environment }) => environment?.includes(variable)),
    );
    expect(takers.map(({ taker }) => taker)).toEqual(["femtologging/register"]);
  },
);

test.each(["OTEL_ENTITIES", "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN"])(
  "Environment variables > %s is not read",
  (variable) => {
    expect(inTables).not.toContain(variable);
  },
);

/** An application that gets its loggers by the API. */
function provide(options: LoggerProviderOptions = {}): FemtoLoggerProvider {
  const provider = new FemtoLoggerProvider(options);
  onTestFinished(() => provider.shutdown());
  return provider;
}

describe("Environment variables > OTEL_SDK_DISABLED", () => {
  test("a provider makes no records and registers itself nowhere; true in any case", async () => {
    withEnv({ OTEL_SDK_DISABLED: "TRUE" });
    const { handler, take } = keeper();
    const provider = provide({ processors: [handler] });
    const logger = provider.getLogger("shop");
    logger.emit({ body: "x" });
    logger.error("x");
    expect(logger.enabled({ context: ROOT_CONTEXT })).toBe(false);
    expect(await take()).toEqual([]);
    const registration = provider.register();
    expect(registration).toMatchObject({ api: false, apiLogs: false });
    expect(logs.getLoggerProvider()).not.toBe(provider);
    registration.unregister();
    await provider.forceFlush();
  });

  test("what the application logs by itself goes on, and context is not touched", async () => {
    withEnv({ OTEL_SDK_DISABLED: "true" });
    const { handler, take } = keeper();
    createLogging({ handlers: [handler] })
      .getLogger("shop")
      .info("x");
    expect(await take()).toHaveLength(1);
    expect(context.active()).toBe(ROOT_CONTEXT);
  });

  test.each(["", "false", "1", "yes"])("%j does not disable it", async (text) => {
    const troubles = troublesOfTest();
    withEnv({ OTEL_SDK_DISABLED: text });
    const { handler, take } = keeper();
    provide({ processors: [handler] })
      .getLogger("shop")
      .error("x");
    expect(await take()).toHaveLength(1);
    expect(troubles).toHaveLength(text === "1" || text === "yes" ? 1 : 0);
  });
});

describe("Environment variables > attribute limits", () => {
  const attributes = { a: "12345", b: "12345", c: "12345" };
  const env = { OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "2", OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "3" };

  test("hold for loggers of providers and for those of the application", async () => {
    withEnv(env);
    const [first, second] = [keeper(), keeper()];
    provide({ processors: [first.handler] })
      .getLogger("shop")
      .emit({ attributes });
    createLogging({ handlers: [second.handler] })
      .getLogger("shop")
      .info("x", attributes);
    for (const { take } of [first, second]) {
      const [record] = await take();
      expect(record).toMatchObject({ attributes: { a: "123", b: "123" }, droppedAttributesCount: 1 });
    }
  });

  test("are what code says, where it says something", async () => {
    withEnv(env);
    const { handler, take } = keeper();
    const logRecordLimits = { attributeCountLimit: null, attributeValueLengthLimit: 4 };
    provide({ processors: [handler], logRecordLimits })
      .getLogger("shop")
      .emit({ attributes });
    expect((await take())[0]).toMatchObject({ attributes: { a: "1234", b: "1234", c: "1234" } });
  });
});
