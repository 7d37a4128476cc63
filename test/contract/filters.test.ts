import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";

import {
  FemtoAttributeFilter,
  FemtoLevelFilter,
  FemtoRateLimitFilter,
  type HandlerFilter,
  type HandlerStats,
  setTroubleListener,
} from "../../src/index.ts";
import { type Destination, type DestinationKind, loggerOf, logNumbers, numbers } from "./destination.ts";
import { FILE, INLINE_FILE, PIPE, WRITABLE } from "./destinations.ts";
import { EXPORTER, EXPORTER_MODULE, OTLP_HTTP } from "./network-destinations.ts";
import type { ModuleFilterOptions } from "./filter-module.ts";

const LONG = { timeout: 15_000 };
/** No test takes so long. */
const HOUR = 3_600_000;
const troubles: string[] = [];

beforeEach(() => {
  troubles.length = 0;
  setTroubleListener(({ message }) => troubles.push(message));
});

async function open(kind: DestinationKind, filters: readonly HandlerFilter[]): Promise<Destination> {
  const destination = await kind.open({ name: "filtered", filters }, false);
  onTestFinished(() => destination.close());
  return destination;
}

function moduleFilter(mode: ModuleFilterOptions["mode"]): HandlerFilter {
  return { module: new URL("./filter-module.ts", import.meta.url), options: { mode } };
}

/** Refuses the numbers from 10 on. */
function belowTen(): FemtoAttributeFilter {
  return new FemtoAttributeFilter({ key: "i", value: numbers({ to: 10 }) });
}

function isAddedUp({ emitted, delivered, filtered, queued, droppedTotal }: HandlerStats): boolean {
  return emitted === delivered + filtered + queued + droppedTotal;
}

describe.each([FILE, INLINE_FILE, PIPE, WRITABLE, OTLP_HTTP, EXPORTER, EXPORTER_MODULE])(
  "filters of a handler for $name",
  (kind) => {
    test("a built-in filter leaves records out, which are counted as filtered", async () => {
      const { handler, arrived } = await open(kind, [belowTen()]);
      logNumbers(loggerOf(handler), { to: 100 });
      await handler.forceFlush();
      expect(arrived()).toEqual(numbers({ to: 10 }));
      expect(handler.stats()).toMatchObject({
        emitted: 100,
        delivered: 10,
        filtered: 90,
        queued: 0,
        droppedTotal: 0,
      });
    });

    test("a flush is not held up where everything is left out, nor is a shutdown", async () => {
      const { handler, arrived } = await open(kind, [new FemtoLevelFilter({ minimum: "ERROR" })]);
      logNumbers(loggerOf(handler), { to: 5000 });
      await handler.forceFlush({ timeoutMillis: 10_000 });
      logNumbers(loggerOf(handler), { to: 5000 });
      await handler.shutdown({ timeoutMillis: 10_000 });
      expect(arrived()).toEqual([]);
      expect(handler.stats()).toMatchObject({ delivered: 0, filtered: 10_000, queued: 0, batches: 0 });
    });

    test("a module filter runs where the queue is drained, and may put another record in the place of one", async () => {
      const { handler, arrived } = await open(kind, [moduleFilter("odd"), moduleFilter("add-1000")]);
      logNumbers(loggerOf(handler), { to: 6 });
      await handler.forceFlush();
      expect(arrived()).toEqual([1001, 1003, 1005]);
      expect(handler.stats()).toMatchObject({ emitted: 6, delivered: 3, filtered: 3 });
      expect(troubles).toEqual([]);
    });

    test("a function runs before the record is queued, and may put another in its place", async () => {
      const { handler, arrived } = await open(kind, [
        ({ attributes }) => Number(attributes["i"]) % 2 === 1,
        (record) => ({ ...record, attributes: { i: Number(record.attributes["i"]) + 1000 } }),
      ]);
      logNumbers(loggerOf(handler), { to: 6 });
      await handler.forceFlush();
      expect(arrived()).toEqual([1001, 1003, 1005]);
      expect(handler.stats()).toMatchObject({ emitted: 6, delivered: 3, filtered: 3 });
    });

    test.each(["throw", "promise", "unfit"] as const)(
      "a module filter that fails (%s) lets all records pass, and that is said",
      async (mode) => {
        const { handler, arrived } = await open(kind, [moduleFilter(mode)]);
        logNumbers(loggerOf(handler), { to: 20 });
        await handler.forceFlush();
        expect(arrived()).toEqual(numbers({ to: 20 }));
        await vi.waitFor(
          () => expect(troubles.join("\n")).toMatch(/ (?:passes it|passes in its place)/),
          LONG,
        );
      },
    );

    test("what a rate limit leaves out is told of at a flush, and the numbers add up", async () => {
      const limit = new FemtoRateLimitFilter({ count: 3, intervalMillis: HOUR });
      const { handler, arrived } = await open(kind, [limit]);
      logNumbers(loggerOf(handler), { to: 100 });
      await handler.forceFlush();
      expect(arrived()).toEqual([0, 1, 2]);
      expect(handler.stats()).toMatchObject({
        emitted: 101,
        delivered: 4,
        filtered: 97,
        summaries: 1,
        queued: 0,
      });
      logNumbers(loggerOf(handler), { to: 10 });
      await handler.shutdown();
      expect(handler.stats()).toMatchObject({
        emitted: 112,
        delivered: 5,
        filtered: 107,
        summaries: 2,
        queued: 0,
      });
    });

    test("what a rate limit leaves out is told of when the interval is over, also where nothing more comes", async () => {
      const limit = new FemtoRateLimitFilter({ count: 1, intervalMillis: 50 });
      const { handler } = await open(kind, [limit]);
      const logger = loggerOf(handler);
      // An interval may end between two calls.
      await vi.waitFor(async () => {
        logNumbers(logger, { to: 5 });
        await new Promise((resolve) => setImmediate(resolve));
        expect(handler.stats().summaries).toBeGreaterThan(0);
      }, LONG);
      await handler.forceFlush();
      expect(isAddedUp(handler.stats())).toBe(true);
    });

    test("setFilters() holds for every record that is logged after it", async () => {
      const { handler, arrived } = await open(kind, []);
      const logger = loggerOf(handler);
      for (let round = 0; round < 10; round++) {
        handler.setFilters([new FemtoLevelFilter({ minimum: "ERROR" })]);
        logNumbers(logger, { from: round * 10, to: round * 10 + 5 });
        await handler.forceFlush();
        handler.setFilters([]);
        logNumbers(logger, { from: round * 10 + 5, to: round * 10 + 10 });
        await handler.forceFlush();
      }
      expect(arrived()).toEqual(numbers({ to: 100 }).filter((i) => i % 10 >= 5));
      expect(handler.filters).toEqual([]);
    });

    test("update() of a filter reaches the handler's thread, and what was counted stays counted", async () => {
      const limit = new FemtoRateLimitFilter({ count: 2, intervalMillis: HOUR, summary: false });
      const { handler, arrived } = await open(kind, [limit]);
      const logger = loggerOf(handler);
      logNumbers(logger, { to: 5 });
      await handler.forceFlush();
      limit.update({ keepSeverity: "INFO" });
      logNumbers(logger, { from: 5, to: 8 });
      await handler.forceFlush();
      limit.update({ keepSeverity: undefined });
      logNumbers(logger, { from: 8, to: 12 });
      await handler.forceFlush();
      expect(arrived()).toEqual([0, 1, 5, 6, 7]);
    });
  },
);
