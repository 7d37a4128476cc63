/** `--import femtologging/register`: applications that know nothing of it, as processes of their own. */
import { describe, expect, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { installApi, makeApplication, type ApplicationFolder } from "../support/application-folder.ts";

const API = "@opentelemetry/api";
const API_LOGS = "@opentelemetry/api-logs";
const REGISTER = "femtologging/register";

/** Logs with all that an application may log with, obtained at the earliest. */
const ESM = `
  import { logs } from "${API}";
  import { logs as legacy } from "${API_LOGS}";
  import { getLogger } from "femtologging";
  logs.getLogger("api").emit({ body: "from api", severityNumber: 5 });
  legacy.getLogger("legacy").emit({ body: "from legacy", severityNumber: 13 });
  getLogger("own").info("from {who}", { who: "own" });
`;
const CJS = `
  const { logs } = require("${API}");
  const { logs: legacy } = require("${API_LOGS}");
  const { getLogger } = require("femtologging");
  logs.getLogger("api").emit({ body: "from api", severityNumber: 5 });
  legacy.getLogger("legacy").emit({ body: "from legacy", severityNumber: 13 });
  getLogger("own").info("from {who}", { who: "own" });
`;
const BODIES = ["from api", "from legacy", "from own"];

async function application(files: Readonly<Record<string, string>> = {}): Promise<ApplicationFolder> {
  const folder = await makeApplication(["femtologging", API, API_LOGS, "@opentelemetry/sdk-logs"]);
  await folder.write("app.mjs", ESM);
  await folder.write("app.cjs", CJS);
  for (const [name, content] of Object.entries(files)) await folder.write(name, content);
  return folder;
}

type Line = Readonly<Record<string, unknown>>;

function linesOf(text: string): Line[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

function messagesOf(text: string): unknown[] {
  return linesOf(text).map(({ msg }) => msg);
}

describe("the OTEL_* variables", () => {
  test.for(
    ["app.mjs", "app.cjs"].flatMap((file) =>
      ["--import", "--require"].map((option): [string, string] => [option, file]),
    ),
  )("%s with %s sends what every logger logs to the collector", async ([option, file]) => {
    await using receiver = await OtlpReceiver.start({ duplicateKeys: "error" });
    const folder = await application();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin, OTEL_SERVICE_NAME: "shop" };
    const ended = await folder.run({ args: [option, REGISTER, file], env });
    expect(ended).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
    expect(receiver.records.map(({ scope }) => scope.name)).toEqual(["api", "legacy", "own"]);
    expect(receiver.records.map(({ severityNumber }) => severityNumber)).toEqual([5, 13, 9]);
    for (const { resource } of receiver.records) {
      expect(resource.attributes.get("service.name")).toBe("shop");
      expect(resource.attributes.get("telemetry.sdk.name")).toBe("femtologging");
    }
  });

  test("NODE_OPTIONS is enough", async () => {
    const folder = await application();
    const env = { NODE_OPTIONS: `--import=${REGISTER}`, OTEL_LOGS_EXPORTER: "console" };
    const { code, stdout, stderr } = await folder.run({ args: ["app.mjs"], env });
    expect({ code, stderr, messages: messagesOf(stdout) }).toEqual({ code: 0, stderr: "", messages: BODIES });
  });

  test("OTEL_LOGS_EXPORTER is a list: each exporter gets every record", async () => {
    await using receiver = await OtlpReceiver.start();
    const folder = await application();
    const env = { OTEL_LOGS_EXPORTER: "console, OTLP", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.url };
    const { stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(messagesOf(stdout)).toEqual(BODIES);
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
    expect(stderr).toBe("");
  });

  test("OTEL_LOGS_EXPORTER=otlp/stdout writes lines that a collector reads", async () => {
    const folder = await application();
    const env = { OTEL_LOGS_EXPORTER: "otlp/stdout", OTEL_SERVICE_NAME: "shop" };
    const { stdout } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    const lines = linesOf(stdout) as {
      resourceLogs: { scopeLogs: { logRecords: { body: unknown }[] }[] }[];
    }[];
    const records = lines.flatMap(({ resourceLogs }) =>
      resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
    );
    expect(records.map(({ body }) => body)).toEqual(BODIES.map((stringValue) => ({ stringValue })));
  });

  test("OTEL_LOGS_EXPORTER=none leads records nowhere, warnings too, and says nothing", async () => {
    const folder = await application();
    const ended = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { OTEL_LOGS_EXPORTER: "none" },
    });
    expect(ended).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });

  test("words of OTEL_LOGS_EXPORTER that are unknown are said once, and the others hold", async () => {
    const folder = await application();
    const env = { OTEL_LOGS_EXPORTER: "zipkin,console" };
    const { code, stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect([code, messagesOf(stdout)]).toEqual([0, BODIES]);
    expect(stderr).toBe(
      'femtologging: Cannot use all of the environment variable OTEL_LOGS_EXPORTER: "zipkin" must be one of otlp, console, otlp/stdout, logging, none; ignored\n',
    );
  });

  test("OTEL_SDK_DISABLED registers nothing; what the application sets up itself goes on", async () => {
    const folder = await application({
      "own.mjs": `
        import { basicConfig, getLogger } from "femtologging";
        import { logs } from "${API}";
        import { registration } from "${REGISTER}";
        basicConfig({ stream: "stdout" });
        logs.getLogger("api").emit({ body: "nobody" });
        getLogger("own").info("mine");
        console.log(JSON.stringify({ msg: String(registration.provider) }));
      `,
    });
    const env = { OTEL_SDK_DISABLED: "true", FEMTO_CAPTURE: "console" };
    const { code, stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "own.mjs"], env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(messagesOf(stdout).toSorted()).toEqual(["mine", "undefined"]);
  });

  test("json instead of protobuf, headers and compression are those of the variables", async () => {
    await using receiver = await OtlpReceiver.start();
    const folder = await application();
    const env = {
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    };
    const { stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(stderr).toBe("");
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
  });
});

describe("FEMTO_CONFIG", () => {
  test("levels, handlers and loggers are those of the file; variables are put in", async () => {
    const folder = await application({
      "femto.yaml": `
level: \${LEVEL:-DEBUG}
resource:
  service.name: \${SERVICE}
handlers:
  - {type: file, name: all, path: all.log}
loggers:
  own: {level: WARN}
  legacy: {propagate: false, handlers: [{type: stream, stream: stdout, format: logfmt}]}
`,
    });
    const env = { FEMTO_CONFIG: "femto.yaml", SERVICE: "shop" };
    const { code, stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.cjs"], env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(messagesOf(await folder.read("all.log"))).toEqual(["from api"]);
    expect(stdout).toContain('msg="from legacy"');
  });

  test("JSON will do", async () => {
    const folder = await application({
      "femto.json": JSON.stringify({
        level: "TRACE",
        handlers: [{ type: "stream", stream: "stdout", format: "json" }],
      }),
    });
    const env = { FEMTO_CONFIG: "femto.json" };
    const { stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect([messagesOf(stdout), stderr]).toEqual([BODIES, ""]);
  });

  test.for([
    ["has faults", "levl: INFO\nhandlers: [{type: fil}, {type: file, queueBytes: 1}]\n", 4],
    ["is no YAML", "a: [", 1],
    [
      "names a folder that is not there",
      "handlers: [{type: file, path: /nonexistent/folder/app.log, mkdir: false}]",
      1,
    ],
  ] as const)(
    "a file that %s holds nothing up: all faults on stderr, and the records",
    async ([, text, count]) => {
      const folder = await application({ "femto.yaml": text, "exit.cjs": `${CJS}\nprocess.exitCode = 7;` });
      const env = { FEMTO_CONFIG: "femto.yaml" };
      const { code, stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "exit.cjs"], env });
      const lines = stderr.trimEnd().split("\n");
      const faults = lines.filter((line) => line.startsWith("femtologging:   - "));
      expect([code, stdout, faults.length]).toEqual([7, "", count]);
      expect(lines[0]).toMatch(
        /^femtologging: Cannot apply the file ".*femto.yaml" of FEMTO_CONFIG, \d faults?; until it is mended, records from INFO on go to stderr$/,
      );
      expect(messagesOf(lines.slice(count + 1).join("\n"))).toEqual(["from legacy", "from own"]);
    },
  );

  test("a file that is not there holds nothing up either", async () => {
    const folder = await application();
    const { code, stderr } = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { FEMTO_CONFIG: "none.yaml" },
    });
    expect(code).toBe(0);
    expect(stderr).toContain("must be a file that can be read: ENOENT");
    expect(stderr).toContain("from own");
  });

  test("a signal ends the process as ever, after what was logged is delivered", async () => {
    const folder = await application({
      "femto.yaml": "handlers: [{type: file, path: app.log, scheduledDelayMillis: 60000}]",
      "signal.mjs": `
        import { getLogger } from "femtologging";
        getLogger("own").info("before the end");
        process.kill(process.pid, "SIGTERM");
        setInterval(() => {}, 1000);
      `,
    });
    const { code, signal } = await folder.run({
      args: ["--import", REGISTER, "signal.mjs"],
      env: { FEMTO_CONFIG: "femto.yaml" },
    });
    expect([code, signal]).toEqual([null, "SIGTERM"]);
    expect(messagesOf(await folder.read("app.log"))).toEqual(["before the end"]);
  });
});

describe("OTEL_CONFIG_FILE", () => {
  const FILE = `
file_format: "1.1"
resource:
  attributes: [{name: service.name, value: "\${SERVICE}"}]
attribute_limits: {attribute_count_limit: 1}
logger_provider:
  processors:
    - batch:
        schedule_delay: 10
        exporter:
          otlp_http:
            endpoint: \${ENDPOINT}
            encoding: json
            headers: [{name: x-key, value: one}]
    - simple: {exporter: {otlp_file/development: {output_stream: "file://\${FOLDER}/out.jsonl"}}}
    - simple: {exporter: {console: }}
  logger_configurator/development:
    loggers:
      - {name: "le*", config: {enabled: false}}
      - {name: ap?, config: {minimum_severity: debug}}
tracer_provider: {processors: []}
`;

  test("all processors get what the rules let through, and OTEL_* variables do not count", async () => {
    await using receiver = await OtlpReceiver.start();
    const folder = await application({ "otel.yaml": FILE });
    await folder.write(
      "limits.mjs",
      `${ESM} logs.getLogger("api").emit({ body: "two", severityNumber: 4 });
      logs.getLogger("api").emit({ body: "three", attributes: { a: 1, b: 2 } });`,
    );
    const env = {
      OTEL_CONFIG_FILE: "otel.yaml",
      SERVICE: "declared",
      ENDPOINT: receiver.url,
      FOLDER: folder.path,
      OTEL_SERVICE_NAME: "ignored",
      OTEL_RESOURCE_ATTRIBUTES: "ignored=yes",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_EXPORTER_OTLP_HEADERS: "x-other=two",
    };
    const { code, stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "limits.mjs"], env });
    const bodies = ["from api", "from own", "three"];
    expect(code).toBe(0);
    expect(messagesOf(stdout)).toEqual(bodies);
    // A request holds the records of a scope together.
    expect(receiver.records.map(({ body }) => body).toSorted()).toEqual(bodies);
    const { resource, attributes, droppedAttributesCount } = receiver.records.find(
      ({ body }) => body === "three",
    )!;
    expect(resource.attributes.get("service.name")).toBe("declared");
    expect(resource.attributes.has("ignored")).toBe(false);
    expect(resource.attributes.has("process.pid")).toBe(false);
    expect([[...attributes.keys()], droppedAttributesCount]).toEqual([["a"], 1]);
    expect((await folder.read("out.jsonl")).trimEnd().split("\n")).toHaveLength(3);
    expect(stderr).toBe(
      `femtologging: the file ${JSON.stringify(`${folder.path}/otel.yaml`)} of OTEL_CONFIG_FILE: tracer_provider of the file are not ours: an OpenTelemetry SDK for traces and metrics reads them\n`,
    );
  });

  test("a wrong file holds nothing up", async () => {
    const folder = await application({ "otel.yaml": 'file_format: "2.0"\nlogger_provider: {}\n' });
    const env = { OTEL_CONFIG_FILE: "otel.yaml" };
    const { code, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(code).toBe(0);
    expect(stderr).toContain('"file_format" is "2.0", must be "1.0" or "1.1"');
    expect(stderr).toContain('"logger_provider.processors" is missing');
    expect(stderr).toContain("from own");
  });

  test("beside FEMTO_CONFIG it is not read, and that is said", async () => {
    const folder = await application({
      "otel.yaml": "broken: [",
      "femto.yaml": "level: DEBUG\nhandlers: [{type: stream, stream: stdout}]",
    });
    const env = { OTEL_CONFIG_FILE: "otel.yaml", FEMTO_CONFIG: "femto.yaml" };
    const { stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(messagesOf(stdout)).toEqual(BODIES);
    expect(stderr).toContain("FEMTO_CONFIG is read, the other one is not");
  });
});

describe("beside others", () => {
  test("a provider that was registered before stays, api-logs gets ours, and both are said", async () => {
    const folder = await application({
      "other.mjs": `
        import { logs } from "${API}";
        import { ConsoleLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
        const exporter = { export: ([{ body }], done) => { console.error("stock: " + body); done({ code: 0 }); }, forceFlush() {}, shutdown() {} };
        logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
      `,
    });
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
    const folder = await application({
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
    expect(messagesOf(stdout)).toEqual([true]);
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
    const folder = await application({
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
    const folder = await application();
    const { code, stdout, stderr } = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console", FEMTO_CAPTURE: "everything" },
    });
    expect([code, messagesOf(stdout)]).toEqual([0, BODIES]);
    expect(stderr).toContain('Cannot capture "everything": must be one of');
  });
});
