import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type HandlerStats,
  setTroubleListener,
} from "../../src/index.ts";
import {
  type Destination,
  type DestinationKind,
  loggerOf,
  logNumbers,
  numbers,
  numbersInLines,
} from "./destination.ts";
import { FILE, OTLP_FILE, PIPE } from "./destinations.ts";
import { EXPORTER_MODULE, OTLP_GRPC, OTLP_HTTP, OTLP_HTTP_SPLIT } from "./network-destinations.ts";
import { UNIX_SOCKET } from "./socket-destination.ts";
import { batchCountOf, makeGate, openGate } from "./gated-exporter.ts";

const workers: Worker[] = [];
const troubles: string[] = [];

beforeAll(() => {
  setTroubleListener(({ message }) => troubles.push(message));
  process.on("worker", (worker) => workers.push(worker));
});

/** The thread that was started last. */
function lastWorker(): Worker {
  return workers.at(-1) as Worker;
}

/** Numbers from 0 to 1 that a seed decides. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 0x1_00_00_00;
  };
}

function makeFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-death-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "app.log");
  writeFileSync(path, text);
  return path;
}

async function open(kind: DestinationKind): Promise<Destination> {
  const destination = await withWorker(() => kind.open({ overflow: "block" }, false));
  onTestFinished(() => destination.close());
  return destination;
}

/** Waits for the news of the thread that `start` starts. */
async function withWorker<T>(start: () => T | Promise<T>): Promise<T> {
  const { length } = workers;
  const started = await start();
  await vi.waitFor(() => expect(workers.length).toBeGreaterThan(length), { timeout: 5000, interval: 1 });
  return started;
}

/** Logs in bursts, and ends the handler's thread in the middle, twice. */
async function logThroughDeaths(
  { handler }: Destination,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<void> {
  const random = dice(seed);
  const logger = loggerOf(handler);
  const burstCount = 20;
  const deaths = new Set([Math.floor(random() * burstCount), Math.floor(random() * burstCount)]);
  for (let burst = 0; burst < burstCount; burst++) {
    logNumbers(logger, { from: (burst * count) / burstCount, to: ((burst + 1) * count) / burstCount });
    if (deaths.has(burst)) void lastWorker().terminate();
    // Lets the thread get to another place each time.
    if (random() < 0.5) await sleep(random() * 5);
  }
  await handler.forceFlush();
}

function expectAllDelivered(stats: HandlerStats, count: number): void {
  expect(stats).toMatchObject({ emitted: count, delivered: count, queued: 0, droppedTotal: 0 });
}

describe("a handler whose thread dies at any moment", () => {
  test.each([21, 22, 23])(
    "a file of OTLP JSON lines has each record once, in order (seed %i)",
    async (seed) => {
      const destination = await open(OTLP_FILE);
      await logThroughDeaths(destination, { count: 10_000, seed });
      expect(destination.arrived()).toEqual(numbers({ to: 10_000 }));
      expectAllDelivered(destination.handler.stats(), 10_000);
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "a file has each record once, in order (seed %i)",
    async (seed) => {
      const destination = await open(FILE);
      await logThroughDeaths(destination, { count: 10_000, seed });
      expect(destination.arrived()).toEqual(numbers({ to: 10_000 }));
      expectAllDelivered(destination.handler.stats(), 10_000);
    },
  );

  test.each([
    ["a pipe", PIPE],
    ["OTLP over HTTP", OTLP_HTTP],
    ["OTLP over HTTP in small requests", OTLP_HTTP_SPLIT],
    ["OTLP over gRPC", OTLP_GRPC],
    ["a Unix domain socket", UNIX_SOCKET],
    ["an exporter module", EXPORTER_MODULE],
  ])("%s has each record at least once", async (_name, kind) => {
    for (const seed of [11, 12, 13]) {
      const destination = await open(kind);
      await logThroughDeaths(destination, { count: 4000, seed });
      await vi.waitFor(() => expect(new Set(destination.arrived()).size).toBe(4000));
      expectAllDelivered(destination.handler.stats(), 4000);
    }
  });

  test("records that are exported again are counted as replayed", async () => {
    const gate = makeGate();
    const module = new URL("./gated-exporter.ts", import.meta.url);
    const path = makeFile("");
    const handler = await withWorker(
      () => new FemtoBatchLogRecordProcessor({ exporter: { module, options: { gate, path } } }),
    );
    onTestFinished(() => handler.shutdown());
    logNumbers(loggerOf(handler), { to: 100 });
    await vi.waitFor(() => expect(batchCountOf(gate)).toBe(1), { timeout: 10_000, interval: 5 });
    await lastWorker().terminate();
    openGate(gate);
    await handler.forceFlush();
    expect(numbersInLines(readFileSync(path, "utf8"))).toEqual(numbers({ to: 100 }));
    expect(handler.stats()).toMatchObject({ delivered: 100, replayed: 100 });
  });

  test.each([
    ["a file", FILE],
    ["OTLP over HTTP", OTLP_HTTP],
    ["OTLP over gRPC", OTLP_GRPC],
  ])("%s has everything when the thread dies during the shutdown", async (_name, kind) => {
    const destination = await open(kind);
    await destination.handler.forceFlush();
    logNumbers(loggerOf(destination.handler), { to: 5000 });
    const shutDown = destination.handler.shutdown();
    void lastWorker().terminate();
    await shutDown;
    expect(new Set(destination.arrived()).size).toBe(5000);
    expectAllDelivered(destination.handler.stats(), 5000);
  });

  test("a file has everything when the thread is dead already as the shutdown begins", async () => {
    const destination = await open(FILE);
    await lastWorker().terminate();
    logNumbers(loggerOf(destination.handler), { to: 5000 });
    await destination.handler.shutdown();
    expect(destination.arrived()).toEqual(numbers({ to: 5000 }));
  });

  test.each([
    ["a file", FILE],
    ["OTLP over HTTP", OTLP_HTTP],
    ["OTLP over gRPC", OTLP_GRPC],
    ["a Unix domain socket", UNIX_SOCKET],
    ["an exporter module", EXPORTER_MODULE],
  ])(
    "%s is served by the application's thread after three deaths, and that is said once",
    async (_name, kind) => {
      troubles.length = 0;
      const destination = await open(kind);
      const logger = loggerOf(destination.handler);
      const before = workers.length;
      for (let death = 1; death <= 3; death++) {
        await vi.waitFor(() => expect(workers).toHaveLength(before + death - 1), {
          timeout: 5000,
          interval: 1,
        });
        await lastWorker().terminate();
        logNumbers(logger, { from: (death - 1) * 100, to: death * 100 });
      }
      await destination.handler.forceFlush();
      logNumbers(logger, { from: 300, to: 400 });
      await destination.handler.forceFlush();
      expect(destination.arrived()).toEqual(numbers({ to: 400 }));
      expect(workers).toHaveLength(before + 2);
      expect(
        troubles.filter((trouble) => trouble.includes("works on the application's thread from now on")),
      ).toHaveLength(1);
      await destination.handler.shutdown();
      expectAllDelivered(destination.handler.stats(), 400);
    },
  );
});

describe("the successor of a thread that wrote to a file", () => {
  test.each([true, false])("does not truncate it again (delay: %s)", async (delay) => {
    const path = makeFile("old\n");
    const handler = await withWorker(() => new FemtoFileHandler({ path, mode: "truncate", delay }));
    onTestFinished(() => handler.shutdown());
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 10 });
    await handler.forceFlush();
    await lastWorker().terminate();
    logNumbers(logger, { from: 10, to: 20 });
    await handler.forceFlush();
    expect(numbersInLines(readFileSync(path, "utf8"))).toEqual(numbers({ to: 20 }));
  });

  test("truncates it where the thread died before it had opened it", async () => {
    const path = makeFile("old\n");
    const handler = await withWorker(() => new FemtoFileHandler({ path, mode: "truncate", delay: true }));
    onTestFinished(() => handler.shutdown());
    await handler.forceFlush();
    await lastWorker().terminate();
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    expect(numbersInLines(readFileSync(path, "utf8"))).toEqual(numbers({ to: 10 }));
  });
});
