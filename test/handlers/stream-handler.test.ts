import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { PassThrough, Writable } from "node:stream";
import { buffer, text as textOf } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type FemtoFormatter,
  FemtoJsonFormatter,
  FemtoStreamHandler,
  FemtoTextFormatter,
  type StreamHandlerOptions,
} from "../../src/index.ts";
import { Fifo } from "../contract/fifo.ts";
import { loggerOf } from "../contract/destination.ts";
import { configErrorOf, endWithTest, makeFolder, messagesOf, troublesOfTest } from "./fixture.ts";

const HELLO = fileURLToPath(new URL("./programs/hello.ts", import.meta.url));
const COLOR = "\u001b[";

function open(options: StreamHandlerOptions): FemtoStreamHandler {
  return endWithTest(new FemtoStreamHandler(options));
}

/** The environment of the tests without what they, or a terminal, say of colors. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  return { ...rest, NODE_NO_WARNINGS: "1", TERM: "xterm-256color", ...env };
}

/** Runs a program that logs "Hello World" and "Goodbye" to a stream: pipes of its own for all descriptors. */
async function hello(
  options: StreamHandlerOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [HELLO, JSON.stringify(options)], {
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const texts = Promise.all(
    [1, 2, 3].map((descriptor) => textOf(child.stdio[descriptor] as NodeJS.ReadableStream)),
  );
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
  return texts;
}

describe("FemtoStreamHandler: descriptors", () => {
  test.concurrent("writes JSON lines to stderr unless told otherwise", async () => {
    const [out, error] = await hello({});
    expect(messagesOf(error as string)).toEqual(["Hello World", "Goodbye"]);
    expect(out).toBe("");
  });

  test.concurrent.each([
    ["stdout", 0],
    [1, 0],
    ["stderr", 1],
    [2, 1],
    [3, 2],
  ] as const)("stream %j", async (stream, index) => {
    const texts = await hello({ stream });
    expect(texts.map(messagesOf)).toEqual(
      [0, 1, 2].map((i) => (i === index ? ["Hello World", "Goodbye"] : [])),
    );
  });

  test.concurrent("format and terminator", async () => {
    const [out] = await hello({ stream: "stdout", format: "text", terminator: "|" });
    expect(out).toMatch(/^[^|]* INFO hello: Hello World[^|]*\|[^|]* ERROR hello: Goodbye\|$/);
  });

  test.concurrent("FORCE_COLOR colors what is pretty, also where there is no terminal", async () => {
    const [plain, forced, never] = await Promise.all([
      hello({ stream: "stdout", format: "pretty" }),
      hello({ stream: "stdout", format: "pretty" }, { FORCE_COLOR: "1" }),
      hello({ stream: "stdout", format: "pretty", colors: "never" }, { FORCE_COLOR: "1" }),
    ]);
    expect([plain, forced, never].map(([out]) => (out as string).includes(COLOR))).toEqual([
      false,
      true,
      false,
    ]);
    expect(plain[0]).toContain("INFO  Hello World");
  });

  test.concurrent("FORCE_COLOR does not make JSON anything else", async () => {
    const [out] = await hello({ stream: "stdout" }, { FORCE_COLOR: "1" });
    expect(messagesOf(out as string)).toHaveLength(2);
  });

  test("a regular file, as of a shell's redirection", async () => {
    const path = join(makeFolder(), "out");
    const descriptor = openSync(path, "a");
    const handler = open({ stream: descriptor });
    loggerOf(handler).info("redirected");
    await handler.shutdown();
    closeSync(descriptor);
    expect(messagesOf(readFileSync(path, "utf8"))).toEqual(["redirected"]);
  });

  test("the descriptor is still the application's after the handler has ended", async () => {
    const fifo = new Fifo(join(makeFolder(), "fifo"));
    fifo.startReading();
    const descriptor = fifo.openForWriting();
    for (const message of ["first", "second"]) {
      const handler = new FemtoStreamHandler({ stream: descriptor });
      loggerOf(handler).info(message);
      await handler.shutdown();
    }
    expect(messagesOf(fifo.text)).toEqual(["first", "second"]);
    closeSync(descriptor);
    fifo.close();
  });

  test("a pipe whose reader has gone: the records are counted and that is told", async () => {
    const troubles = troublesOfTest();
    const fifo = new Fifo(join(makeFolder(), "fifo"));
    const descriptor = fifo.openForWriting();
    const handler = open({ stream: descriptor });
    const logger = loggerOf(handler);
    logger.info("taken");
    await handler.forceFlush();
    fifo.close();
    logger.info("lost");
    await handler.forceFlush();
    closeSync(descriptor);
    expect(handler.stats()).toMatchObject({ emitted: 2, delivered: 1, queued: 0 });
    expect(handler.stats().dropped.export_failed).toBe(1);
    await vi.waitFor(() =>
      expect(troubles.join("\n")).toMatch(/Cannot write \d+ bytes to descriptor \d+: EPIPE/),
    );
  });

  test("a descriptor that is not open: the records wait and that is told", async () => {
    const troubles = troublesOfTest();
    const handler = open({ stream: 9999 });
    loggerOf(handler).info("waits");
    await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow("1 record left");
    await vi.waitFor(
      () => expect(troubles.join("\n")).toContain("Cannot open descriptor 9999: EBADF"),
      10_000,
    );
  });
});

const hasTerminals = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

describe.skipIf(!hasTerminals).concurrent("FemtoStreamHandler: a terminal", () => {
  /** What the program writes to a pseudo terminal. */
  async function onTerminal(
    options: StreamHandlerOptions,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "femto-terminal-"));
    const command = `'${process.execPath}' '${HELLO}' '${JSON.stringify(options)}'`;
    const child = spawn("script", ["-qec", command, join(folder, "typescript")], {
      env: environment(env),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [bytes, [code]] = await Promise.all([buffer(child.stdout), once(child, "exit")]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    return bytes.toString("utf8");
  }

  test.each(["stderr", "stdout"] as const)("%s is pretty and colored", async (stream) => {
    const shown = await onTerminal({ stream });
    expect(shown).toContain(COLOR);
    expect(shown).toMatch(/INFO .*Hello World/);
    expect(shown).not.toContain('"msg"');
  });

  test("NO_COLOR leaves it pretty, without colors", async () => {
    const shown = await onTerminal({}, { NO_COLOR: "1" });
    expect(shown).not.toContain(COLOR);
    expect(shown).toContain("INFO  Hello World");
  });

  test("colors: always wins over NO_COLOR", async () => {
    expect(await onTerminal({ colors: "always" }, { NO_COLOR: "1" })).toContain(COLOR);
  });

  test("format: json is JSON there too", async () => {
    expect(messagesOf((await onTerminal({ format: "json" })).replaceAll("\r\n", "\n"))).toEqual([
      "Hello World",
      "Goodbye",
    ]);
  });
});

describe("FemtoStreamHandler: a Writable", () => {
  test("gets JSON lines; it stays open", async () => {
    const stream = new PassThrough();
    const handler = open({ stream });
    loggerOf(handler).info("one");
    await handler.shutdown();
    expect(stream.writable).toBe(true);
    stream.end();
    expect(messagesOf(await textOf(stream))).toEqual(["one"]);
  });

  test("is pretty where the stream says that it is a terminal", async () => {
    // What the tests were started with is not the stream's business.
    vi.stubEnv("NO_COLOR", undefined);
    vi.stubEnv("FORCE_COLOR", undefined);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const stream = Object.assign(new PassThrough(), { isTTY: true });
    const handler = open({ stream });
    loggerOf(handler).info("one");
    await handler.shutdown();
    stream.end();
    expect(await textOf(stream)).toContain(COLOR);
  });

  test.each([true, false])(
    "a stream that fails costs what is written to it, and not the process (autoDestroy: %s)",
    async (autoDestroy) => {
      const troubles = troublesOfTest();
      let writes = 0;
      const stream = new Writable({
        autoDestroy,
        write: (_chunk, _encoding, onWritten) => onWritten(++writes === 2 ? new Error("no more room") : null),
      });
      const handler = open({ stream });
      const logger = loggerOf(handler);
      for (const message of ["arrives", "lost", "lost too: the stream is broken"]) {
        logger.info(message);
        await handler.forceFlush();
      }
      expect(handler.stats()).toMatchObject({ emitted: 3, delivered: 1, queued: 0 });
      expect(handler.stats().dropped.export_failed).toBe(2);
      expect(troubles).toEqual(["Cannot write to a stream: no more room"]);
      await new Promise((resolve) => setImmediate(resolve));
      expect([stream.listenerCount("error"), stream.listenerCount("close")]).toEqual([0, 0]);
    },
  );

  test("only who asks for block is told that the thread cannot wait for itself", async () => {
    const troubles = troublesOfTest();
    open({ name: "silent", stream: new PassThrough() });
    expect(troubles).toEqual([]);
    open({ name: "told", stream: new PassThrough(), overflow: "block" });
    expect(troubles).toEqual([
      'Handler "told" works on this thread, which cannot wait for itself: "overflow" is drop-newest instead of block',
    ]);
  });

  test("a stream that was destroyed, before or during a write, costs what comes after", async () => {
    const troubles = troublesOfTest();
    const stream = new Writable({ write: () => {} });
    const handler = open({ stream });
    const logger = loggerOf(handler);
    logger.info("under way");
    const flushed = handler.forceFlush();
    await vi.waitFor(() => expect(stream.writableLength).toBeGreaterThan(0));
    stream.destroy();
    await flushed;
    logger.info("too late");
    await handler.forceFlush();
    expect(handler.stats().dropped.export_failed).toBe(2);
    expect(troubles.join("\n")).toContain("Cannot write to a stream:");
  });

  test("a stream that logs to itself in its own write gets that record with the next one", async () => {
    let writes = 0;
    const stream = new Writable({
      write: (_chunk, _encoding, onWritten) => {
        if (++writes === 1) logger.info("from inside");
        onWritten();
      },
    });
    const handler = open({ stream });
    const logger = loggerOf(handler);
    logger.info("from outside");
    await handler.forceFlush();
    await vi.waitFor(() => expect(handler.stats().delivered).toBe(2));
    expect(writes).toBe(2);
  });
});

describe("FemtoStreamHandler: a formatter object", () => {
  test("of ours works in the handler's thread", async () => {
    const fifo = new Fifo(join(makeFolder(), "fifo"));
    onTestFinished(() => fifo.close());
    fifo.startReading();
    const descriptor = fifo.openForWriting();
    const handler = open({ stream: descriptor, formatter: new FemtoTextFormatter() });
    loggerOf(handler).info("formatted");
    await handler.shutdown();
    closeSync(descriptor);
    expect(fifo.text).toMatch(/ INFO contract: formatted\n$/);
  });

  test("of the application's own works on its thread", async () => {
    const json = new FemtoJsonFormatter();
    const stream = new PassThrough();
    const formatter: FemtoFormatter = {
      format: (record, out) => {
        out.text("> ");
        json.format(record, out);
      },
    };
    const handler = open({ stream, formatter });
    loggerOf(handler).info("formatted");
    await handler.shutdown();
    stream.end();
    expect(await textOf(stream)).toMatch(/^> \{.*"msg":"formatted"\}\n$/);
  });

  test("that throws costs its record alone", async () => {
    troublesOfTest();
    const json = new FemtoJsonFormatter();
    const stream = new PassThrough();
    let count = 0;
    const formatter: FemtoFormatter = {
      format: (record, out) => {
        if (++count === 2) throw new Error("cannot format");
        json.format(record, out);
      },
    };
    const handler = open({ stream, formatter });
    const logger = loggerOf(handler);
    for (const message of ["one", "two", "three"]) logger.info(message);
    await handler.forceFlush();
    stream.end();
    expect(messagesOf(await textOf(stream))).toEqual(["one", "three"]);
    expect(handler.stats()).toMatchObject({ emitted: 3, delivered: 2, queued: 0 });
    expect(handler.stats().dropped.export_failed).toBe(1);
  });
});

describe("FemtoStreamHandler: wrong options", () => {
  test.each([-1, 1.5, "stdin", {}])("stream %j", (stream) => {
    const text = configErrorOf(() => new FemtoStreamHandler({ stream } as StreamHandlerOptions));
    expect(text).toMatch(
      /^Cannot start handler "stream": "stream" is .*, must be "stderr", "stdout", an open descriptor \(an integer from 0\) or a Writable stream/,
    );
  });

  test("a format and a formatter", () => {
    const text = configErrorOf(
      () => new FemtoStreamHandler({ format: "json", formatter: new FemtoJsonFormatter() }),
    );
    expect(text).toContain('must not be given together with "format"');
  });

  test("an option that there is not", () => {
    const text = configErrorOf(() => new FemtoStreamHandler({ colour: "never" } as StreamHandlerOptions));
    expect(text).toContain('did you mean "colors"?');
  });
});
