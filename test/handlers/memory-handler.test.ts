import { join } from "node:path";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  createLogging,
  FemtoFileHandler,
  type FileHandlerOptions,
  type FemtoLogger,
  FemtoMemoryHandler,
  FemtoMessageFilter,
  FemtoOtlpHttpHandler,
  getLogger,
  type MemoryHandlerOptions,
} from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { openProcessArena } from "../../processors/queue/process-arena.ts";
import { AWAKE, readGeometry, SLEEP_WORD } from "../../processors/queue/queue-layout.ts";
import { endOf, makeFolder as makeExitFolder, runPlan } from "../exit/run-program.ts";
import { configErrorOf, endWithTest, makeFolder, messagesIn } from "./fixture.ts";

const THREADS = ["own", "inline"] as const;
/** Logs ten records to the root logger's handlers. */
const THREAD = new URL("programs/ten-records.ts", import.meta.url);

interface Opened {
  readonly path: string;
  readonly handler: FemtoMemoryHandler;
  readonly log: FemtoLogger;
}

function open(
  keep: Omit<MemoryHandlerOptions, "target"> = {},
  file: Partial<FileHandlerOptions> = {},
): Opened {
  const path = join(makeFolder(), "app.log");
  const target = endWithTest(new FemtoFileHandler({ path, ...file }));
  const handler = new FemtoMemoryHandler({ target, ...keep });
  return { path, handler, log: createLogging({ level: "TRACE", handlers: [handler] }).getLogger("shop") };
}

function logNumbers(log: FemtoLogger, count: number, from = 0): void {
  for (let i = from; i < from + count; i++) log.info("record {i}", { i });
}

function named(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `record ${from + index}`);
}

/** Until the handler's thread has nothing to do: it has looked at what was logged. */
async function settled(handler: FemtoMemoryHandler): Promise<void> {
  const { words } = openProcessArena();
  const sleepWord = readGeometry(words, handler.slot).at / 4 + SLEEP_WORD;
  await vi.waitFor(() => expect(Atomics.load(words, sleepWord)).not.toBe(AWAKE));
}

describe.each(THREADS)("FemtoMemoryHandler (target's thread: %s)", (thread) => {
  test("keeps records until one of flushLevel comes, and delivers them in order, that one last", async () => {
    const { path, handler, log } = open({}, { thread });
    logNumbers(log, 100);
    await settled(handler);
    expect(readFileSync(path, "utf8")).toBe("");
    expect(handler.stats()).toMatchObject({ emitted: 100, delivered: 0, queued: 100 });
    log.error("trouble");
    await vi.waitFor(() => expect(messagesIn(path)).toEqual([...named(100), "trouble"]));
    await vi.waitFor(() => expect(handler.stats()).toMatchObject({ delivered: 101, queued: 0, batches: 1 }));
  });

  test("keeps again what comes after it", async () => {
    const { path, handler, log } = open({ flushLevel: "WARN" }, { thread });
    log.info("before");
    log.warn("first");
    logNumbers(log, 3);
    await vi.waitFor(() => expect(messagesIn(path)).toEqual(["before", "first"]));
    await settled(handler);
    expect(messagesIn(path)).toEqual(["before", "first"]);
    log.warn("second");
    await vi.waitFor(() => expect(messagesIn(path)).toEqual(["before", "first", ...named(3), "second"]));
  });

  test("delivers so many together as capacity says", async () => {
    const { path, handler, log } = open({ capacity: 10 }, { thread });
    logNumbers(log, 25);
    await vi.waitFor(() => expect(messagesIn(path)).toEqual(named(20)));
    expect(handler.stats()).toMatchObject({ delivered: 20, queued: 5 });
  });

  test("a flush delivers what is kept", async () => {
    const { path, handler, log } = open({}, { thread });
    logNumbers(log, 5);
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(named(5));
    logNumbers(log, 5, 5);
    expect(handler.flushSync(5000)).toBe(true);
    expect(messagesIn(path)).toEqual(named(10));
  });

  test("flushOnClose: shutdown() delivers what is kept", async () => {
    const { path, handler, log } = open({}, { thread });
    logNumbers(log, 5);
    await handler.shutdown();
    expect(messagesIn(path)).toEqual(named(5));
    expect(handler.stats()).toMatchObject({ emitted: 5, delivered: 5, filtered: 0 });
  });

  test("flushOnClose: false leaves it out, and counts it as filtered", async () => {
    const { path, handler, log } = open({ flushOnClose: false }, { thread });
    logNumbers(log, 5);
    log.error("trouble");
    await vi.waitFor(() => expect(messagesIn(path)).toHaveLength(6));
    logNumbers(log, 4, 5);
    await handler.shutdown();
    expect(messagesIn(path)).toEqual([...named(5), "trouble"]);
    expect(handler.stats()).toMatchObject({
      emitted: 10,
      delivered: 6,
      filtered: 4,
      queued: 0,
      droppedTotal: 0,
    });
  });

  test("more than the queue can keep is delivered before it is full: none is dropped", async () => {
    const options = { thread, queueBytes: 65_536, blockTimeoutMillis: 20_000 } as const;
    const { path, handler, log } = open({ capacity: 1_000_000 }, options);
    logNumbers(log, 20_000);
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(named(20_000));
    expect(handler.stats()).toMatchObject({ delivered: 20_000, droppedTotal: 0 });
  });
});

describe("FemtoMemoryHandler", () => {
  test("keeps records for a collector", async () => {
    const receiver = await OtlpReceiver.start();
    const target = endWithTest(new FemtoOtlpHttpHandler({ url: receiver.url, scheduledDelayMillis: 10 }));
    const handler = new FemtoMemoryHandler({ target });
    const log = createLogging({ handlers: [handler] }).getLogger("shop");
    logNumbers(log, 50);
    await settled(handler);
    expect(receiver.records).toHaveLength(0);
    log.error("trouble");
    await vi.waitFor(() => expect(receiver.records).toHaveLength(51), { timeout: 5000 });
    logNumbers(log, 5);
    await handler.shutdown();
    expect(receiver.records).toHaveLength(56);
    await receiver.stop();
  });

  test("keeps the records of other threads too, and after their end", async () => {
    const { path, handler } = open({ capacity: 10_000 });
    getLogger().addHandler(handler);
    onTestFinished(() => getLogger().removeHandler(handler));
    const thread = new Worker(THREAD);
    await once(thread, "exit");
    await settled(handler);
    expect(readFileSync(path, "utf8")).toBe("");
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(named(10));
  });

  test("the end of the process delivers what is kept", async () => {
    const path = join(makeExitFolder(), "app.log");
    const handlers = [{ kind: "memory" as const, options: { path } }];
    const ended = await runPlan({ handlers, count: 1000, ending: "exit" });
    expect(messagesIn(path)).toHaveLength(1000);
    expect(endOf(ended).stats[0]).toMatchObject({ emitted: 1000, delivered: 1000 });
  });

  test("level and filters are the target's: what they leave out is not kept", async () => {
    const { path, handler, log } = open();
    const filter = new FemtoMessageFilter({ contains: "record 1" });
    handler.setFilters([filter]);
    handler.addFilter(filter);
    expect([handler.filters, handler.target.filters]).toEqual([[filter], [filter]]);
    logNumbers(log, 3);
    await handler.forceFlush();
    handler.removeFilter(filter);
    handler.setLevel("WARN");
    expect([handler.level, handler.target.level, handler.filters]).toEqual([13, 13, []]);
    logNumbers(log, 3);
    log.warn("last");
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(["record 1", "last"]);
    expect(handler.stats()).toMatchObject({ emitted: 4, delivered: 2, filtered: 2 });
  });

  test("a wrong option is an error that names it", () => {
    const target = endWithTest(new FemtoFileHandler({ path: join(makeFolder(), "app.log") }));
    expect(configErrorOf(() => new FemtoMemoryHandler({ target, capacity: 0 }))).toContain('"capacity" is 0');
    const none = {} as MemoryHandlerOptions;
    expect(configErrorOf(() => new FemtoMemoryHandler(none))).toContain('"target"');
    expect(FemtoMemoryHandler.builder().target(target).flushLevel("WARN").build().name).toBe(target.name);
  });
});
