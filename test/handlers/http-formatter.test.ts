import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { describe, expect, test, vi } from "vitest";
import {
  FemtoHttpHandler,
  FemtoSplunkHecFormatter,
  FemtoTextFormatter,
  type HttpHandlerOptions,
} from "../../src/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { type OtlpServer, startServer } from "../exporters/otlp-http/otlp-server.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

const LONG = { timeout: 15_000 };
const HOSTILE = 'a"b\\c\n<14>1 forged\r\0\u001B[31m\u0085\u2028\uD800é😀,]';

async function receive(
  options: Partial<HttpHandlerOptions>,
): Promise<{ readonly server: OtlpServer; readonly handler: FemtoHttpHandler }> {
  const server = await startServer((response) => response.writeHead(200).end());
  const url = `http://127.0.0.1:${server.port}/logs`;
  const handler = endWithTest(new FemtoHttpHandler({ url, maxConcurrentRequests: 1, ...options }));
  return { server, handler };
}

function bodiesOf({ requests }: OtlpServer): string[] {
  return requests.map(({ body }) => body.toString("utf8"));
}

function typeOf({ requests }: OtlpServer): string | undefined {
  return requests[0]?.headers["content-type"];
}

/** Emits two records of a time that is known. */
async function emitTwo(handler: FemtoHttpHandler): Promise<void> {
  const resource = resourceFromAttributes({ "service.name": "shop" });
  const provider = new LoggerProvider({ resource, processors: [handler] });
  for (const id of [7, 8]) {
    provider.getLogger("shop.checkout").emit({
      severityNumber: 9,
      body: `Order ${id}`,
      attributes: { id },
      timestamp: 1_700_000_000_123,
    });
  }
  await handler.forceFlush();
}

/** A module of the test's own, as a formatter. */
function formatterModule(source: string): { readonly module: string } {
  const module = join(makeFolder(), "format.mjs");
  writeFileSync(module, source);
  return { module };
}

describe("FemtoHttpHandler: formatter", () => {
  test("splunk-hec: the bytes that the collector gets", async () => {
    const formatter = new FemtoSplunkHecFormatter({ host: "web-1", index: "main" });
    const { server, handler } = await receive({ formatter, headers: { authorization: "Splunk x" } });
    await emitTwo(handler);
    const head = '{"time":1700000000.123,"host":"web-1","sourcetype":"_json","index":"main","event":';
    const event = (id: number): string =>
      `${head}{"severity":"INFO","logger":"shop.checkout","message":"Order ${id}","service":"shop","id":${id}}}\n`;
    expect(bodiesOf(server)).toEqual([event(7) + event(8)]);
    expect(typeOf(server)).toBe("application/json");
    expect(server.requests[0]?.headers.authorization).toBe("Splunk x");
    expect(handler.stats()).toMatchObject({ delivered: 2, batches: 1 });
  });

  test.each(["json", "pino", "bunyan", "ecs", "datadog", "google-cloud"] as const)(
    "%s: an array unless told otherwise, also of hostile values",
    async (formatter) => {
      const { server, handler } = await receive({ formatter });
      const logger = loggerOf(handler);
      logger.info(HOSTILE, { [HOSTILE]: HOSTILE });
      logger.error(new Error(HOSTILE));
      await handler.forceFlush();
      const records = bodiesOf(server).flatMap((body) => JSON.parse(body) as object[]);
      expect(records).toHaveLength(2);
      expect(JSON.stringify(records[0])).toContain("forged");
      expect(typeOf(server)).toBe("application/json");
    },
  );

  test.each(["gelf", "otlp-json"] as const)("%s: a request for each record", async (formatter) => {
    const { server, handler } = await receive({ formatter });
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    const records = bodiesOf(server).map((body) => JSON.stringify(JSON.parse(body)));
    expect(records.map((text) => /record \d/.exec(text)?.[0])).toEqual(["record 0", "record 1", "record 2"]);
    expect(typeOf(server)).toBe("application/json");
  });

  test.each(["splunk-hec", "gelf", "json"] as const)(
    "%s as ndjson: a line a record, whatever the values",
    async (formatter) => {
      const { server, handler } = await receive({ formatter, format: "ndjson", compression: "none" });
      const logger = loggerOf(handler);
      for (let i = 0; i < 3; i++) logger.info(HOSTILE, { text: HOSTILE });
      await handler.forceFlush();
      const lines = bodiesOf(server).join("").split("\n");
      expect(lines.pop()).toBe("");
      expect(lines).toHaveLength(3);
      for (const line of lines) expect(JSON.parse(line)).toBeTypeOf("object");
      expect(typeOf(server)).toBe(formatter === "json" ? "application/x-ndjson" : "application/json");
    },
  );

  test("text goes out in lines, as text", async () => {
    const formatter = new FemtoTextFormatter({ format: "%(levelname)s %(message)s" });
    const { server, handler } = await receive({ formatter });
    logNumbers(loggerOf(handler), { to: 2 });
    await handler.forceFlush();
    expect(bodiesOf(server).join("")).toBe("INFO record 0\nINFO record 1\n");
    expect(typeOf(server)).toBe("text/plain; charset=utf-8");
  });

  test("a module works in the handler's thread", async () => {
    const formatter = formatterModule(
      `import { isMainThread } from "node:worker_threads";
       export default () => ({ body }) => JSON.stringify({ body, isMainThread });`,
    );
    const { server, handler } = await receive({ formatter });
    logNumbers(loggerOf(handler), { to: 2 });
    await handler.forceFlush();
    expect(JSON.parse(bodiesOf(server).join(""))).toEqual([
      { body: "record 0", isMainThread: false },
      { body: "record 1", isMainThread: false },
    ]);
  });

  test("a module that cannot be loaded is told, and JSON lines are sent", async () => {
    const troubles = troublesOfTest();
    const { server, handler } = await receive({ formatter: { module: "/nowhere/format.mjs" } });
    logNumbers(loggerOf(handler), { to: 1 });
    await handler.forceFlush();
    expect(JSON.parse(bodiesOf(server).join(""))).toMatchObject([{ msg: "record 0", i: 0 }]);
    await vi.waitFor(() => expect(troubles.join()).toContain("JSON lines are written instead"), LONG);
  });

  test("a function works on this thread, which is told", async () => {
    const troubles = troublesOfTest();
    const name = "of-function";
    const { server, handler } = await receive({ name, formatter: ({ body }) => JSON.stringify([body]) });
    logNumbers(loggerOf(handler), { to: 2 });
    await handler.forceFlush();
    expect(bodiesOf(server)).toEqual(['[["record 0"],["record 1"]]']);
    expect(troubles.join()).toContain(`Handler "${name}" formats and writes on the application's thread`);
  });

  test("a record that is no JSON costs itself, and not the array: it is counted and told", async () => {
    const troubles = troublesOfTest();
    const formatter = formatterModule(
      `export default () => ({ body }) => { if (body === "throw") throw new Error("cannot"); return body; }`,
    );
    const { server, handler } = await receive({ formatter });
    const logger = loggerOf(handler);
    for (const body of ["1", '2],[{"forged":true}', "", "throw", "{", '"4"']) logger.info(body);
    await handler.forceFlush();
    expect(bodiesOf(server)).toEqual(['[1,"4"]']);
    const { delivered, dropped, queued } = handler.stats();
    expect([delivered, dropped.export_failed, queued]).toEqual([2, 4, 0]);
    await vi.waitFor(() => expect(troubles.join()).toContain("the formatter wrote no JSON"), LONG);
  });
});

describe("FemtoHttpHandler: wrong formatters", () => {
  const url = "http://localhost/";

  test.each([
    [{ formatter: "xml" }, '"formatter" is "xml", must be a name (pretty, text, json'],
    [{ formatter: { module: "./format.js" } }, '"formatter" is an object, must be'],
    [{ formatter: "ecs", mapLogRecord: ["msg"] }, 'must not be given together with "mapLogRecord"'],
    [{ formatter: "ecs", format: "form" }, 'must not be given with "format" "form": a form has fields'],
    [{ formatter: "ecs", method: "GET" }, 'must not be given with "method" "GET": a form has fields'],
    [
      { formatter: "text", format: "json-array" },
      '"format" is "json-array", must be "ndjson" or "json" with the formatter "text": it writes no JSON',
    ],
    [{ formatter: new FemtoTextFormatter(), format: "json-array" }, "it writes no JSON"],
    [
      { formatter: "splunk-hec", format: "json-array" },
      'with the formatter "splunk-hec": its collectors take no array; leave it out for "ndjson"',
    ],
    [
      { formatter: { module: "/x.mjs", options: { map: () => 1 } } },
      '"formatter.options" is an object, must be data',
    ],
  ])("%o", (options, expected) => {
    const text = configErrorOf(() => new FemtoHttpHandler({ url, ...options } as HttpHandlerOptions));
    expect(text).toContain('Cannot start handler "http"');
    expect(text).toContain(expected);
  });

  test("builder() has the method", () => {
    const result = FemtoHttpHandler.builder().url(url).formatter("logfmt").format("json-array").tryBuild();
    expect(result.ok ? [] : result.errors.map(({ path }) => path)).toEqual(["format"]);
  });
});
