/** `--import femtologging/register` with a file of FEMTO_CONFIG or OTEL_CONFIG_FILE. */
import { describe, expect, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { BODIES, CJS, ESM, makeRegistered, messagesOf, REGISTER } from "./registered-application.ts";

describe("FEMTO_CONFIG", () => {
  test("levels, handlers and loggers are those of the file; variables are put in", async () => {
    const folder = await makeRegistered({
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
    const folder = await makeRegistered({
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
      const folder = await makeRegistered({
        "femto.yaml": text,
        "exit.cjs": `${CJS}\nprocess.exitCode = 7;`,
      });
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
    const folder = await makeRegistered();
    const { code, stderr } = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { FEMTO_CONFIG: "none.yaml" },
    });
    expect(code).toBe(0);
    expect(stderr).toContain("must be a file that can be read: ENOENT");
    expect(stderr).toContain("from own");
  });

  test("a signal ends the process as ever, after what was logged is delivered", async () => {
    const folder = await makeRegistered({
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
    const folder = await makeRegistered({ "otel.yaml": FILE });
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
    expect(new Set(receiver.records.map(({ body }) => body))).toEqual(new Set(bodies));
    expect(receiver.records).toHaveLength(bodies.length);
    const { resource, attributes, droppedAttributesCount } = receiver.records.find(
      ({ body }) => body === "three",
    )!;
    expect(resource.attributes.get("service.name")).toBe("declared");
    expect(resource.attributes.has("ignored")).toBe(false);
    expect(resource.attributes.has("process.pid")).toBe(false);
    expect([[...attributes.keys()], droppedAttributesCount]).toEqual([["a"], 1]);
    expect((await folder.read("out.jsonl")).match(/"body":/g)).toHaveLength(3);
    expect(stderr).toBe(
      `femtologging: the file ${JSON.stringify(`${folder.path}/otel.yaml`)} of OTEL_CONFIG_FILE: tracer_provider of the file are not ours: an OpenTelemetry SDK for traces and metrics reads them\n`,
    );
  });

  test("a wrong file holds nothing up", async () => {
    const folder = await makeRegistered({ "otel.yaml": 'file_format: "2.0"\nlogger_provider: {}\n' });
    const env = { OTEL_CONFIG_FILE: "otel.yaml" };
    const { code, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(code).toBe(0);
    expect(stderr).toContain('"file_format" is "2.0", must be "1.0" or "1.1"');
    expect(stderr).toContain('"logger_provider.processors" is missing');
    expect(stderr).toContain("from own");
  });

  test("beside FEMTO_CONFIG it is not read, and that is said", async () => {
    const folder = await makeRegistered({
      "otel.yaml": "broken: [",
      "femto.yaml": "level: DEBUG\nhandlers: [{type: stream, stream: stdout}]",
    });
    const env = { OTEL_CONFIG_FILE: "otel.yaml", FEMTO_CONFIG: "femto.yaml" };
    const { stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(messagesOf(stdout)).toEqual(BODIES);
    expect(stderr).toContain("FEMTO_CONFIG is read, the other one is not");
  });
});
