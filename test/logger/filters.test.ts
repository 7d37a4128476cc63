/** Filters on loggers: on the calling thread, for what is logged on that logger. */
import { expect, onTestFinished, test, vi } from "vitest";

import { context, trace } from "@opentelemetry/api";
import {
  createLogging,
  FemtoAttributeFilter,
  FemtoBatchLogRecordProcessor,
  FemtoCallbackFilter,
  FemtoInMemoryExporter,
  FemtoLevelFilter,
  FemtoLoggerProvider,
  type FemtoLogRecord,
  FemtoNameFilter,
  FemtoRateLimitFilter,
  type LoggerFilter,
} from "../../src/index.ts";
import { collect, collectTrouble } from "./collect.ts";

const HOUR = 3_600_000;

function bodiesOf(records: readonly FemtoLogRecord[]): unknown[] {
  return records.map(({ body }) => body);
}

test("addFilter() holds for records of the logger and those that with() gives, not for those below", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  const before = shop.with({ a: 1 });
  before.info("passes");
  shop.addFilter(() => false);
  shop.info("shop");
  before.info("bound before");
  shop.with({ b: 1 }).info("bound after");
  logging.getLogger("shop.cart").info("child");
  logging.root.info("root");
  expect(bodiesOf(await take())).toEqual(["passes", "child", "root"]);
});

test("filters are asked in order, the first that refuses ends it, and each once", async () => {
  const { logging, take } = collect();
  const asked: string[] = [];
  const shop = logging.getLogger("shop");
  const first: LoggerFilter = { filter: () => asked.push("first") > 0 };
  const second: LoggerFilter = ({ body }) => asked.push("second") > 0 && body !== "no";
  const third = new FemtoCallbackFilter(() => asked.push("third") > 0);
  for (const filter of [first, second, third, first]) shop.addFilter(filter);
  expect(shop.filters).toEqual([first, second, third]);
  shop.info("no");
  shop.info("yes");
  expect(asked).toEqual(["first", "second", "first", "second", "third"]);
  expect(bodiesOf(await take())).toEqual(["yes"]);
});

test("the level is looked at first: a filter does not hear of records below it", () => {
  const { logging } = collect({ level: "INFO" });
  const shop = logging.getLogger("shop");
  const filter = vi.fn(() => true);
  shop.addFilter(filter);
  shop.debug("below");
  shop.emit({ body: "below", severityNumber: 5 });
  expect(filter).not.toHaveBeenCalled();
});

test("removeFilter() ends it; what was never added does nothing", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  const none = (): boolean => false;
  shop.addFilter(none);
  shop.removeFilter(() => false);
  shop.info("1");
  shop.removeFilter(none);
  shop.info("2");
  expect(shop.filters).toEqual([]);
  expect(bodiesOf(await take())).toEqual(["2"]);
});

test("a filter sees the whole record, frozen, and later filters see what it puts in its place", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  const seen: FemtoLogRecord[] = [];
  shop.addFilter((record) => {
    seen.push(record);
    return { ...record, attributes: { ...record.attributes, region: "north" } };
  });
  shop.addFilter(new FemtoAttributeFilter({ key: "region", value: "north" }));
  shop.addFilter((record) => record.attributes["region"] === "north");
  shop.with({ tenant: "acme" }).warn("Order {id} failed", { id: 7 });
  expect(seen).toHaveLength(1);
  expect(Object.isFrozen(seen[0]) && Object.isFrozen(seen[0]?.attributes)).toBe(true);
  const [record] = await take();
  const common = {
    severityNumber: 13,
    severityText: "WARN",
    body: "Order 7 failed",
    template: "Order {id} failed",
  };
  expect(seen[0]).toMatchObject({ ...common, loggerName: "shop", attributes: { id: 7, tenant: "acme" } });
  expect(record).toMatchObject({ ...common, attributes: { id: 7, tenant: "acme", region: "north" } });
  expect(record?.hrTime).toEqual(seen[0]?.hrTime);
  expect(record?.hrTimeObserved).toEqual(seen[0]?.hrTimeObserved);
  expect(record?.resource.attributes).toEqual(seen[0]?.resource.attributes);
});

test("a replacement may differ in every field", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  const spanContext = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: 1,
  };
  shop.addFilter((record) => ({
    ...record,
    hrTime: [1_700_000_000, 5],
    severityNumber: 17,
    body: { text: [1, 2n, null] },
    eventName: "order.failed",
    spanContext,
    attributes: { __proto__: null, a: new Uint8Array([1]) },
    droppedAttributesCount: 3,
    loggerName: "bank",
  }));
  shop.info("Order {id}", { id: 7 });
  const [record] = await take();
  expect(record).toMatchObject({
    hrTime: [1_700_000_000, 5],
    severityNumber: 17,
    severityText: "ERROR",
    body: { text: [1, 2n, null] },
    eventName: "order.failed",
    attributes: { a: new Uint8Array([1]) },
    droppedAttributesCount: 3,
    loggerName: "bank",
    instrumentationScope: { name: "bank" },
    spanContext,
  });
});

test("what is no value of its field in a replacement is as it was", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  shop.addFilter(
    (record) =>
      ({
        ...record,
        hrTime: [Number.NaN, -1],
        hrTimeObserved: "now",
        severityNumber: 99,
        eventName: 7,
        spanContext: { traceId: "x" },
        droppedAttributesCount: -1,
      }) as unknown as FemtoLogRecord,
  );
  shop.warn("as it was");
  const [record] = await take();
  expect(record).toMatchObject({
    severityNumber: 13,
    severityText: "WARN",
    body: "as it was",
    droppedAttributesCount: 0,
  });
  expect(record?.spanContext).toBeUndefined();
  expect(Math.abs(Date.now() / 1000 - (record?.hrTime[0] ?? 0))).toBeLessThan(60);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("boom");
    },
  ],
  ["answers a promise", () => Promise.resolve(false)],
  ["answers an object that is no record", () => ({})],
  [
    "answers a record that cannot be read",
    (record: FemtoLogRecord) => ({
      ...record,
      get body() {
        throw new Error("boom");
      },
    }),
  ],
  [
    "changes the record",
    (record: { body: unknown }) => {
      record.body = "other";
      return true;
    },
  ],
])("a filter that %s lets the record pass, and that is said once a minute", async (_name, filter) => {
  const troubles = collectTrouble();
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  shop.addFilter(filter as unknown as LoggerFilter);
  shop.info("1");
  shop.info("2");
  expect(bodiesOf(await take())).toEqual(["1", "2"]);
  expect(troubles).toHaveLength(1);
});

test.each([undefined, null, 0, ""])("a filter that answers %o refuses, as in Python", async (answer) => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  shop.addFilter(() => answer as unknown as boolean);
  shop.info("1");
  expect(await take()).toEqual([]);
});

test("what a filter logs itself passes that filter by", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  shop.addFilter(({ body }) => {
    shop.info("judging {what}", { what: body });
    return body === "yes";
  });
  shop.info("yes");
  shop.info("no");
  expect(bodiesOf(await take())).toEqual(["judging yes", "yes", "judging no"]);
});

test.each([7, null, {}, "filter"])("addFilter() refuses %o", (filter) => {
  const { logging } = collect();
  expect(() => logging.getLogger("shop").addFilter(filter as LoggerFilter)).toThrow(
    /^Cannot add a filter: it is .+, must be a filter of femtologging, an object with filter\(\), a function, or \{ module, options \}$/,
  );
});

test("addFilter() refuses a module that does not exist, or makes no filter", () => {
  const shop = collect().logging.getLogger("shop");
  expect(() => shop.addFilter({ module: "/no/such/filter.js" })).toThrow(
    'Cannot add a filter: "filters[0].module" is "/no/such/filter.js", must be a module that exists',
  );
  expect(() => shop.addFilter({ module: new URL("./program.ts", import.meta.url) })).toThrow(
    /^Cannot add a filter: "module" is .*program\.ts", must be a module that makes a filter \(.+\)/,
  );
  expect(shop.filters).toEqual([]);
});

test("enabled() is false where a filter lets nothing of the level or logger pass", () => {
  const { logging } = collect();
  const shop = logging.getLogger("shop");
  shop.addFilter(new FemtoLevelFilter({ minimum: "WARN" }));
  expect([5, 13, 0].map((severityNumber) => shop.enabled({ severityNumber }))).toEqual([false, true, true]);
  shop.addFilter(new FemtoNameFilter({ name: "bank" }));
  expect(shop.enabled({ severityNumber: 13 })).toBe(false);
});

test("update() of a filter holds at once, for all loggers that have it", async () => {
  const { logging, take } = collect();
  const filter = new FemtoLevelFilter({ minimum: "ERROR" });
  for (const name of ["a", "b"]) logging.getLogger(name).addFilter(filter);
  logging.getLogger("a").info("1");
  filter.update({ minimum: "INFO" });
  logging.getLogger("a").info("2");
  logging.getLogger("b").info("3");
  expect(bodiesOf(await take())).toEqual(["2", "3"]);
});

test("what a filter leaves out is told of by flush(), flushSync(), removeFilter() and shutdown()", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR });
  const logTwice = (): void => [1, 2].forEach(() => shop.info("again"));
  shop.addFilter(filter);
  logTwice();
  await logging.flush();
  expect(bodiesOf(await take())).toEqual(["again", "repeated 1 time: again"]);
  logTwice();
  logging.flushSync(1);
  expect(bodiesOf(await take())).toEqual(["repeated 2 times: again"]);
  logTwice();
  shop.removeFilter(filter);
  expect(bodiesOf(await take())).toEqual(["repeated 2 times: again"]);
});

test("shutdown() tells of what filters have left out", async () => {
  const exporter = new FemtoInMemoryExporter();
  const logging = createLogging({ handlers: [new FemtoBatchLogRecordProcessor({ exporter })] });
  const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR });
  logging.root.addFilter(filter);
  const stats: number[] = [];
  for (const body of ["again", "again"]) logging.root.info(body);
  const [handler] = logging.root.handlers;
  await logging.shutdown();
  stats.push(handler?.stats().delivered ?? 0);
  expect(stats).toEqual([2]);
});

test("what a filter leaves out is told of when its time is over, also where nothing more comes", async () => {
  const { logging, take } = collect();
  const shop = logging.getLogger("shop");
  shop.addFilter(new FemtoRateLimitFilter({ count: 1, intervalMillis: 20 }));
  const bodies: unknown[] = [];
  // An interval may end between two calls.
  await vi.waitFor(
    async () => {
      for (let i = 0; i < 5; i++) shop.info("again");
      await new Promise((resolve) => setImmediate(resolve));
      bodies.push(...bodiesOf(await take()));
      expect(bodies.join()).toContain("repeated");
    },
    { timeout: 15_000 },
  );
});

test("a logger of a provider honours its filters, in emit() with a context too", async () => {
  const exporter = new FemtoInMemoryExporter();
  const provider = new FemtoLoggerProvider({ processors: [new FemtoBatchLogRecordProcessor({ exporter })] });
  onTestFinished(() => provider.shutdown());
  const shop = provider.getLogger("shop", "1.0");
  shop.addFilter(({ body, instrumentationScope: { version } }) => body === "yes" && version === "1.0");
  shop.emit({ body: "no" });
  shop.emit({ body: "yes", context: trace.deleteSpan(context.active()) });
  await provider.forceFlush();
  expect(bodiesOf(exporter.getFinishedLogRecords() as unknown as FemtoLogRecord[])).toEqual(["yes"]);
});

test("processors of others get what the filters let pass, and in their place what they made", async () => {
  const bodies: unknown[] = [];
  const done = (): Promise<void> => Promise.resolve();
  const processor = {
    onEmit: ({ body }: { body?: unknown }) => bodies.push(body),
    forceFlush: done,
    shutdown: done,
  };
  const provider = new FemtoLoggerProvider({ processors: [processor] });
  const shop = provider.getLogger("shop");
  shop.addFilter(new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR }));
  shop.addFilter((record) => ({ ...record, body: `<${record.body as string}>` }));
  for (let i = 0; i < 3; i++) shop.info("again");
  await provider.forceFlush();
  expect(bodies).toEqual(["<again>", "<repeated 2 times: again>"]);
  await provider.shutdown();
});
