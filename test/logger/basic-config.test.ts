/** `basicConfig()`: on the loggers of this process, and in programs of its own where stderr and stdout matter. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  BatchLogRecordProcessor,
  InMemoryLogRecordExporter,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";

import { basicConfig, ConfigError, flush, getLogger, info, shutdown, stats } from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { keeper, untyped } from "./collect.ts";
import { INDEX, makeFolder, run } from "./program.ts";

const root = getLogger();

afterEach(async () => {
  await shutdown();
  for (const handler of root.handlers) root.removeHandler(handler);
  root.setLevel("INFO");
});

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  await flush();
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("without options, INFO and above go to stderr as JSON lines where that is no terminal", async () => {
  const { code, stdout, stderr } = await run(`
    import { basicConfig, debug, getLogger, info } from "${INDEX}";
    basicConfig();
    debug("no");
    info("yes {a}", { a: 1 });
    getLogger("shop").error(new Error("oops"));
  `);
  expect([code, stdout]).toEqual([0, ""]);
  const lines = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { level: "INFO", logger: "root", msg: "yes 1", a: 1 },
    { level: "ERROR", logger: "shop", msg: "oops" },
  ]);
});

test("stream, format and level choose where, how and what", async () => {
  const { stdout, stderr } = await run(`
    import { basicConfig, debug, warn } from "${INDEX}";
    basicConfig({ stream: "stdout", format: "text", level: 10 });
    debug("a {b}", { b: "c" });
    process.exit();
  `);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\S+ \S+ DEBUG root: a c\n$/);
});

test("path writes a file, as JSON lines or as text", async () => {
  const folder = await makeFolder();
  basicConfig({ path: join(folder, "app.log"), level: "WARN" });
  info("no");
  untyped(root).warn("yes {a}", { a: 1 });
  expect(await linesOf(join(folder, "app.log"))).toMatchObject([{ msg: "yes 1", level: "WARN" }]);
  basicConfig({ path: join(folder, "app.txt"), format: "text", force: true });
  info("as text");
  await flush();
  expect(await readFile(join(folder, "app.txt"), "utf8")).toMatch(/INFO root: as text\n$/);
});

test("a second call does nothing, unless it is forced", async () => {
  const [first, second] = [keeper(), keeper()];
  basicConfig({ handlers: [first.handler], level: "WARN" });
  basicConfig({ handlers: [second.handler], level: "DEBUG" });
  expect([root.handlers, root.level]).toEqual([[first.handler], 13]);
  basicConfig({ handlers: [second.handler], level: "DEBUG", force: true });
  expect([root.handlers, root.level]).toEqual([[second.handler], 5]);
  info("x");
  expect(await second.take()).toHaveLength(1);
  expect(await first.take()).toEqual([]);
  expect(first.handler.enabled({} as never)).toBe(false);
});

test("a call after a shutdown configures anew: handlers that are shut down do not count", async () => {
  const [first, second] = [keeper(), keeper()];
  basicConfig({ handlers: [first.handler] });
  await shutdown();
  basicConfig({ handlers: [second.handler] });
  expect(root.handlers).toEqual([second.handler]);
  info("x");
  expect(await second.take()).toHaveLength(1);
});

test("force keeps a handler at work that is given again", async () => {
  const kept = keeper();
  basicConfig({ handlers: [kept.handler] });
  basicConfig({ handlers: [kept.handler], force: true });
  info("x");
  expect(await kept.take()).toHaveLength(1);
});

test("handlers takes log record processors of the OpenTelemetry SDK, which get the records soon", async () => {
  const [simple, batch] = [new InMemoryLogRecordExporter(), new InMemoryLogRecordExporter()];
  const processors = [
    new SimpleLogRecordProcessor({ exporter: simple }),
    new BatchLogRecordProcessor({ exporter: batch }),
  ];
  basicConfig({ handlers: processors });
  info("x {a}", { a: 1 });
  await flush();
  for (const exporter of [simple, batch]) {
    expect(exporter.getFinishedLogRecords()).toMatchObject([
      { body: "x 1", attributes: { a: 1 }, severityNumber: 9 },
    ]);
  }
  basicConfig({ handlers: processors, force: true });
  info("again");
  await flush();
  expect(simple.getFinishedLogRecords()).toHaveLength(2);
});

test("otlp adds no handler where OTEL_SDK_DISABLED switches telemetry off", () => {
  vi.stubEnv("OTEL_SDK_DISABLED", "true");
  onTestFinished(() => void vi.unstubAllEnvs());
  const kept = keeper();
  basicConfig({ handlers: [kept.handler], otlp: true, force: true });
  expect(getLogger().handlers).toEqual([kept.handler]);
});

test("otlp adds a handler that sends", async () => {
  await using receiver = await OtlpReceiver.start();
  const kept = keeper();
  basicConfig({ handlers: [kept.handler], otlp: { url: receiver.url, name: "collector" } });
  info("x {a}", { a: 1 });
  await flush();
  expect(receiver.records).toMatchObject([{ body: "x 1", severityNumber: 9 }]);
  expect(stats()["collector"]).toMatchObject({ delivered: 1 });
  expect(await kept.take()).toHaveLength(1);
});

test("all faults are told at once, and nothing is changed", () => {
  const kept = keeper();
  basicConfig({ handlers: [kept.handler] });
  const options = { level: "LOUD", stream: "nowhere", paht: "x", otlp: { url: "ftp://x" }, force: true };
  let failure: unknown;
  try {
    basicConfig(options as never);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(ConfigError);
  expect((failure as ConfigError).problems.map(({ path }) => path).toSorted()).toEqual([
    "level",
    "otlp.url",
    "paht",
    "stream",
  ]);
  expect((failure as Error).message).toMatch(/^Cannot apply basicConfig: 4 faults\n/);
  expect([root.handlers, root.level]).toEqual([[kept.handler], 9]);
});

test("a file that cannot be written is a fault, and nothing is changed", async () => {
  const folder = await makeFolder();
  const kept = keeper();
  basicConfig({ handlers: [kept.handler] });
  expect(() => basicConfig({ path: folder, force: true, level: "DEBUG" })).toThrow(/"path" is .*EISDIR/);
  expect([root.handlers, root.level]).toEqual([[kept.handler], 9]);
});

test("format pretty is refused for a file", async () => {
  const folder = await makeFolder();
  expect(() => basicConfig({ path: join(folder, "app.log"), format: "pretty" })).toThrow(
    'Cannot apply basicConfig: "format" is "pretty", must be another format with "path": a file is no terminal',
  );
  expect(root.handlers).toEqual([]);
});

test("path, stream and handlers exclude each other", () => {
  expect(() => basicConfig({ path: "a", stream: "stdout" })).toThrow(ConfigError);
  expect(() => basicConfig({ path: "a", handlers: [] })).toThrow(ConfigError);
  expect(root.handlers).toEqual([]);
});

test("handlers of none leaves a root without handlers, at the level given", () => {
  basicConfig({ handlers: [], level: "ERROR" });
  expect([root.handlers, root.level]).toEqual([[], 17]);
});
