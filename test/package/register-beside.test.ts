/** `--import femtologging/register` beside other providers, other copies, and other versions. */
import { describe, expect, test } from "vitest";

import { installApi, makeApplication } from "../support/application-folder.ts";
import {
  API,
  API_LOGS,
  BODIES,
  ESM,
  makeRegistered,
  messagesOf,
  REGISTER,
} from "./registered-application.ts";

describe("beside others", () => {
  test("a provider that was registered before stays, api-logs gets ours, and both are said", async () => {
    const folder = await makeRegistered(
      {
        "other.mjs": `
        import { logs } from "${API}";
        import { ConsoleLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
        const exporter = { export: ([{ body }], done) => { console.error("stock: " + body); done({ code: 0 }); }, forceFlush() {}, shutdown() {} };
        logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
      `,
      },
      ["@opentelemetry/sdk-logs"],
    );
    const { code, stdout, stderr } = await folder.run({
      args: ["--import", "./other.mjs", "--import", REGISTER, "app.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console" },
    });
    expect([code, messagesOf(stdout)]).toEqual([0, ["from legacy", "from own"]]);
    const [said, ...others] = stderr.trimEnd().split("\n");
    expect(others).toEqual(["stock: from api"]);
    expect(said).toContain(
      "Another logger provider is registered already with @opentelemetry/api (LoggerProvider",
    );
    expect(said).toContain("give our handlers to it as processors");
  });

  test("a second copy of the package says that the first one stays", async () => {
    const folder = await makeRegistered({
      "second.mjs": `
        import { pathToFileURL } from "node:url";
        const { registration: first } = await import("${REGISTER}");
        const { registration: second } = await import(import.meta.resolve("${REGISTER}") + "?copy");
        console.log(JSON.stringify({ msg: first === second }));
      `,
    });
    const { stdout, stderr } = await folder.run({
      args: ["second.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console" },
    });
    expect(messagesOf(stdout)).toEqual(["true"]);
    expect(stderr).toContain("femtologging/register is loaded from two places");
  });

  test("an API of another version is reached, and said", async () => {
    const folder = await makeApplication(["femtologging", API_LOGS]);
    await installApi(folder, "1.11.0");
    await folder.write("app.mjs", ESM);
    const { code, stdout, stderr } = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console" },
    });
    expect([code, messagesOf(stdout)]).toEqual([0, BODIES]);
    expect(stderr).toContain("in the versions 1.10.0 and 1.11.0");
  });

  test("an application without any OpenTelemetry package of its own is set up all the same", async () => {
    const folder = await makeApplication(["femtologging"]);
    await folder.write(
      "own.mjs",
      'import { getLogger } from "femtologging"; getLogger("own").info("alone");',
    );
    const { code, stdout, stderr } = await folder.run({
      args: ["--import", REGISTER, "own.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console" },
    });
    expect([code, messagesOf(stdout), stderr]).toEqual([0, ["alone"], ""]);
  });

  test("registration.release() takes the provider out", async () => {
    const folder = await makeRegistered({
      "release.mjs": `
        import { logs } from "${API}";
        import { registration } from "${REGISTER}";
        logs.getLogger("a").emit({ body: "in" });
        registration.release();
        logs.getLogger("b").emit({ body: "out" });
      `,
    });
    const { stdout } = await folder.run({ args: ["release.mjs"], env: { OTEL_LOGS_EXPORTER: "console" } });
    expect(messagesOf(stdout)).toEqual(["in"]);
  });

  test("names in FEMTO_CAPTURE that are unknown are said, and ignored", async () => {
    const folder = await makeRegistered();
    const { code, stdout, stderr } = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console", FEMTO_CAPTURE: "everything" },
    });
    expect([code, messagesOf(stdout)]).toEqual([0, BODIES]);
    expect(stderr).toContain('Cannot capture "everything": must be a source that is known');
  });
});
