import { closeSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { Fifo } from "../contract/fifo.ts";
import type { Ending, HandlerPlan } from "./programs/plan.ts";
import { type Ended, endOf, makeFolder, type RunOptions, runPlan } from "./run-program.ts";

const COUNT = 3000;
const EXIT_MILLIS = 600;
/** What the system and a busy machine may add. */
const SLACK_MILLIS = 900;

const closers: (() => void | Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closers) await close();
});

/** A pipe that nobody reads; its other end is there. */
function openFifo(): Fifo {
  const fifo = new Fifo(join(makeFolder(), "fifo"));
  closers.push(() => fifo.close());
  return fifo;
}

/** A peer that accepts connections and says nothing. */
async function listenSilently(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return server;
}

function logThenEnd(handler: HandlerPlan, ending: Ending, options: RunOptions = {}): Promise<Ended> {
  return runPlan({ handlers: [handler], count: COUNT, ending, code: 7 }, options);
}

/** The end came in time, with one line on what was left, and is otherwise as it would have been. */
function expectHeldUp(
  ended: Ended,
  { code, exitMillis = EXIT_MILLIS }: { readonly code: number; readonly exitMillis?: number },
): void {
  const { waitedMillis, stats } = endOf(ended);
  expect(ended).toMatchObject({ code, signal: null });
  expect(waitedMillis).toBeGreaterThan(exitMillis - 50);
  expect(waitedMillis).toBeLessThan(exitMillis + SLACK_MILLIS);
  expectSaid(ended);
  const [{ emitted, delivered, queued, dropped }] = stats as [(typeof stats)[number]];
  expect([emitted, queued]).toEqual([COUNT, 0]);
  expect(delivered + dropped.exit_deadline).toBe(COUNT);
}

function expectSaid(ended: Ended): void {
  const left = endOf(ended).stats[0]?.dropped.exit_deadline;
  const lines = ended.stderr.split("\n").filter((line) => line.includes("behind at the end of the process"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(
    `femtologging: handler "stuck" left ${left} records behind at the end of the process`,
  );
}

describe.concurrent("a destination that hangs holds up the end for exitTimeoutMillis, and no longer", () => {
  const options = { name: "stuck", exitTimeoutMillis: EXIT_MILLIS } as const;

  test.each([
    ["natural", 7],
    ["exit", 7],
    ["exit-when-up", 7],
    ["throw", 1],
    ["throw-when-up", 1],
  ] as const)("a FIFO that is never read, ending %s", async (ending, code) => {
    const ended = await logThenEnd({ kind: "file", options: { ...options, path: openFifo().path } }, ending);
    expectHeldUp(ended, { code });
    if (code === 1)
      expect(ended.stderr).toMatch(/Error: thrown by the program\n {4}at [^]*\nNode\.js v\S+\n$/);
  });

  test.each([
    ["exit", 7],
    ["exit-when-up", 7],
  ] as const)("a FIFO that nobody opens for reading, default options, ending %s", async (ending, code) => {
    const fifo = new Fifo(join(makeFolder(), "fifo"));
    fifo.close();
    const ended = await logThenEnd({ kind: "file", options: { name: "stuck", path: fifo.path } }, ending);
    expectHeldUp(ended, { code, exitMillis: 2000 });
    expect(ended.stderr).toContain(`Cannot open ${fifo.path}: ENXIO`);
  });

  test.each(["natural", "exit", "exit-when-up"] as const)(
    "stdout that is a pipe nobody reads, ending %s",
    async (ending) => {
      const descriptor = openFifo().openForWriting();
      const ended = await logThenEnd({ kind: "stream", options: { ...options, stream: "stdout" } }, ending, {
        stdout: descriptor,
      });
      closeSync(descriptor);
      expectHeldUp(ended, { code: 7 });
    },
  );

  test.each([
    ["natural", "own"],
    ["exit", "own"],
    ["exit-when-up", "own"],
    ["exit", "inline"],
  ] as const)("stdout that is a socket nobody reads, ending %s, thread %s", async (ending, thread) => {
    const ended = await logThenEnd(
      { kind: "stream", options: { ...options, thread, stream: "stdout" } },
      ending,
      { stdout: "unread" },
    );
    expectHeldUp(ended, { code: 7 });
  });

  test.each([
    ["exit", "own"],
    ["exit-when-up", "own"],
    ["exit", "inline"],
  ] as const)("an inherited socket nobody reads, ending %s, thread %s", async (ending, thread) => {
    const handler: HandlerPlan = { kind: "stream", options: { ...options, thread, stream: 4 } };
    expectHeldUp(await logThenEnd(handler, ending, { hasUnreadSocket: true }), { code: 7 });
  });

  test("a FIFO, written inline: one call waits, the others only try", async () => {
    const handler: HandlerPlan = {
      kind: "file",
      options: { ...options, thread: "inline", path: openFifo().path, blockTimeoutMillis: 300 },
    };
    const startMillis = performance.now();
    expectHeldUp(await logThenEnd(handler, "natural"), { code: 7 });
    expect(performance.now() - startMillis).toBeLessThan(30_000);
  });

  test.each(["natural", "exit", "exit-when-up", "throw-when-up"] as const)(
    "an HTTP peer that never answers, ending %s",
    async (ending) => {
      const server = await listenSilently();
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
      const ended = await logThenEnd({ kind: "otlp", options: { ...options, url } }, ending);
      server.close();
      expectHeldUp(ended, { code: ending === "throw-when-up" ? 1 : 7 });
    },
  );

  test("an HTTP peer that is away", async () => {
    const receiver = await OtlpReceiver.start();
    await receiver.stop();
    expectHeldUp(
      await logThenEnd({ kind: "otlp", options: { ...options, url: receiver.url } }, "exit-when-up"),
      { code: 7 },
    );
  });

  test.each(["natural", "exit", "exit-when-up", "throw-when-up"] as const)(
    "a gRPC peer that never answers, ending %s",
    async (ending) => {
      const server = await listenSilently();
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const ended = await logThenEnd({ kind: "otlp-grpc", options: { ...options, url } }, ending);
      server.close();
      expectHeldUp(ended, { code: ending === "throw-when-up" ? 1 : 7 });
    },
  );

  test("a gRPC peer that takes calls and never answers them", async () => {
    const receiver = await OtlpReceiver.start({ grpcPort: 0 });
    closers.push(() => receiver.stop());
    receiver.respond({ hang: true, times: Number.POSITIVE_INFINITY });
    // Time to connect and to call, also where the machine has other things to do.
    const exitMillis = 6 * EXIT_MILLIS;
    const handler: HandlerPlan = {
      kind: "otlp-grpc",
      options: { ...options, url: receiver.grpcUrl, exitTimeoutMillis: exitMillis },
    };
    expectHeldUp(await logThenEnd(handler, "exit-when-up"), { code: 7, exitMillis });
    expect(receiver.counts.requests).toBeGreaterThan(0);
  });

  test("a gRPC peer that is away", async () => {
    const receiver = await OtlpReceiver.start({ grpcPort: 0 });
    const url = receiver.grpcUrl;
    await receiver.stop();
    expectHeldUp(await logThenEnd({ kind: "otlp-grpc", options: { ...options, url } }, "exit-when-up"), {
      code: 7,
    });
  });

  test("an exporter object that never answers: a natural end waits, process.exit() cannot", async () => {
    const handler: HandlerPlan = { kind: "silent-exporter", options };
    const startMillis = performance.now();
    const [natural, exited] = await Promise.all([
      logThenEnd(handler, "natural"),
      logThenEnd(handler, "exit"),
    ]);
    expect(performance.now() - startMillis).toBeLessThan(10_000);
    for (const ended of [natural, exited]) {
      expect(ended.code).toBe(7);
      expect(endOf(ended).stats[0]?.dropped.exit_deadline).toBe(COUNT);
      expect(endOf(ended).waitedMillis).toBeLessThan(SLACK_MILLIS);
      expectSaid(ended);
    }
  });
});

test("three handlers that hang hold up the end no longer than one", async () => {
  const handlers = ["a", "b", "c"].map((name) => {
    return {
      kind: "file" as const,
      options: { name, path: openFifo().path, exitTimeoutMillis: EXIT_MILLIS },
    };
  });
  const ended = await runPlan({ handlers, count: COUNT, ending: "exit-when-up", code: 7 });
  expect(ended.code).toBe(7);
  expect(endOf(ended).waitedMillis).toBeLessThan(EXIT_MILLIS + SLACK_MILLIS);
  expect(ended.stderr.match(/behind at the end of the process/g)).toHaveLength(3);
});

test("an exporter object that answers gets everything at a natural end; what process.exit() cuts off is counted", async () => {
  const handler: HandlerPlan = { kind: "exporter", options: { name: "stuck", maxExportBatchSize: 1000 } };
  const [natural, exited] = await Promise.all([logThenEnd(handler, "natural"), logThenEnd(handler, "exit")]);
  expect(natural).toMatchObject({ code: 7, stderr: "" });
  expect(endOf(natural).stats[0]).toMatchObject({ delivered: COUNT, droppedTotal: 0 });
  expect(endOf(exited).stats[0]?.dropped.exit_deadline).toBe(COUNT);
  expectSaid(exited);
});
