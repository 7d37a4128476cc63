/** `--import femtologging/register` and threads: those of the application, and places that allow none. */
import { describe, expect, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { API, BODIES, makeRegistered, messagesOf, REGISTER } from "./registered-application.ts";

const WORKER = `
  import { threadId, workerData } from "node:worker_threads";
  import { logs } from "${API}";
  import { getLogger } from "femtologging";
  import { registration } from "${REGISTER}";
  logs.getLogger("api").emit({ body: "api " + workerData, severityNumber: 5 });
  logs.getLogger("quiet").emit({ body: "never", severityNumber: 5 });
  getLogger("own").info("own " + workerData);
  globalThis.done = registration.source;
`;

/** Starts so many threads, a few at a time, and waits for their ends. */
function main(count: number, options = ""): string {
  return `
    import { Worker } from "node:worker_threads";
    import { once } from "node:events";
    import { getLogger } from "femtologging";
    getLogger("own").info("main");
    const next = Array.from({ length: ${count} }, (_, index) => index + 1);
    const run = async () => {
      for (let data = next.shift(); data !== undefined; data = next.shift()) {
        const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData: data ${options} });
        const [code] = await once(worker, "exit");
        if (code !== 0) process.exitCode = 3;
      }
    };
    await Promise.all([run(), run(), run()]);
  `;
}

const CONFIG = `
file_format: "1.1"
resource: {attributes: [{name: service.name, value: declared}]}
logger_provider:
  processors: [{simple: {exporter: {otlp_http: {endpoint: "\${ENDPOINT}"}}}}]
  logger_configurator/development: {loggers: [{name: quiet, config: {enabled: false}}]}
`;

describe("threads of the application", () => {
  test.for([
    { how: "--import", args: ["--import", REGISTER, "main.mjs"], env: {} },
    { how: "NODE_OPTIONS", args: ["main.mjs"], env: { NODE_OPTIONS: `--import ${REGISTER}` } },
  ])("attach by $how: one set of handlers, the same resource and rules", async ({ args, env }) => {
    await using receiver = await OtlpReceiver.start();
    const folder = await makeRegistered({ "worker.mjs": WORKER, "main.mjs": main(3), "otel.yaml": CONFIG });
    const variables = { ...env, OTEL_CONFIG_FILE: "otel.yaml", ENDPOINT: receiver.url };
    const { code, stderr } = await folder.run({ args, env: variables });
    expect([code, stderr]).toEqual([0, ""]);
    const bodies = receiver.records.map(({ body }) => body);
    const expected = ["main", ...[1, 2, 3].flatMap((data) => [`api ${data}`, `own ${data}`])];
    expect([bodies.length, new Set(bodies)]).toEqual([expected.length, new Set(expected)]);
    const services = receiver.records.map(({ resource }) => resource.attributes.get("service.name"));
    expect(new Set(services)).toEqual(new Set(["declared"]));
  });

  test("that come and go in great numbers lose nothing, and say nothing", async () => {
    const count = 60;
    const folder = await makeRegistered({
      "worker.mjs": WORKER,
      "main.mjs": main(count),
      "femto.yaml": "level: TRACE\nhandlers: [{type: file, path: app.log}]",
    });
    const { code, stderr } = await folder.run({
      args: ["--import", REGISTER, "main.mjs"],
      env: { FEMTO_CONFIG: "femto.yaml" },
    });
    expect([code, stderr]).toEqual([0, ""]);
    const messages = messagesOf(await folder.read("app.log"));
    const expected = Array.from({ length: count }, (_, index) => `own ${index + 1}`);
    expect(messages.filter((message) => message.startsWith("own")).toSorted()).toEqual(expected.toSorted());
    expect(messages).toHaveLength(count * 3 + 1);
  });

  test("a thread that is the first to register makes the handlers", async () => {
    const folder = await makeRegistered({
      "worker.mjs": WORKER,
      "main.mjs": main(1, `, execArgv: ["--import", "${REGISTER}"]`).replace(/getLogger\("own"\).*\n/, ""),
    });
    const { code, stdout, stderr } = await folder.run({
      args: ["main.mjs"],
      env: { OTEL_LOGS_EXPORTER: "console" },
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(messagesOf(stdout)).toEqual(["api 1", "never", "own 1"]);
  });
});

describe("without threads (--permission, no --allow-worker)", () => {
  const netFlags = ["--allow-net"].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag));
  const permission = (folder: string): string[] => [
    "--permission",
    "--allow-fs-read=*",
    `--allow-fs-write=${folder}`,
    ...netFlags,
  ];

  test("a file gets everything, with one warning", async () => {
    const folder = await makeRegistered({
      "femto.yaml": "level: TRACE\nhandlers: [{type: file, path: app.log}]",
    });
    const { code, stdout, stderr } = await folder.run({
      args: [...permission(folder.path), "--import", REGISTER, "app.mjs"],
      env: { FEMTO_CONFIG: "femto.yaml" },
    });
    expect([code, stdout]).toEqual([0, ""]);
    expect(messagesOf(await folder.read("app.log"))).toEqual(BODIES);
    expect(stderr).toMatch(
      /^femtologging: Cannot start a thread for handler "file": [^\n]*; the handler works on the application's thread from now on\n$/,
    );
  });

  test("a collector gets everything, with one warning", async () => {
    await using receiver = await OtlpReceiver.start();
    const folder = await makeRegistered();
    const { code, stderr } = await folder.run({
      args: [...permission(folder.path), "--import", REGISTER, "app.mjs"],
      env: { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.url },
    });
    expect(code).toBe(0);
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
    expect(stderr.match(/works on the application's thread/g)).toHaveLength(1);
  });
});
