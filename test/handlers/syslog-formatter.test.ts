import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FemtoGelfFormatter, FemtoSysLogHandler, type SysLogHandlerOptions } from "../../src/index.ts";
import { loggerOf } from "../contract/destination.ts";
import { parseMessage } from "../support/syslog-messages.ts";
import { StreamServer, type StreamServerOptions } from "../support/syslog-server.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

const LONG = { timeout: 15_000 };
const FRAMINGS = ["octet-counting", "newline", "nul"] as const;
const HOSTILE = 'a"b\\c\n<14>1 forged\r\0\u001B[31m\u007F\u0085\u2028\uD800é😀';

async function receive(
  options: SysLogHandlerOptions,
  framing: NonNullable<StreamServerOptions["framing"]> = "octet-counting",
): Promise<{ readonly server: StreamServer; readonly handler: FemtoSysLogHandler }> {
  const server = await StreamServer.start({ framing });
  onTestFinished(() => server.stop());
  const host = "127.0.0.1";
  const handler = endWithTest(
    new FemtoSysLogHandler({ transport: "tcp", host, port: server.port, framing, ...options }),
  );
  return { server, handler };
}

describe("FemtoSysLogHandler: formatter", () => {
  test("gelf: the bytes of a message, with its structured data", async () => {
    const formatter = new FemtoGelfFormatter({ host: "web-1" });
    const { server, handler } = await receive({ formatter, hostname: "web-1", facility: "local0" });
    const resource = resourceFromAttributes({ "service.name": "shop" });
    const provider = new LoggerProvider({ resource, processors: [handler] });
    provider.getLogger("shop.checkout").emit({
      severityNumber: 13,
      body: "Order 7",
      attributes: { id7: "x" },
      timestamp: 1_700_000_000_123,
    });
    await handler.forceFlush();
    expect(await server.received(1)).toEqual([
      `<132>1 2023-11-14T22:13:20.123000Z web-1 shop ${process.pid} - [femtologging@32473 logger="shop.checkout" id7="x"] ` +
        '{"version":"1.1","timestamp":1700000000.123,"host":"web-1","level":4,"short_message":"Order 7","_logger":"shop.checkout","_severity":"WARN","_service":"shop","_id7":"x"}',
    ]);
  });

  test("records of several calls, in turn: header and text do not mix up what they know of a call", async () => {
    const { server, handler } = await receive({ formatter: "logfmt", structuredDataId: false });
    const logger = loggerOf(handler);
    for (let i = 0; i < 20; i++) {
      logger.info("A {i}", { i });
      logger.warn("B {i} {j}", { i, j: -i });
    }
    await handler.forceFlush();
    const messages = (await server.received(40)).map((text) => parseMessage(text));
    expect(messages.map(({ severity }) => severity)).toEqual(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 6 : 4)),
    );
    const texts = messages.map(({ msg }) => /level=\w+.*msg="([^"]*)"/.exec(msg)?.[1]);
    expect(texts).toEqual(
      Array.from({ length: 20 }, (_, i) => [`A ${i}`, `B ${i} ${i === 0 ? "-0" : -i}`]).flat(),
    );
    expect(messages[0]?.data).toEqual({});
  });

  test.each(FRAMINGS)("%s: many lines and hostile values stay one message each", async (framing) => {
    for (const format of ["rfc5424", "rfc3164"] as const) {
      for (const formatter of ["text", "pretty", "json"] as const) {
        const { server, handler } = await receive({ format, formatter }, framing);
        const logger = loggerOf(handler);
        const error = new Error(HOSTILE);
        error.stack = `Error: ${HOSTILE}\n    at pay (pay.ts:1:1)\n<14>1 forged`;
        logger.error(error, HOSTILE, { text: HOSTILE });
        logger.info("last");
        await handler.forceFlush();
        const messages = await server.received(2);
        expect(messages).toHaveLength(2);
        expect(messages[0]).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(messages[0]).toContain(String.raw`\n<14>1 forged`);
        expect(messages[1]).toContain("last");
      }
    }
  });

  test("JSON is the same JSON behind the escapes", async () => {
    const { server, handler } = await receive({ formatter: "json" });
    loggerOf(handler).info(HOSTILE);
    await handler.forceFlush();
    const { msg } = parseMessage((await server.received(1))[0] ?? "");
    expect(JSON.parse(msg)).toMatchObject({ msg: HOSTILE.toWellFormed() });
  });

  test("what a formatter of the application writes is escaped, cut and counted like the rest", async () => {
    const troubles = troublesOfTest();
    const module = join(makeFolder(), "format.mjs");
    writeFileSync(
      module,
      `export default () => ({ body }) => {
         if (body === "throw") throw new Error("cannot format this");
         return body === "long" ? "é".repeat(1000) : body + "\\n<0>1 forged\\0";
       };`,
    );
    const { server, handler } = await receive({ formatter: { module }, maxMessageBytes: 480 });
    const logger = loggerOf(handler);
    for (const body of ["one", "throw", "long"]) logger.info(body);
    await handler.forceFlush();
    const texts = (await server.received(2)).map((text) => parseMessage(text).msg);
    expect(texts).toEqual([String.raw`one\n<0>1 forged\u0000`, expect.stringMatching(/^é+…$/)]);
    expect(handler.stats()).toMatchObject({ delivered: 2, queued: 0, dropped: { export_failed: 1 } });
    await vi.waitFor(() => expect(troubles.join()).toContain("cannot format this"), LONG);
  });

  test("a function works on this thread", async () => {
    troublesOfTest();
    const { server, handler } = await receive({ formatter: ({ body }) => JSON.stringify([body]), bom: true });
    loggerOf(handler).info("one");
    await handler.forceFlush();
    expect(parseMessage((await server.received(1))[0] ?? "").msg).toBe(`\uFEFF["one"]`);
  });

  test("a wrong one is an error, also by builder()", () => {
    const given = { formatter: "xml" } as unknown as SysLogHandlerOptions;
    expect(configErrorOf(() => new FemtoSysLogHandler(given))).toContain(
      '"formatter" is "xml", must be a name',
    );
    const result = FemtoSysLogHandler.builder().formatter("ecs").port(0).tryBuild();
    expect(result.ok ? [] : result.errors.map(({ path }) => path)).toEqual(["port"]);
  });
});
