import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type DropEvent, FlushTimeoutError, type HandlerStats, setTroubleListener } from "../../src/index.ts";
import {
  type Destination,
  type DestinationKind,
  type HandlerOptions,
  loggerOf,
  logNumbers,
  numbers,
  type Overflow,
} from "./destination.ts";

const LONG_MILLIS = 15_000;

/** What every record that was let through has become: delivered, dropped for a reason, or still queued. */
function accountedFor({ delivered, droppedTotal, queued, filtered, spooled }: HandlerStats): number {
  return delivered + droppedTotal + queued + filtered + spooled;
}

function expectOrdered(arrived: readonly number[], count: number): void {
  expect(arrived).toHaveLength(count);
  expect(arrived).toEqual([...new Set(arrived)].toSorted((left, right) => left - right));
}

/** The obligations of a handler, whatever its destination. */
export function describeContract(kind: DestinationKind): void {
  const open = async (options: HandlerOptions = {}, isStalled = false): Promise<Destination> => {
    const destination = await kind.open({ name: "contract", ...options }, isStalled);
    onTestFinished(() => destination.close());
    return destination;
  };

  beforeAll(() => {
    setTroubleListener(() => {});
  });

  describe(`delivery to ${kind.name}`, () => {
    test("all records arrive, in the order in which they were logged", async () => {
      const { handler, arrived } = await open();
      logNumbers(loggerOf(handler), { to: 5000 });
      await handler.forceFlush();
      expect(arrived()).toEqual(numbers({ to: 5000 }));
    });

    test("records arrive without a flush: one, or as many as are kept", async () => {
      const { handler, arrived } = await open();
      const to = kind.keptCount ?? 1;
      logNumbers(loggerOf(handler), { to });
      await vi.waitFor(() => expect(arrived()).toEqual(numbers({ to })), LONG_MILLIS);
    });

    test("an error is not held back for its batch, also not behind a full one", async () => {
      const { handler, arrived } = await open({ scheduledDelayMillis: 300_000 });
      const logger = loggerOf(handler);
      await handler.forceFlush();
      logger.error("now", { i: 0 });
      await vi.waitFor(() => expect(arrived()).toEqual([0]), LONG_MILLIS);
      logNumbers(logger, { from: 1, to: 5000 });
      logger.error("now", { i: 5000 });
      await vi.waitFor(() => expect(arrived()).toHaveLength(5001), LONG_MILLIS);
    });

    test("after an error batches are filled again", async () => {
      const { handler, arrived } = await open();
      const logger = loggerOf(handler);
      logger.error("now", { i: 0 });
      await vi.waitFor(() => expect(arrived()).toEqual([0]), LONG_MILLIS);
      const { batches } = handler.stats();
      for (let i = 1; i <= 5; i++) {
        logNumbers(logger, { from: i, to: i + 1 });
        await new Promise((resolve) => setImmediate(resolve));
      }
      await handler.forceFlush();
      // The word of the error may come after its record has gone out: then it hurries the next one.
      expect(handler.stats().batches - batches).toBeLessThanOrEqual(kind.batches ? 2 : 5);
    });

    test("stats() adds up, and counts batches", async () => {
      const { handler } = await open();
      logNumbers(loggerOf(handler), { to: 100 });
      await handler.forceFlush();
      expect(handler.stats()).toMatchObject({
        emitted: 100,
        delivered: 100,
        queued: 0,
        droppedTotal: 0,
        replayed: 0,
      });
      expect(handler.stats().batches).toBeGreaterThan(0);
    });

    test("records below the level pass by and are not counted, also after setLevel()", async () => {
      const { handler, arrived } = await open({ level: "WARN" });
      const logger = loggerOf(handler);
      logger.info("below", { i: 0 });
      logger.warn("at", { i: 1 });
      handler.setLevel("INFO");
      logger.info("at", { i: 2 });
      logger.debug("below", { i: 3 });
      await handler.forceFlush();
      expect(arrived()).toEqual([1, 2]);
      expect(handler.stats().emitted).toBe(2);
    });
  });

  describe(`forceFlush() and shutdown() of ${kind.name}`, () => {
    test("a flush covers what was logged before it, each of two at the same time", async () => {
      const { handler, arrived } = await open();
      const logger = loggerOf(handler);
      logNumbers(logger, { to: 1000 });
      const first = handler.forceFlush().then(() => arrived().length);
      logNumbers(logger, { from: 1000, to: 2000 });
      const second = handler.forceFlush().then(() => arrived().length);
      expect(await first).toBeGreaterThanOrEqual(1000);
      expect(await second).toBe(2000);
    });

    test("a flush of nothing resolves, also again and again", async () => {
      const { handler } = await open();
      for (let i = 0; i < 20; i++) await handler.forceFlush({ timeoutMillis: LONG_MILLIS });
      expect(handler.stats().emitted).toBe(0);
    });

    test("flushSync() blocks until everything has arrived, or says that it has not", async () => {
      const { handler, arrived } = await open();
      logNumbers(loggerOf(handler), { to: 500 });
      const isFlushed = handler.flushSync(kind.needsNoEventLoop ? LONG_MILLIS : 50);
      // What the operating system takes for a peer counts as delivered, though the peer is this thread.
      if (kind.isTakenBySystem !== true) expect(isFlushed).toBe(kind.needsNoEventLoop);
      expect(arrived()).toEqual(kind.needsNoEventLoop ? numbers({ to: 500 }) : []);
      await handler.forceFlush();
      expect(arrived()).toEqual(numbers({ to: 500 }));
    });

    test("a flush that runs out of time names the handler and what is left, and nothing is lost by it", async () => {
      const { handler, arrived, release } = await open({ name: "slow" }, true);
      logNumbers(loggerOf(handler), { to: 1500 });
      const error = await handler.forceFlush({ timeoutMillis: 100 }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(FlushTimeoutError);
      const { code, remainders, timeoutMillis } = error as FlushTimeoutError;
      const { delivered, queued } = handler.stats();
      expect({ code, timeoutMillis }).toEqual({ code: "ERR_FEMTO_FLUSH_TIMEOUT", timeoutMillis: 100 });
      expect(remainders).toEqual([{ handler: "slow", recordCount: queued }]);
      // What is written inline, record by record, fills the pipe.
      expect(delivered + queued).toBe(1500);
      expect(queued).toBeGreaterThan(500);
      release();
      await handler.forceFlush();
      expect(arrived()).toEqual(numbers({ to: 1500 }));
      expect(accountedFor(handler.stats())).toBe(1500);
    });

    test("a flush under way when the handler is shut down resolves with everything delivered", async () => {
      const { handler, arrived } = await open();
      logNumbers(loggerOf(handler), { to: 3000 });
      const flushed = handler.forceFlush();
      const shutDown = handler.shutdown();
      await flushed;
      expect(arrived()).toEqual(numbers({ to: 3000 }));
      await shutDown;
    });

    test("a flush during, and after, the shutdown resolves when that has delivered everything", async () => {
      const { handler, arrived } = await open();
      logNumbers(loggerOf(handler), { to: 3000 });
      const shutDown = handler.shutdown();
      await handler.forceFlush();
      expect(arrived()).toEqual(numbers({ to: 3000 }));
      await shutDown;
      await handler.forceFlush();
      expect(handler.flushSync(100)).toBe(true);
    });

    test("shutdown() gives the same promise each time", async () => {
      const { handler } = await open();
      logNumbers(loggerOf(handler), { to: 10 });
      const first = handler.shutdown();
      expect(handler.shutdown()).toBe(first);
      await first;
      expect(handler.shutdown()).toBe(first);
      expect(handler[Symbol.asyncDispose]()).toStrictEqual(first);
    });

    test("records that come during and after the shutdown are counted as already_shutdown", async () => {
      const { handler, arrived } = await open();
      const logger = loggerOf(handler);
      logNumbers(logger, { to: 1000 });
      const shutDown = handler.shutdown();
      logNumbers(logger, { from: 1000, to: 1003 });
      await shutDown;
      logNumbers(logger, { from: 1003, to: 1007 });
      expect(arrived()).toEqual(numbers({ to: 1000 }));
      expect(handler.stats()).toMatchObject({ emitted: 1007, delivered: 1000, queued: 0 });
      expect(handler.stats().dropped.already_shutdown).toBe(7);
    });

    test("enabled() says no once the handler is shut down", async () => {
      const { handler } = await open({ level: "WARN" });
      const scope = { name: "contract" };
      const isEnabled = (severityNumber: number): boolean =>
        handler.enabled({ context: undefined as never, instrumentationScope: scope, severityNumber });
      expect([isEnabled(9), isEnabled(13)]).toEqual([false, true]);
      await handler.shutdown();
      expect(isEnabled(13)).toBe(false);
    });

    test("a shutdown that runs out of time says what is left and counts it as exit_deadline", async () => {
      const { handler } = await open({}, true);
      logNumbers(loggerOf(handler), { to: 1500 });
      await expect(handler.shutdown({ timeoutMillis: 100 })).rejects.toThrow(FlushTimeoutError);
      const stats = handler.stats();
      expect(stats.dropped.exit_deadline).toBeGreaterThan(500);
      expect(stats.dropped.exit_deadline + stats.delivered).toBe(1500);
      expect(stats.queued).toBe(0);
    });
  });

  describe(`a full queue to ${kind.name}`, () => {
    const recordCount = 5000;

    /** What the handler said of its drops in a record of its own: it does so after a second. */
    const ownCount = ({ emitted }: HandlerStats): number => emitted - recordCount;

    async function overflowing(
      overflow: Overflow,
    ): Promise<Destination & { readonly stats: () => HandlerStats }> {
      const destination = await open({ overflow, queueBytes: 65_536, blockTimeoutMillis: 200 }, true);
      logNumbers(loggerOf(destination.handler), { to: recordCount });
      return { ...destination, stats: () => destination.handler.stats() };
    }

    test.each(["drop-newest", "block"] as const)(
      "%s: the oldest stay, the rest is counted",
      async (overflow) => {
        const startMillis = performance.now();
        const { handler, arrived, release, stats } = await overflowing(overflow);
        // One call has waited for the time-out, no other has.
        expect(performance.now() - startMillis).toBeLessThan(1500);
        expect(stats().emitted).toBe(recordCount);
        expect(stats().dropped.queue_full).toBeGreaterThan(0);
        expect(stats().queued).toBeGreaterThan(0);
        expect(accountedFor(stats())).toBe(recordCount);
        release();
        await handler.forceFlush();
        const arrivedCount = stats().delivered - ownCount(stats());
        // What is kept goes when the queue is nearly full: then there may be room again for records that come later.
        if (kind.keptCount === undefined) expect(arrived()).toEqual(numbers({ to: arrivedCount }));
        else expectOrdered(arrived(), arrivedCount);
        expect(accountedFor(stats())).toBe(stats().emitted);
      },
    );

    test("drop-oldest: the newest stay, the rest is counted", async () => {
      const { handler, arrived, release, stats } = await overflowing("drop-oldest");
      expect(stats().dropped.queue_full).toBeGreaterThan(0);
      expect(stats().queued).toBeGreaterThan(0);
      expect(accountedFor(stats())).toBe(recordCount);
      release();
      await handler.forceFlush();
      const numbersArrived = arrived();
      expect(numbersArrived.at(-1)).toBe(recordCount - 1);
      expectOrdered(numbersArrived, stats().delivered - ownCount(stats()));
      expect(accountedFor(stats())).toBe(stats().emitted);
    });

    test("on('drop') tells how many by reason; its function takes the listener off again", async () => {
      const { handler, arrived } = await open({ overflow: "drop-newest", queueBytes: 65_536 }, true);
      const events: DropEvent[] = [];
      handler.on("drop", () => {
        throw new Error("a listener's own trouble");
      });
      handler.on("drop", (event) => events.push(event));
      const removed: DropEvent[] = [];
      handler.on("drop", (event) => removed.push(event))();
      logNumbers(loggerOf(handler), { to: recordCount });
      const dropped = handler.stats().dropped.queue_full;
      await vi.waitFor(() => expect(events).toHaveLength(1), LONG_MILLIS);
      expect(events).toEqual([
        { handler: "contract", dropped: { queue_full: dropped }, droppedTotal: dropped },
      ]);
      expect(removed).toEqual([]);
      expect(arrived()).toEqual([]);
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });
}
