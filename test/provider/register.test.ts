/** `register()`: the registries of both API packages, in both of their copies. Each test is a program of its own. */
import { expect, test } from "vitest";

import { INDEX, run, type RunOptions } from "../logger/program.ts";

const IMPORTS = `
  import { createRequire } from "node:module";
  import { logs } from "@opentelemetry/api";
  import { logs as legacyLogs } from "@opentelemetry/api-logs";
  import { FemtoBatchLogRecordProcessor, FemtoInMemoryExporter, FemtoLoggerProvider } from "${INDEX}";
  const require = createRequire(import.meta.url);
  const { logs: requiredLogs } = require("@opentelemetry/api");
  const { logs: requiredLegacyLogs } = require("@opentelemetry/api-logs");
  const registries = { logs, requiredLogs, legacyLogs, requiredLegacyLogs };
  function make() {
    const exporter = new FemtoInMemoryExporter();
    const provider = new FemtoLoggerProvider({ processors: [new FemtoBatchLogRecordProcessor({ exporter })] });
    const take = async () => {
      await provider.forceFlush();
      const bodies = exporter.getFinishedLogRecords().map(({ body }) => body);
      exporter.reset();
      return bodies;
    };
    return { provider, take };
  }
  const said = [];
  const say = (value) => said.push(value);
`;

/** What a program said, and what it wrote to stderr. */
async function sayings(
  program: string,
  options: RunOptions = {},
): Promise<{ said: unknown[]; stderr: string }> {
  const text = `${IMPORTS}\n${program}\nconsole.log(JSON.stringify(said));`;
  const { stdout, stderr } = await run(text, { fileName: "program.mjs", ...options });
  return { said: JSON.parse(stdout) as unknown[], stderr };
}

test.each([
  { where: "in its own folder", options: {} },
  { where: "in another folder", options: { cwd: "/" } },
])("register() $where wakes loggers that all copies of both packages gave before", async ({ options }) => {
  const { said, stderr } = await sayings(
    `
      const early = Object.entries(registries).map(([name, api]) => [name, api.getLogger(name)]);
      for (const [name, logger] of early) logger.emit({ body: "too early " + name });
      const { provider, take } = make();
      const { api, apiLogs } = provider.register();
      say([api, apiLogs]);
      for (const [name, logger] of early) logger.emit({ body: "early " + name });
      for (const [name, api] of Object.entries(registries)) api.getLogger("late").emit({ body: "late " + name });
      say(await take());
      say(Object.values(registries).map((api) => api.getLoggerProvider() === provider));
    `,
    options,
  );
  const names = ["logs", "requiredLogs", "legacyLogs", "requiredLegacyLogs"];
  expect(said).toEqual([
    [true, true],
    [...names.map((name) => `early ${name}`), ...names.map((name) => `late ${name}`)],
    [true, true, true, true],
  ]);
  expect(stderr).toBe("");
});

test("register() of a second provider changes nothing, and is said", async () => {
  const { said, stderr } = await sayings(`
    const [first, second] = [make(), make()];
    const registration = first.provider.register();
    const { api, apiLogs, unregister } = second.provider.register();
    say([api, apiLogs]);
    unregister();
    for (const api of Object.values(registries)) api.getLogger("x").emit({ body: "x" });
    say([await first.take(), await second.take()]);
    say([registration.api, first.provider.register().api]);
  `);
  expect(said).toEqual([
    [false, false],
    [["x", "x", "x", "x"], []],
    [true, true],
  ]);
  expect(stderr).toContain("Another logger provider is registered already");
});

test("register() leaves a provider that another SDK has registered", async () => {
  const { said } = await sayings(`
    const other = { getLogger: () => ({ emit: ({ body }) => say("other " + body), enabled: () => true }) };
    logs.setGlobalLoggerProvider(other);
    const { provider, take } = make();
    const { api, apiLogs, unregister } = provider.register();
    say([api, apiLogs]);
    logs.getLogger("x").emit({ body: "api" });
    legacyLogs.getLogger("x").emit({ body: "legacy" });
    say(await take());
    unregister();
    say([logs.getLoggerProvider() === other, legacyLogs.getLoggerProvider() === provider]);
  `);
  expect(said).toEqual([[false, true], "other api", ["legacy"], [true, false]]);
});

test("unregister() takes the provider out, so that another can follow", async () => {
  const { said, stderr } = await sayings(`
    const [first, second] = [make(), make()];
    const { unregister } = first.provider.register();
    unregister();
    for (const api of Object.values(registries)) api.getLogger("x").emit({ body: "nobody" });
    const waiting = Object.values(registries).map((api) => api.getLogger("waiting"));
    const { api, apiLogs } = second.provider.register();
    unregister();
    for (const logger of waiting) logger.emit({ body: "second" });
    say([api, apiLogs, await first.take(), await second.take()]);
  `);
  expect(said).toEqual([[true, true, [], ["second", "second", "second", "second"]]]);
  expect(stderr).toBe("");
});

test("register() works in a program that is a CommonJS module, for both of its copies", async () => {
  const { stdout, stderr } = await run(
    `
      const { logs } = require("@opentelemetry/api");
      const { logs: legacyLogs } = require("@opentelemetry/api-logs");
      const loggers = [logs.getLogger("a"), legacyLogs.getLogger("b")];
      import(${JSON.stringify(INDEX)}).then(async ({ FemtoBatchLogRecordProcessor, FemtoInMemoryExporter, FemtoLoggerProvider }) => {
        const exporter = new FemtoInMemoryExporter();
        const provider = new FemtoLoggerProvider({ processors: [new FemtoBatchLogRecordProcessor({ exporter })] });
        provider.register();
        for (const logger of loggers) logger.emit({ body: "x" });
        await provider.forceFlush();
        console.log(exporter.getFinishedLogRecords().length);
      });
    `,
    { fileName: "program.cjs" },
  );
  expect([stdout, stderr]).toEqual(["2\n", ""]);
});
