import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FemtoHttpHandler, type HttpHandlerOptions } from "../../src/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { localhostCertificate } from "../exporters/otlp-http/localhost-certificate.ts";
import { startServer } from "../exporters/otlp-http/otlp-server.ts";
import { HttpRecords } from "../support/http-records.ts";
import { configErrorOf, endWithTest, troublesOfTest } from "./fixture.ts";

type Options = Partial<HttpHandlerOptions>;

const MAPPER = new URL("./programs/map-record.ts", import.meta.url);
const LONG = { timeout: 15_000 };

async function receive(options: Options = {}): Promise<{
  readonly server: HttpRecords;
  readonly handler: FemtoHttpHandler;
}> {
  const server = await HttpRecords.start();
  onTestFinished(() => server.stop());
  const handler = endWithTest(
    new FemtoHttpHandler({ url: server.url, maxConcurrentRequests: 1, ...options }),
  );
  return { server, handler };
}

describe("FemtoHttpHandler: formats", () => {
  test.each(["json-array", "ndjson"] as const)("%s: batches of JSON lines' objects", async (format) => {
    const { server, handler } = await receive({ format, maxExportBatchSize: 40, compression: "gzip" });
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect(server.records.map(({ i }) => i)).toEqual(numbers({ to: 100 }));
    expect(server.requests.map(({ recordCount }) => recordCount)).toEqual([40, 40, 20]);
    expect(server.records[7]).toMatchObject({ level: "INFO", logger: "contract", msg: "record 7" });
    expect(handler.stats()).toMatchObject({ delivered: 100, batches: 3 });
  });

  test("json: a request for each record", async () => {
    const { server, handler } = await receive({ format: "json" });
    logNumbers(loggerOf(handler), { to: 5 });
    await handler.forceFlush();
    expect(server.records.map(({ msg }) => msg)).toEqual(numbers({ to: 5 }).map((i) => `record ${i}`));
    expect(server.requests.map(({ recordCount }) => recordCount)).toEqual([1, 1, 1, 1, 1]);
  });

  test.each(["POST", "GET"] as const)(
    "form by %s: a request for each record, with Python's names",
    async (method) => {
      const { server, handler } = await receive({ method, format: "form" });
      const logger = loggerOf(handler);
      logger.warn("Order {id} & more", { id: 7, note: "two words\n+1" });
      logger.error("Nothing else");
      await handler.forceFlush();
      const { created, ...record } = server.records[0] ?? {};
      expect(record).toEqual({
        name: "contract",
        levelno: "30",
        levelname: "WARNING",
        msg: "Order 7 & more",
        process: String(process.pid),
        thread: expect.stringMatching(/^\d+$/),
        id: "7",
        note: "two words\n+1",
      });
      expect(Math.abs(Number(created) - Date.now() / 1000)).toBeLessThan(60);
      expect(server.records[1]).toMatchObject({ levelname: "ERROR", msg: "Nothing else" });
      expect(server.requests.map((request) => request.method)).toEqual([method, method]);
    },
  );

  test("a GET is a form unless told otherwise, and goes out at once", async () => {
    const { server, handler } = await receive({ method: "GET", scheduledDelayMillis: 60_000 });
    logNumbers(loggerOf(handler), { to: 1 });
    await vi.waitFor(() => expect(server.records).toHaveLength(1), LONG);
    expect(server.records[0]).toMatchObject({ msg: "record 0", i: "0" });
  });
});

describe("FemtoHttpHandler: mapLogRecord", () => {
  test("a list of fields, in JSON", async () => {
    const { server, handler } = await receive({ mapLogRecord: ["levelname", "msg", "i"] });
    logNumbers(loggerOf(handler), { to: 2 });
    await handler.forceFlush();
    expect(server.records).toEqual([
      { levelname: "INFO", msg: "record 0", i: 0 },
      { levelname: "INFO", msg: "record 1", i: 1 },
    ]);
  });

  test.each(["own", "inline"] as const)("a module, thread %s", async (thread) => {
    const { server, handler } = await receive({
      thread,
      mapLogRecord: { module: MAPPER, options: { source: "web" } },
    });
    loggerOf(handler).info("Order {id}", { id: 2n ** 60n, nan: Number.NaN, bytes: Uint8Array.of(1, 2) });
    await handler.forceFlush();
    expect(server.records).toEqual([
      { source: "web", body: "Order 1152921504606846976", id: Number(2n ** 60n), nan: "NaN", bytes: "AQI=" },
    ]);
  });

  test("a module, as a form", async () => {
    const { server, handler } = await receive({
      format: "form",
      mapLogRecord: { module: MAPPER.href, options: { source: "web" } },
    });
    loggerOf(handler).info("one", { n: 1, list: [1, "a"], when: new Date(0) });
    await handler.forceFlush();
    expect(server.records).toEqual([
      { source: "web", body: "one", n: "1", list: '[1,"a"]', when: "1970-01-01T00:00:00.000Z" },
    ]);
  });

  test("records for which the function fails are counted and told, the others arrive", async () => {
    const troubles = troublesOfTest();
    const { server, handler } = await receive({
      mapLogRecord: { module: MAPPER, options: { source: "web" } },
    });
    const logger = loggerOf(handler);
    for (const mode of ["throw", "ok", "promise", "text", "ok"]) logger.info("one", { mode });
    await handler.forceFlush();
    expect(server.records).toHaveLength(2);
    const { delivered, dropped, queued } = handler.stats();
    expect([delivered, dropped.export_failed, queued]).toEqual([2, 3, 0]);
    await vi.waitFor(
      () => expect(troubles.join()).toContain("cannot map this; counted as export_failed"),
      LONG,
    );
  });

  test("a module that exports no function is told, and its records are counted at the end", async () => {
    const troubles = troublesOfTest();
    const { handler } = await receive({ mapLogRecord: { module: "data:text/javascript,export default 7" } });
    logNumbers(loggerOf(handler), { to: 3 });
    await vi.waitFor(() => expect(troubles.join()).toContain('as "mapLogRecord"'), LONG);
    await handler.shutdown({ timeoutMillis: 500 }).catch(() => {});
    const { delivered, droppedTotal, queued } = handler.stats();
    expect([delivered, droppedTotal, queued]).toEqual([0, 3, 0]);
  });
});

describe("FemtoHttpHandler: TLS and credentials", () => {
  test.each([
    [{ credentials: { username: "me", password: "pass" } }, `Basic ${btoa("me:pass")}`],
    [{ credentials: { token: "abc" } }, "Bearer abc"],
    [{ headers: { Authorization: "Other x" } }, "Other x"],
  ])("%o reach a server whose certificate is trusted", async (options, authorization) => {
    const server = await startServer((response) => response.writeHead(200).end(), { tls: true });
    const url = `https://localhost:${server.port}/logs`;
    const handler = endWithTest(new FemtoHttpHandler({ url, tls: { ca: localhostCertificate }, ...options }));
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    expect(server.requests[0]?.headers.authorization).toBe(authorization);
    expect(handler.stats()).toMatchObject({ delivered: 3, queued: 0 });
  });

  test("a server whose certificate is not trusted gets nothing; that is counted and told", async () => {
    const troubles = troublesOfTest();
    const server = await startServer((response) => response.end(), { tls: true });
    const url = `https://localhost:${server.port}/logs`;
    const handler = endWithTest(new FemtoHttpHandler({ url, credentials: { token: "secret-word" } }));
    logNumbers(loggerOf(handler), { to: 3 });
    await vi.waitFor(() => expect(handler.stats().dropped.export_failed).toBe(3), LONG);
    await vi.waitFor(() => expect(troubles.join()).toContain("DEPTH_ZERO_SELF_SIGNED_CERT"), LONG);
    expect(troubles.join()).not.toContain("secret-word");
    expect(server.requests).toHaveLength(0);
  });
});

describe("FemtoHttpHandler: faults", () => {
  test("a server that is away for a while: everything arrives, once", async () => {
    troublesOfTest();
    const { server, handler } = await receive({ maxExportBatchSize: 10 });
    server.status = 503;
    logNumbers(loggerOf(handler), { to: 30 });
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), LONG);
    server.status = 200;
    await handler.forceFlush();
    expect(server.records.map(({ i }) => i)).toEqual(numbers({ to: 30 }));
    expect(handler.stats()).toMatchObject({ delivered: 30, queued: 0, droppedTotal: 0 });
  });

  test("what a server refuses for good is counted and told, one by one with a request a record", async () => {
    const troubles = troublesOfTest();
    const { server, handler } = await receive({ format: "json" });
    const logger = loggerOf(handler);
    server.status = 413;
    logNumbers(logger, { to: 3 });
    await vi.waitFor(() => expect(handler.stats().dropped.export_failed).toBe(3), LONG);
    server.status = 200;
    logNumbers(logger, { from: 3, to: 5 });
    await handler.forceFlush();
    expect(server.records.map(({ i }) => i)).toEqual([3, 4]);
    expect(handler.stats()).toMatchObject({ delivered: 2, queued: 0 });
    await vi.waitFor(
      () => expect(troubles.join()).toContain("status 413; 1 record counted as export_failed"),
      LONG,
    );
  });

  test("a server that is gone is given up after retryTimeoutMillis; the next one is served", async () => {
    const troubles = troublesOfTest();
    const server = await HttpRecords.start();
    await server.stop();
    const handler = endWithTest(new FemtoHttpHandler({ url: server.url, retryTimeoutMillis: 300 }));
    logNumbers(loggerOf(handler), { to: 10 });
    await vi.waitFor(() => expect(handler.stats().dropped.export_failed).toBe(10), LONG);
    await vi.waitFor(() => expect(troubles.join()).toContain("ECONNREFUSED"), LONG);
  });
});

describe("FemtoHttpHandler: wrong options", () => {
  const url = "http://localhost/";

  test.each([
    [{}, '"url" is missing, must be given'],
    [{ url: "localhost:80" }, '"url" is "localhost:80", must be'],
    [{ url, method: "PUT" }, '"method" is "PUT", must be one of "POST", "GET"'],
    [{ url, method: "GET", format: "json" }, '"format" is "json", must be "form" with "method" "GET"'],
    [{ url, format: "xml" }, '"format" is "xml", must be one of'],
    [{ url, mapLogRecord: [] }, '"mapLogRecord" is an array, must be an array of different field names'],
    [{ url, mapLogRecord: ["msg", "msg"] }, '"mapLogRecord" is an array, must be'],
    [{ url, mapLogRecord: { module: "./map.js" } }, '"mapLogRecord" is an object, must be'],
    [{ url, mapLogRecord: () => ({}) }, '"mapLogRecord" is a function, must be'],
    [{ url, recordFields: ["msg"] }, 'did you mean "mapLogRecord"?'],
    [{ url, tls: { ca: "/nowhere/ca.pem" } }, '"tls.ca" is "/nowhere/ca.pem", must be text of PEM or a file'],
    [{ url, tls: { verify: false } }, '"tls.verify" is false, must not be given'],
  ])("%o", (options, expected) => {
    const text = configErrorOf(() => new FemtoHttpHandler(options as HttpHandlerOptions));
    expect(text).toContain('Cannot start handler "http"');
    expect(text).toContain(expected);
  });

  test.each([
    { credentials: { username: "me", password: 7 } },
    { credentials: { username: "me:you", password: "secret-word" } },
    { credentials: { username: 7, password: "secret-word" } },
    { credentials: { token: "secret word" } },
    { credentials: { token: "secret-word", password: "secret-word" } },
    { credentials: "secret-word" },
    { headers: { authorization: "secret-word\n" } },
    { token: "secret-word" },
    { tls: { cert: "-----BEGIN x", key: "secret-word" } },
  ])("secrets do not get into the error: %#", (options) => {
    const text = configErrorOf(
      () => new FemtoHttpHandler({ url, ...options } as unknown as HttpHandlerOptions),
    );
    expect(text).not.toMatch(/secret.word/);
  });

  test("builder() has a method for each option", () => {
    const result = FemtoHttpHandler.builder().url("nowhere").format("form").tryBuild();
    expect(result.ok ? [] : result.errors.map(({ path }) => path)).toEqual(["url"]);
  });
});
