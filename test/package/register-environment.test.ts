/** `--import femtologging/register` with the OTEL_* variables alone: applications in processes of their own. */
import { describe, expect, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { BODIES, API, linesOf, makeRegistered, messagesOf, REGISTER } from "./registered-application.ts";

describe("the OTEL_* variables", () => {
  test.for(
    ["app.mjs", "app.cjs"].flatMap((file) =>
      ["--import", "--require"].map((option): [string, string] => [option, file]),
    ),
  )("%s with %s sends what every logger logs to the collector", async ([option, file]) => {
    await using receiver = await OtlpReceiver.start({ duplicateKeys: "error" });
    const folder = await makeRegistered();
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
    const folder = await makeRegistered();
    const env = { NODE_OPTIONS: `--import=${REGISTER}`, OTEL_LOGS_EXPORTER: "console" };
    const { code, stdout, stderr } = await folder.run({ args: ["app.mjs"], env });
    expect({ code, stderr, messages: messagesOf(stdout) }).toEqual({ code: 0, stderr: "", messages: BODIES });
  });

  test("OTEL_LOGS_EXPORTER is a list: each exporter gets every record", async () => {
    await using receiver = await OtlpReceiver.start();
    const folder = await makeRegistered();
    const env = { OTEL_LOGS_EXPORTER: "console, OTLP", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.url };
    const { stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(messagesOf(stdout)).toEqual(BODIES);
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
    expect(stderr).toBe("");
  });

  test("OTEL_LOGS_EXPORTER=otlp/stdout writes lines that a collector reads", async () => {
    const folder = await makeRegistered();
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
    const folder = await makeRegistered();
    const ended = await folder.run({
      args: ["--import", REGISTER, "app.mjs"],
      env: { OTEL_LOGS_EXPORTER: "none" },
    });
    expect(ended).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });

  test("words of OTEL_LOGS_EXPORTER that are unknown are said once, and the others hold", async () => {
    const folder = await makeRegistered();
    const env = { OTEL_LOGS_EXPORTER: "zipkin,console" };
    const { code, stdout, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect([code, messagesOf(stdout)]).toEqual([0, BODIES]);
    expect(stderr).toBe(
      'femtologging: Cannot use all of the environment variable OTEL_LOGS_EXPORTER: "zipkin" must be one of otlp, console, otlp/stdout, logging, none; ignored\n',
    );
  });

  test("OTEL_SDK_DISABLED registers nothing; what the application sets up itself goes on", async () => {
    const folder = await makeRegistered({
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
    const folder = await makeRegistered();
    const env = {
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    };
    const { stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect(stderr).toBe("");
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
  });

  test.for(["grpc", "GRPC"])("OTEL_EXPORTER_OTLP_PROTOCOL=%s sends by gRPC", async (protocol) => {
    await using receiver = await OtlpReceiver.start({ grpcPort: 0 });
    const folder = await makeRegistered();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.grpcUrl,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    };
    const { code, stderr } = await folder.run({ args: ["--import", REGISTER, "app.mjs"], env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(receiver.records.map(({ body }) => body)).toEqual(BODIES);
  });

  test("limits of records are those of the variables", async () => {
    const folder = await makeRegistered({
      "long.mjs": `
        import { logs } from "${API}";
        logs.getLogger("api").emit({ body: "long", attributes: { a: "abcdef", b: 2 } });
      `,
    });
    const env = {
      OTEL_LOGS_EXPORTER: "console",
      OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "1",
      OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: "3",
    };
    const { stdout } = await folder.run({ args: ["--import", REGISTER, "long.mjs"], env });
    const [line] = linesOf(stdout);
    expect(line).toMatchObject({ msg: "long", a: "abc" });
    expect(line).not.toHaveProperty("b");
  });
});
