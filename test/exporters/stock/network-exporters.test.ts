import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  SimpleLogRecordProcessor,
  type LogRecordExporter,
} from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import {
  FemtoHttpExporter,
  FemtoOtlpGrpcExporter,
  FemtoOtlpHttpExporter,
  FemtoSysLogExporter,
} from "../../../exporters/index.ts";
import { OtlpReceiver } from "../../../src/receiver/index.ts";
import { configErrorOf, makeFolder, troublesOfTest } from "../../handlers/fixture.ts";
import { HttpRecords } from "../../support/http-records.ts";
import { StreamServer } from "../../support/syslog-server.ts";
import { startBodies } from "./body-server.ts";
import { bodies, endWithTest, numbered, recordOf, send } from "./fixture.ts";

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function startRecords(): Promise<HttpRecords> {
  const server = await HttpRecords.start();
  onTestFinished(() => server.stop());
  return server;
}

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start({ grpcPort: 0 });
  onTestFinished(() => receiver.stop());
  return receiver;
}

/** Both transports of OTLP. */
const OTLP: readonly {
  readonly name: string;
  readonly open: (receiver: OtlpReceiver) => FemtoOtlpHttpExporter | FemtoOtlpGrpcExporter;
}[] = [
  { name: "HTTP", open: ({ url }) => new FemtoOtlpHttpExporter({ url }) },
  { name: "gRPC", open: ({ grpcUrl }) => new FemtoOtlpGrpcExporter({ url: grpcUrl }) },
];

/** Emits 300 records through a stock processor, which is shut down at once. */
async function emitAndShutDown(
  exporter: LogRecordExporter,
  Processor: typeof BatchLogRecordProcessor | typeof SimpleLogRecordProcessor,
): Promise<void> {
  const provider = new LoggerProvider({ processors: [new Processor({ exporter })] });
  for (const body of bodies(300)) provider.getLogger("stock").emit({ body });
  await provider.shutdown();
}

describe.each([BatchLogRecordProcessor, SimpleLogRecordProcessor])("the stock %o", (Processor) => {
  test("delivers all by HTTP when it is shut down", async () => {
    const server = await startRecords();
    await emitAndShutDown(new FemtoHttpExporter({ url: server.url }), Processor);
    expect(server.records.map(({ msg }) => String(msg)).toSorted()).toEqual(bodies(300).toSorted());
  });

  test("delivers all to syslog when it is shut down, in order", async () => {
    const server = await StreamServer.start();
    onTestFinished(() => server.stop());
    const exporter = new FemtoSysLogExporter({ transport: "tcp", host: "127.0.0.1", port: server.port });
    await emitAndShutDown(exporter, Processor);
    const messages = await server.received(300);
    expect(messages.map((message) => /record \d+$/.exec(message)?.[0])).toEqual(bodies(300));
  });

  test.each(OTLP)("delivers all by OTLP over $name when it is shut down", async ({ open }) => {
    const receiver = await startReceiver();
    await emitAndShutDown(open(receiver), Processor);
    expect(receiver.records.map(({ body }) => body as string).toSorted()).toEqual(bodies(300).toSorted());
  });
});

describe("FemtoHttpExporter", () => {
  test("an export is one request; format json makes one of each record, side by side", async () => {
    const release = Promise.withResolvers<void>();
    const server = await startBodies(async () => {
      await release.promise;
      return 200;
    });
    const url = `${server.url}/logs`;
    const batches = endWithTest(new FemtoHttpExporter({ url }));
    const singles = endWithTest(
      new FemtoHttpExporter({ url: `${url}/json`, format: "json", maxConcurrentRequests: 3 }),
    );
    const answers = [send(batches, numbered(10))];
    await vi.waitFor(() => expect(server.requestCountOf("/logs")).toBe(1));
    answers.push(send(singles, numbered(10)));
    await vi.waitFor(() => expect(server.requestCountOf("/logs/json")).toBe(3));
    release.resolve();
    expect(await Promise.all(answers)).toEqual([{ code: 0 }, { code: 0 }]);
    expect(server.requestCountOf("/logs")).toBe(1);
    expect(server.requestCountOf("/logs/json")).toBe(10);
    expect(server.concurrentMax()).toBe(4);
  });

  test("records that are refused one by one are counted in the error", async () => {
    const server = await startBodies((body) =>
      Promise.resolve(/record [37]"/.test(body.toString()) ? 400 : 200),
    );
    const url = `${server.url}/logs`;
    const exporter = endWithTest(new FemtoHttpExporter({ url: `${url}?key=secret`, format: "json" }));
    const { code, error } = await send(exporter, numbered(10));
    expect(code).toBe(1);
    expect(error?.message).toMatch(
      new RegExp(`^Cannot export 2 of 10 records to ${url}: Cannot send 1 record to ${url}: status 400`),
    );
    expect(error?.message).not.toMatch(/secret|export_failed/);
  });

  test("a mapping that throws costs its record; a module without one fails every export", async () => {
    troublesOfTest();
    const server = await startRecords();
    const folder = makeFolder();
    const map = join(folder, "map.mjs");
    writeFileSync(
      map,
      "export const createMapper = () => ({ body }) => { if (body === 'record 1') throw new Error('odd'); return { body }; };",
    );
    const none = join(folder, "none.mjs");
    writeFileSync(none, "export const other = 1;");
    const mapped = endWithTest(
      new FemtoHttpExporter({ url: server.url, mapLogRecord: { module: pathToFileURL(map) } }),
    );
    expect((await send(mapped, numbered(3))).error?.message).toBe(
      `Cannot export 1 of 3 records to ${server.url}: odd`,
    );
    expect(server.records).toEqual([{ body: "record 0" }, { body: "record 2" }]);
    const unmapped = endWithTest(new FemtoHttpExporter({ url: server.url, mapLogRecord: { module: none } }));
    for (let i = 0; i < 2; i++) {
      expect((await send(unmapped, numbered(3))).error?.message).toContain(
        'neither "createMapper" nor its default export',
      );
    }
  });

  test("a mapping whose module never comes up is given up by shutdown()", { timeout: 30_000 }, async () => {
    const server = await startRecords();
    const module = join(makeFolder(), "map.mjs");
    writeFileSync(
      module,
      "const timer = setInterval(() => {}, 1000); timer.unref(); await new Promise(() => {});",
    );
    const exporter = new FemtoHttpExporter({ url: server.url, mapLogRecord: { module } });
    const answers = [send(exporter, numbered(1)), send(exporter, numbered(1))];
    await exporter.shutdown();
    for (const { error } of await Promise.all(answers)) {
      expect(error?.message).toBe(`Cannot export to ${server.url}: shut down before it was opened`);
    }
    await new FemtoHttpExporter({ url: server.url, mapLogRecord: { module } }).shutdown();
  });

  test("a server that is away for retryTimeoutMillis fails the export; nothing says it was counted", async () => {
    troublesOfTest();
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const exporter = endWithTest(new FemtoHttpExporter({ url, retryTimeoutMillis: 50 }));
    const { code, error } = await send(exporter, numbered(2));
    expect(code).toBe(1);
    expect(error?.message).toMatch(/^Cannot send 2 records to .*ECONNREFUSED/);
    expect(error?.message).not.toContain("export_failed");
  });

  test("options that are wrong are a ConfigError", () => {
    const url = "http://localhost/";
    expect(configErrorOf(() => new FemtoHttpExporter({ url, method: "GET", format: "ndjson" }))).toMatch(
      /^Cannot start HTTP exporter: "format" is "ndjson", must be "form"/,
    );
  });
});

describe("a peer that does not answer", () => {
  test(
    "shutdown() gives the export up after 5 s, and exports afterwards fail at once",
    { timeout: 30_000 },
    async () => {
      const server = await startBodies(() => new Promise(() => {}));
      const exporter = new FemtoOtlpHttpExporter({ url: `${server.url}/v1/logs` });
      const answer = send(exporter, numbered(4));
      await vi.waitFor(() => expect(server.requestCountOf("/v1/logs")).toBe(1));
      const began = performance.now();
      await exporter.shutdown();
      expect(performance.now() - began).toBeGreaterThan(4_900);
      expect((await answer).error?.message).toMatch(/^Cannot send 4 records to .*/);
      expect((await send(exporter, numbered(1))).error?.message).toContain("the exporter has been shut down");
    },
  );

  test("forceFlush() waits for the exports so far, and no others", async () => {
    const releases: (() => void)[] = [];
    const server = await startBodies(() => new Promise((resolve) => releases.push(() => resolve(200))));
    const exporter = endWithTest(
      new FemtoOtlpHttpExporter({ url: `${server.url}/v1/logs`, maxConcurrentRequests: 2 }),
    );
    const first = send(exporter, numbered(1));
    await vi.waitFor(() => expect(releases.length).toBe(1));
    let isFlushed = false;
    const flushed = exporter.forceFlush().then(() => (isFlushed = true));
    const second = send(exporter, numbered(1));
    await vi.waitFor(() => expect(releases.length).toBe(2));
    expect(isFlushed).toBe(false);
    releases[0]?.();
    await flushed;
    expect(await first).toEqual({ code: 0 });
    releases[1]?.();
    expect(await second).toEqual({ code: 0 });
  });
});

describe.each(OTLP)("OTLP over $name", ({ open }) => {
  test("resources, scopes, every kind of value, exact times and dropped attributes arrive", async () => {
    const receiver = await startReceiver();
    const exporter = endWithTest(open(receiver));
    const attributes = {
      text: "a",
      whole: 7,
      part: 1.5,
      yes: true,
      bytes: new Uint8Array([1, 2]),
      list: ["a", 1],
      map: { a: null },
    };
    const spanContext = {
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      traceFlags: 1,
    };
    await send(exporter, [
      recordOf({
        body: { deep: [1, { er: "x" }] },
        attributes,
        droppedAttributesCount: 3,
        spanContext,
        severityNumber: 13,
        severityText: "WARN",
        eventName: "e",
      }),
      recordOf(),
    ]);
    const [full, bare] = receiver.records;
    expect(full).toMatchObject({
      timeUnixNano: 1_700_000_000_123_456_789n,
      observedTimeUnixNano: 1_700_000_001_987_654_321n,
      severityNumber: 13,
      severityText: "WARN",
      eventName: "e",
      droppedAttributesCount: 3,
      traceId: spanContext.traceId,
      spanId: spanContext.spanId,
      flags: 1,
      scope: { name: "stock", version: "1.2" },
    });
    expect(full?.resource.attributes.get("service.name")).toBe("shop");
    expect([...(full?.attributes.keys() ?? [])]).toEqual(Object.keys(attributes));
    expect(bare?.body).toBeUndefined();
    expect(bare?.attributes.size).toBe(0);
  });

  test("a partial success fails the export, and says how many of how many", async () => {
    const receiver = await startReceiver();
    receiver.respond({ partialSuccess: { rejected: 2, message: "too old" } });
    const exporter = endWithTest(open(receiver));
    const { code, error } = await send(exporter, numbered(5));
    expect(code).toBe(1);
    expect(error?.message).toMatch(/^Cannot send 2 of 5 records to .*because "too old"/);
  });
});

describe("FemtoOtlpHttpExporter and FemtoOtlpGrpcExporter", () => {
  test("the URL comes from the environment, as the handlers'", () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(endWithTest(new FemtoOtlpHttpExporter()).url).toBe("http://collector:4318/v1/logs");
    expect(endWithTest(new FemtoOtlpGrpcExporter()).url).toBe("http://collector:4318/");
  });
});

describe("FemtoSysLogExporter", () => {
  test("a daemon that is away fails the export after retryTimeoutMillis", async () => {
    troublesOfTest();
    const port = await closedPort();
    const exporter = endWithTest(
      new FemtoSysLogExporter({ transport: "tcp", host: "127.0.0.1", port, retryTimeoutMillis: 50 }),
    );
    const { code, error } = await send(exporter, numbered(2));
    expect(code).toBe(1);
    expect(error?.message).toMatch(
      new RegExp(`^Cannot send 2 records to tcp://127.0.0.1:${port}: .*ECONNREFUSED`),
    );
  });

  test("a message that is cut is told", async () => {
    const troubles = troublesOfTest();
    const server = await StreamServer.start();
    onTestFinished(() => server.stop());
    const exporter = endWithTest(
      new FemtoSysLogExporter({
        transport: "tcp",
        host: "127.0.0.1",
        port: server.port,
        maxMessageBytes: 480,
      }),
    );
    expect(await send(exporter, [recordOf({ body: "x".repeat(1000) }), ...numbered(1)])).toEqual({ code: 0 });
    expect(troubles).toEqual(['Cut 1 of 2 messages of syslog to 480 bytes ("maxMessageBytes")']);
  });

  test("options that are wrong are a ConfigError", () => {
    expect(configErrorOf(() => new FemtoSysLogExporter({ transport: "udp", framing: "nul" }))).toMatch(
      /^Cannot start syslog exporter: "framing" is "nul", must not be given/,
    );
  });
});
