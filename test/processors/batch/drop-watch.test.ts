import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import {
  type DropEvent,
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type FemtoHandler,
} from "../../../src/index.ts";
import { Fifo } from "../../contract/fifo.ts";
import { loggerOf, logNumbers } from "../../contract/destination.ts";
import { endWithTest, makeFolder, messagesOf, troublesOfTest } from "../../handlers/fixture.ts";

function eventsOf(handler: FemtoHandler): DropEvent[] {
  const events: DropEvent[] = [];
  handler.on("drop", (event) => events.push(event));
  return events;
}

/** Two looks of the watch, which looks once a second. */
const LOOKS_MILLIS = 2500;

describe("a handler that drops records", () => {
  test.each(["block", "drop-oldest"] as const)(
    "%s: its output says how many, once, when it takes something again; until then nothing more is dropped or waited for",
    async (overflow) => {
      troublesOfTest();
      const fifo = new Fifo(join(makeFolder(), "fifo"));
      const handler = endWithTest(
        new FemtoFileHandler({
          name: "slow",
          path: fifo.path,
          queueBytes: 65_536,
          overflow,
          blockTimeoutMillis: 1000,
        }),
      );
      const events = eventsOf(handler);
      logNumbers(loggerOf(handler), { to: 5000 });
      const { emitted, dropped } = handler.stats();
      let longestMillis = 0;
      let lastMillis = performance.now();
      const ticker = setInterval(() => {
        longestMillis = Math.max(longestMillis, performance.now() - lastMillis);
        lastMillis = performance.now();
      }, 5);
      const startMillis = performance.now();
      await vi.waitFor(() => expect(performance.now() - startMillis).toBeGreaterThan(LOOKS_MILLIS), {
        timeout: 5000,
        interval: 50,
      });
      clearInterval(ticker);
      expect(events).toEqual([
        { handler: "slow", dropped: { queue_full: dropped.queue_full }, droppedTotal: dropped.queue_full },
      ]);
      expect(handler.stats()).toMatchObject({ emitted, dropped });
      expect(longestMillis).toBeLessThan(900);
      fifo.startReading();
      const expected = `${dropped.queue_full} records dropped: ${dropped.queue_full} queue_full`;
      await vi.waitFor(() => expect(messagesOf(fifo.text).at(-1)).toBe(expected), {
        timeout: 5000,
        interval: 50,
      });
      expect(messagesOf(fifo.text).filter((message) => message.includes("dropped:"))).toHaveLength(1);
      await handler.shutdown();
      fifo.close();
    },
  );

  test("an exporter that always fails is not fed with news of its own failures", async () => {
    troublesOfTest();
    let exportedCount = 0;
    const handler = endWithTest(
      new FemtoBatchLogRecordProcessor({
        exporter: {
          export: (records, onResult) => {
            exportedCount += records.length;
            onResult({ code: 1 });
          },
          forceFlush: () => Promise.resolve(),
          shutdown: () => Promise.resolve(),
        },
      }),
    );
    const events = eventsOf(handler);
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    const startMillis = performance.now();
    await vi.waitFor(() => expect(performance.now() - startMillis).toBeGreaterThan(LOOKS_MILLIS), {
      timeout: 5000,
      interval: 50,
    });
    await handler.forceFlush();
    expect(exportedCount).toBe(10);
    expect(events.map(({ dropped }) => dropped)).toEqual([{ export_failed: 10 }]);
  });

  test("its level holds for what it says of itself", async () => {
    troublesOfTest();
    const path = join(makeFolder(), "app.log");
    const handler = endWithTest(new FemtoFileHandler({ path, level: "ERROR", recordBytesMax: 1024 }));
    const events = eventsOf(handler);
    const logger = loggerOf(handler);
    logger.error("x".repeat(5000));
    logger.error("fits");
    await handler.forceFlush();
    await handler.shutdown();
    expect(events.map(({ dropped }) => dropped)).toEqual([{ too_large: 1 }]);
    expect(messagesOf(readFileSync(path, "utf8"))).toEqual(["fits"]);
  });

  test("what a shutdown leaves, and what comes too late, is told to listeners too", async () => {
    troublesOfTest();
    const fifo = new Fifo(join(makeFolder(), "fifo"));
    const handler = new FemtoFileHandler({ path: fifo.path });
    const events = eventsOf(handler);
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 2000 });
    const shutDown = handler.shutdown({ timeoutMillis: 100 });
    logNumbers(logger, { to: 3 });
    await expect(shutDown).rejects.toThrow("2000 records");
    fifo.close();
    expect(events.map(({ dropped }) => dropped)).toEqual([{ already_shutdown: 3, exit_deadline: 2000 }]);
  });

  test("on() of another event is an error", () => {
    const handler = endWithTest(new FemtoFileHandler({ name: "file", path: join(makeFolder(), "app.log") }));
    expect(() => handler.on("drops" as "drop", () => {})).toThrow(
      'Cannot listen to "drops" of handler "file": the only event is "drop"',
    );
  });
});
