import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSyslogSender } from "../../exporters/syslog/sender.ts";
import { unixSocketKind } from "../../src/handlers/unix-socket-kind.ts";
import { FemtoSysLogHandler, type SysLogHandlerOptions } from "../../src/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { Rsyslog, rsyslogd } from "../support/rsyslog.ts";
import { configErrorOf, endWithTest } from "./fixture.ts";

const host = "127.0.0.1";

/** Without rsyslogd on the machine these tests are reported as skipped. */
describe.skipIf(rsyslogd === undefined)("FemtoSysLogHandler, as rsyslogd understands it", () => {
  let daemon: Rsyslog;
  let count = 0;

  beforeAll(async () => {
    daemon = await Rsyslog.start(rsyslogd ?? "");
  });

  afterAll(async () => daemon.stop());

  async function understood(
    options: SysLogHandlerOptions,
    log: (logger: ReturnType<typeof loggerOf>) => void,
  ) {
    const handler = endWithTest(new FemtoSysLogHandler({ hostname: "web-1", appName: "shop", ...options }));
    log(loggerOf(handler));
    await handler.forceFlush();
    const before = count;
    count += handler.stats().delivered;
    return (await daemon.received(count)).slice(before);
  }

  test.each(["udp", "tcp"] as const)("RFC 5424 by %s", async (transport) => {
    const port = transport === "udp" ? daemon.port : daemon.tcpPort;
    const attributes = { id: 7, text: 'a"b\\c]d', note: "two\nlines é" };
    const [message] = await understood({ transport, host, port, facility: "local3" }, (logger) => {
      logger.event("order.paid", attributes, { level: "ERROR" });
    });
    expect(message).toMatchObject({
      facility: "local3",
      severity: "err",
      hostname: "web-1",
      app: "shop",
      procid: String(process.pid),
      msgid: "order.paid",
      data: String.raw`[femtologging@32473 logger="contract" id="7" text="a\"b\\c\]d" note="two\\nlines é"]`,
    });
    expect(Math.abs(Date.parse(message?.time ?? "") - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    ["tcp", "octet-counting"],
    ["tcp", "newline"],
    ["udp", undefined],
  ] as const)("RFC 3164 by %s, framed by %s", async (transport, framing) => {
    const port = transport === "udp" ? daemon.port : daemon.tcpPort;
    const [message] = await understood({ transport, host, port, framing, format: "rfc3164" }, (logger) => {
      logger.warn("Order {id}\nis paid", { id: 7, note: "two words" });
    });
    expect(message).toMatchObject({
      facility: "user",
      severity: "warning",
      hostname: "web-1",
      tag: `shop[${process.pid}]:`,
      msg: String.raw` Order 7\nis paid logger=contract note="two words"`,
    });
    expect(Math.abs(Date.parse(message?.time ?? "") - Date.now())).toBeLessThan(60_000);
  });

  test("1000 messages over one connection, in order, each once", async () => {
    const messages = await understood({ transport: "tcp", host, port: daemon.tcpPort }, (logger) =>
      logNumbers(logger, { to: 1000 }),
    );
    expect(messages.map(({ msg }) => msg)).toEqual(Array.from({ length: 1000 }, (_, i) => `record ${i}`));
  });

  test("a Unix socket of datagrams, as /dev/log is one, is an error at once", () => {
    expect(unixSocketKind(daemon.socketPath)).toBe("datagram");
    const text = configErrorOf(() => new FemtoSysLogHandler({ socketPath: daemon.socketPath }));
    expect(text).toContain("must be a stream socket: this one takes datagrams, which Node cannot send");
  });

  test("where the system does not say so before, it is said with the first batch, which is given up", async () => {
    const address = { transport: "unix", socketPath: daemon.socketPath } as const;
    const sender = createSyslogSender({ address, timeoutMillis: 10_000, retryTimeoutMillis: 10_000 });
    const { signal } = new AbortController();
    const outcome = await sender.send(Buffer.from("<14>x\n"), { recordCount: 1, signal });
    await sender.close();
    expect(outcome).toMatchObject({ failed: 1, reason: "EPROTOTYPE", error: { retryable: false } });
    expect(outcome.error?.message).toContain("it takes datagrams, which Node cannot send");
  });
});
