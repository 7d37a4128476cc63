/** Applications whose @opentelemetry/api is another version than ours: their loggers work, and what may not work is said. */
import { expect, test } from "vitest";

import { INDEX } from "../logger/program.ts";
import { installApi, makeApplication } from "../support/application-folder.ts";

const REGISTER = `
  import(${JSON.stringify(INDEX)}).then(async ({ FemtoBatchLogRecordProcessor, FemtoInMemoryExporter, FemtoLoggerProvider }) => {
    const exporter = new FemtoInMemoryExporter();
    const provider = new FemtoLoggerProvider({ processors: [new FemtoBatchLogRecordProcessor({ exporter })] });
    const { api, unregister } = provider.register();
    // Copies that only import() reaches are told soon afterwards.
    while (!isAwake()) await new Promise((resolve) => setImmediate(resolve));
    for (const [name, logger] of Object.entries(early)) logger.emit({ body: "early " + name });
    for (const [name, logs] of Object.entries(copies)) logs.getLogger(name).emit({ body: "late " + name });
    await provider.forceFlush();
    const bodies = exporter.getFinishedLogRecords().map(({ body }) => body);
    unregister();
    for (const logs of Object.values(copies)) logs.getLogger("x").emit({ body: "after" });
    await provider.forceFlush();
    console.log(JSON.stringify({ api, bodies, count: exporter.getFinishedLogRecords().length }));
  });
`;

const PROGRAM = `
  import { createRequire } from "node:module";
  import { logs as imported } from "@opentelemetry/api";
  const { logs: required } = createRequire(import.meta.url)("@opentelemetry/api");
  const copies = { imported, required };
  const early = { imported: imported.getLogger("early"), required: required.getLogger("early") };
  const isAwake = () => [...Object.values(early), ...Object.values(copies).map((logs) => logs.getLogger("asked"))].every((logger) => logger.enabled());
  ${REGISTER}
`;

const BODIES = ["early imported", "early required", "late imported", "late required"];

test.each(["1.11.0", "1.10.9", "1.42.1"])(
  "register() reaches loggers of an API %s, and says so",
  async (version) => {
    const application = await makeApplication([]);
    await installApi(application, version);
    await application.write("program.mjs", PROGRAM);
    const { code, stdout, stderr } = await application.run({ args: ["program.mjs"] });
    expect({ code, ...(JSON.parse(stdout || "{}") as object) }).toEqual({
      code: 0,
      api: true,
      bodies: BODIES,
      count: BODIES.length,
    });
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`in the versions 1.10.0 and ${version}`);
    expect(lines[0]).toContain("npm ls @opentelemetry/api");
  },
);

test("register() leaves what another version has registered beside loggers", async () => {
  const application = await makeApplication([]);
  await installApi(application, "1.11.0");
  const before = `
    import { trace } from "@opentelemetry/api";
    const tracers = { getTracer: () => "ours" };
    trace.setGlobalTracerProvider(tracers);
    process.on("exit", () => console.error(trace.getTracerProvider().getDelegate() === tracers));
  `;
  await application.write("program.mjs", before + PROGRAM);
  const { code, stdout, stderr } = await application.run({ args: ["program.mjs"] });
  expect({ code, ...(JSON.parse(stdout || "{}") as object) }).toMatchObject({ code: 0, bodies: BODIES });
  expect(stderr).toContain("in the versions 1.11.0 and 1.10.0");
  expect(stderr).toMatch(/\ntrue\n$/);
});

test("register() says that a copy which keeps no provider does not take ours, and all others go on", async () => {
  const application = await makeApplication(["@opentelemetry/api-logs"]);
  await application.write(
    "program.mjs",
    `
      import { mkdirSync, writeFileSync } from "node:fs";
      mkdirSync("node_modules/@opentelemetry/api", { recursive: true });
      writeFileSync("node_modules/@opentelemetry/api/package.json", '{"name":"@opentelemetry/api","version":"2.0.0","main":"index.cjs"}');
      writeFileSync("node_modules/@opentelemetry/api/index.cjs", "exports.logs = { setGlobalLoggerProvider() {}, getLoggerProvider() {}, disable() {} };");
      const { logs } = await import("@opentelemetry/api-logs");
      const { FemtoBatchLogRecordProcessor, FemtoInMemoryExporter, FemtoLoggerProvider } = await import(${JSON.stringify(INDEX)});
      const exporter = new FemtoInMemoryExporter();
      const provider = new FemtoLoggerProvider({ processors: [new FemtoBatchLogRecordProcessor({ exporter })] });
      provider.register();
      logs.getLogger("x").emit({ body: "legacy" });
      await provider.forceFlush();
      console.log(exporter.getFinishedLogRecords().map(({ body }) => body).join());
    `,
  );
  const { code, stdout, stderr } = await application.run({ args: ["program.mjs"] });
  expect([code, stdout]).toEqual([0, "legacy\n"]);
  expect(stderr).toContain("A copy of @opentelemetry/api does not take our logger provider");
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
