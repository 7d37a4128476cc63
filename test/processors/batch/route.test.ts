import { describe, expect, onTestFinished, test } from "vitest";
import {
  FemtoBatchLogRecordProcessor,
  FemtoInMemoryExporter,
  type HandlerStats,
} from "../../../src/index.ts";
import {
  type Destination,
  type HandlerOptions,
  loggerOf,
  logNumbers,
  numbers,
} from "../../contract/destination.ts";
import { FILE } from "../../contract/destinations.ts";
import { troublesOfTest } from "../../handlers/fixture.ts";

async function open(options: HandlerOptions = {}, isStalled = false): Promise<Destination> {
  troublesOfTest();
  const destination = await FILE.open(options, isStalled);
  onTestFinished(() => destination.close());
  return destination;
}

function accountedFor({ delivered, queued, droppedTotal }: HandlerStats): number {
  return delivered + queued + droppedTotal;
}

const SMALL_QUEUE = 65_536;
/** More than a segment of the small queue holds, less than one of an ordinary queue. */
const LARGE_TEXT = "x".repeat(10_000);

describe("a record for several handlers", () => {
  test("each gets it once, whether it fits into a segment of its queue or not", async () => {
    const [ordinary, small] = [await open(), await open({ queueBytes: SMALL_QUEUE })];
    const logger = loggerOf(ordinary.handler, small.handler);
    logger.info("small", { i: 0 });
    logger.info(LARGE_TEXT, { i: 1 });
    logger.info("small", { i: 2 });
    for (const { handler, arrived } of [ordinary, small]) {
      await handler.forceFlush();
      expect(arrived()).toEqual([0, 1, 2]);
      expect(handler.stats().emitted).toBe(3);
    }
  });

  test("one that it is too large for counts it, the others get it", async () => {
    const [ordinary, narrow] = [await open(), await open({ recordBytesMax: 1024 })];
    loggerOf(ordinary.handler, narrow.handler).info(LARGE_TEXT, { i: 0 });
    await Promise.all([ordinary.handler.forceFlush(), narrow.handler.forceFlush()]);
    expect([ordinary.arrived(), narrow.arrived()]).toEqual([[0], []]);
    expect(ordinary.handler.stats()).toMatchObject({ emitted: 1, delivered: 1, droppedTotal: 0 });
    expect(narrow.handler.stats()).toMatchObject({ emitted: 1, delivered: 0, droppedTotal: 1 });
    expect(narrow.handler.stats().dropped.too_large).toBe(1);
  });

  test("one whose queue is full harms only itself", async () => {
    const stuck = await open({ queueBytes: SMALL_QUEUE, overflow: "drop-newest" }, true);
    const ordinary = await open();
    logNumbers(loggerOf(stuck.handler, ordinary.handler), { to: 5000 });
    await ordinary.handler.forceFlush();
    expect(ordinary.arrived()).toEqual(numbers({ to: 5000 }));
    expect(stuck.handler.stats().dropped.queue_full).toBeGreaterThan(0);
  });

  test("one that blocks delays the others by nothing but its one time-out", async () => {
    const stuck = await open({ queueBytes: SMALL_QUEUE, overflow: "block", blockTimeoutMillis: 200 }, true);
    const ordinary = await open();
    const startMillis = performance.now();
    logNumbers(loggerOf(stuck.handler, ordinary.handler), { to: 5000 });
    expect(performance.now() - startMillis).toBeLessThan(1500);
    await ordinary.handler.forceFlush();
    expect(ordinary.arrived()).toEqual(numbers({ to: 5000 }));
  });

  test("each takes its level", async () => {
    const [all, warnings] = [await open(), await open({ level: "WARN" })];
    const logger = loggerOf(all.handler, warnings.handler);
    logger.info("info", { i: 0 });
    logger.warn(LARGE_TEXT, { i: 1 });
    logger.info(LARGE_TEXT, { i: 2 });
    await Promise.all([all.handler.forceFlush(), warnings.handler.forceFlush()]);
    expect([all.arrived(), warnings.arrived()]).toEqual([[0, 1, 2], [1]]);
    expect(warnings.handler.stats().emitted).toBe(1);
  });
});

describe("a full queue", () => {
  test.each(["block", "drop-newest", "drop-oldest"] as const)(
    "%s: records too large for a segment are counted too",
    async (overflow) => {
      const { handler, arrived, release } = await open(
        { queueBytes: SMALL_QUEUE, overflow, blockTimeoutMillis: 50 },
        true,
      );
      const logger = loggerOf(handler);
      for (let i = 0; i < 2000; i++) {
        if (i % 100 === 0) logger.info(LARGE_TEXT, { i });
        else logger.info("record {i}", { i });
      }
      expect(accountedFor(handler.stats())).toBe(2000);
      release();
      await handler.forceFlush();
      const { delivered, dropped } = handler.stats();
      expect(arrived()).toHaveLength(delivered);
      expect(delivered + dropped.queue_full).toBe(2000);
    },
  );

  test("drop-oldest takes a record too large for a segment in, at the cost of older ones", async () => {
    const { handler, arrived, release } = await open(
      { queueBytes: SMALL_QUEUE, overflow: "drop-oldest" },
      true,
    );
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 5000 });
    logger.info(LARGE_TEXT, { i: 5000 });
    release();
    await handler.forceFlush();
    expect(arrived().at(-1)).toBe(5000);
  });

  test("maxQueueSize bounds the records that wait", async () => {
    const { handler, arrived, release } = await open({ maxQueueSize: 100, overflow: "drop-newest" }, true);
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 250 });
    expect(handler.stats()).toMatchObject({ emitted: 250, queued: 100, droppedTotal: 150 });
    release();
    await handler.forceFlush();
    logNumbers(logger, { from: 250, to: 300 });
    await handler.forceFlush();
    expect(arrived()).toEqual([...numbers({ to: 100 }), ...numbers({ from: 250, to: 300 })]);
  });

  test("block lets records in again when half of the queue is free", async () => {
    const { handler, arrived, release } = await open(
      { queueBytes: SMALL_QUEUE, overflow: "block", blockTimeoutMillis: 50 },
      true,
    );
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 5000 });
    const { delivered, queued } = handler.stats();
    release();
    await handler.forceFlush();
    logNumbers(logger, { from: 5000, to: 5100 });
    await handler.forceFlush();
    expect(arrived()).toEqual([...numbers({ to: delivered + queued }), ...numbers({ from: 5000, to: 5100 })]);
  });
});

test("what is logged while a record is encoded goes its own way", async () => {
  const { handler, arrived } = await open();
  const logger = loggerOf(handler);
  logger.info("outer", {
    i: 0,
    get other(): string {
      logger.info("inner", { i: 1 });
      return "done";
    },
  });
  await handler.forceFlush();
  expect(new Set(arrived())).toEqual(new Set([0, 1]));
});

test("more handlers than the process has room for is an error, and shut ones make room", async () => {
  troublesOfTest();
  const made: FemtoBatchLogRecordProcessor[] = [];
  const make = (): FemtoBatchLogRecordProcessor => {
    const handler = new FemtoBatchLogRecordProcessor({
      name: "many",
      queueBytes: SMALL_QUEUE,
      exporter: new FemtoInMemoryExporter(),
    });
    made.push(handler);
    return handler;
  };
  expect(() => {
    for (let i = 0; i < 65; i++) make();
  }).toThrow(/^Cannot start handler "many": no room for a queue of 65536 bytes/);
  await Promise.all(made.map((handler) => handler.shutdown()));
  const late = make();
  loggerOf(late).info("there");
  await late.forceFlush();
  expect(late.stats().delivered).toBe(1);
  expect(made[0]?.stats()).toMatchObject({ emitted: 0, queued: 0 });
  await late.shutdown();
});
