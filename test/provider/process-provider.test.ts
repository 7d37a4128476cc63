/** `ProcessLoggerProvider`: the loggers of the process as a provider, and rules for the loggers that it gives. */
import { ROOT_CONTEXT, trace, type Context } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";

import { getLogger, shutdown } from "../../src/index.ts";
import { globPattern } from "../../src/system/logger-rules.ts";
import { ProcessLoggerProvider } from "../../src/system/process-provider.ts";
import { keeper, type Keeper } from "../logger/collect.ts";

let kept: Keeper;

beforeEach(() => {
  kept = keeper();
  getLogger().addHandler(kept.handler);
  getLogger().setLevel("TRACE");
});

afterEach(() => {
  getLogger().removeHandler(kept.handler);
});

async function bodies(): Promise<unknown[]> {
  return (await kept.take()).map(({ body }) => body);
}

test("a logger of the provider and one of getLogger() share level and handlers, each with its scope", async () => {
  const provider = new ProcessLoggerProvider();
  const logger = provider.getLogger("shared", "1.2", { attributes: { kind: "library" } });
  expect(provider.getLogger("shared", "1.2", { attributes: { kind: "library" } })).toBe(logger);
  getLogger("shared").setLevel("WARN");
  logger.emit({ body: "low", severityNumber: 9 });
  logger.emit({ body: "high", severityNumber: 13 });
  getLogger("shared").warn("own");
  const records = await kept.take();
  expect(records.map(({ body, instrumentationScope }) => [body, instrumentationScope.version])).toEqual([
    ["high", "1.2"],
    ["own", undefined],
  ]);
});

test("rules hold for the names that they cover, the first one counts", async () => {
  const provider = new ProcessLoggerProvider([
    { pattern: "rules.off", isEnabled: false, minimumSeverity: 0, isTraceBased: false },
    { pattern: "rules.*", isEnabled: true, minimumSeverity: 13, isTraceBased: false },
  ]);
  for (const name of ["rules.off", "rules.some", "rules.off.below", "rule"]) {
    const logger = provider.getLogger(name);
    logger.emit({ body: `${name} info`, severityNumber: 9 });
    logger.emit({ body: `${name} error`, severityNumber: 17 });
    logger.emit({ body: `${name} none` });
  }
  expect(await bodies()).toEqual([
    "rules.some error",
    "rules.some none",
    "rules.off.below error",
    "rules.off.below none",
    "rule info",
    "rule error",
    "rule none",
  ]);
});

test("a rule by traces leaves out what belongs to a span that is not sampled", async () => {
  const provider = new ProcessLoggerProvider([
    { pattern: "traced", isEnabled: true, minimumSeverity: 0, isTraceBased: true },
  ]);
  const logger = provider.getLogger("traced");
  const inSpan = (traceFlags: number): Context =>
    trace.setSpanContext(ROOT_CONTEXT, {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      traceFlags,
    });
  logger.emit({ body: "sampled", context: inSpan(1) });
  logger.emit({ body: "not sampled", context: inSpan(0) });
  logger.emit({ body: "no span", context: ROOT_CONTEXT });
  expect(await bodies()).toEqual(["sampled", "no span"]);
});

test.each([
  ["*", "a.b", true],
  ["a.*", "a.b.c", true],
  ["a.*", "ab", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["A", "a", false],
  ["a+", "aa", false],
  ["[ab]", "a", false],
])("globPattern(%j) on %j is %s", (pattern, name, expected) => {
  expect(globPattern(pattern).test(name)).toBe(expected);
});

test("forceFlush() and shutdown() are those of all handlers of the process; shutdown() is one", async () => {
  const provider = new ProcessLoggerProvider();
  provider.getLogger("end").emit({ body: "end" });
  await provider.forceFlush();
  const first = provider.shutdown();
  expect(provider.shutdown()).toBe(first);
  await first;
  expect(kept.handler.stats()).toMatchObject({ emitted: 1, delivered: 1 });
  await shutdown();
});
