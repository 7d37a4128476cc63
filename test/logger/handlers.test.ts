/** Where records go: handlers of the logger and of those above it, each once. */
import { expect, test } from "vitest";

import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoInMemoryExporter,
  getLogger,
  type FemtoLogger,
} from "../../src/index.ts";
import { collect, keeper, type Keeper } from "./collect.ts";

async function bodiesOf(kept: Keeper): Promise<unknown[]> {
  return (await kept.take()).map(({ body }) => body);
}

test("addHandler() on any logger gets its records and those of the loggers below", async () => {
  const { logging } = collect();
  const kept = keeper();
  logging.getLogger("a.b").addHandler(kept.handler);
  for (const name of ["a", "a.b", "a.b.c", "a.bb", "b"]) logging.getLogger(name).info(name);
  expect(await bodiesOf(kept)).toEqual(["a.b", "a.b.c"]);
});

test("a handler of several loggers gets each record once", async () => {
  const kept = keeper();
  const logging = createLogging({ handlers: [kept.handler, kept.handler] });
  logging.getLogger("a").addHandler(kept.handler);
  logging.getLogger("a.b").addHandler(kept.handler);
  logging.getLogger("a.b").addHandler(kept.handler);
  logging.getLogger("a.b").info("x");
  expect(await bodiesOf(kept)).toEqual(["x"]);
  expect(logging.getLogger("a.b").handlers).toEqual([kept.handler]);
});

test("addHandler() is seen by loggers and `with` loggers that have logged before", async () => {
  const { logging, log } = collect();
  const bound = log.with({ a: 1 });
  log.info("before");
  bound.info("before");
  const kept = keeper();
  logging.root.addHandler(kept.handler);
  log.info("after");
  bound.info("after");
  expect(await bodiesOf(kept)).toEqual(["after", "after"]);
});

test("removeHandler() ends the records of that logger only; the handler goes on", async () => {
  const { logging } = collect();
  const kept = keeper();
  logging.getLogger("a").addHandler(kept.handler);
  logging.getLogger("b").addHandler(kept.handler);
  logging.getLogger("a").info("1");
  logging.getLogger("a").removeHandler(kept.handler);
  logging.getLogger("a").info("2");
  logging.getLogger("b").info("3");
  expect(await bodiesOf(kept)).toEqual(["1", "3"]);
  expect(logging.getLogger("a").handlers).toEqual([]);
});

test("removeHandler() of a handler that is not there changes nothing", async () => {
  const { logging, take } = collect();
  logging.root.removeHandler(keeper().handler);
  logging.root.info("x");
  expect(await take()).toHaveLength(1);
});

test("addHandler() refuses what is no handler, and changes nothing", async () => {
  const { logging, take } = collect();
  const stock = { onEmit: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
  for (const wrong of [undefined, null, {}, "file", stock]) {
    expect(() =>
      (logging.root as unknown as { addHandler(handler: unknown): void }).addHandler(wrong),
    ).toThrow(TypeError);
  }
  expect(logging.root.handlers).toHaveLength(1);
  logging.root.info("x");
  expect(await take()).toHaveLength(1);
});

test("propagate false keeps records from the handlers above, not from the own", async () => {
  const { logging, take } = collect();
  const own = keeper();
  const logger: FemtoLogger = logging.getLogger("a.b");
  logger.addHandler(own.handler);
  expect(logger.propagate).toBe(true);
  logger.propagate = false;
  logger.info("own");
  logging.getLogger("a.b.c").info("below");
  logging.getLogger("a").info("above");
  expect(await bodiesOf(own)).toEqual(["own", "below"]);
  expect((await take()).map(({ body }) => body)).toEqual(["above"]);
  logger.propagate = true;
  logger.info("both");
  expect([await bodiesOf(own), (await take()).length]).toEqual([["both"], 1]);
});

test("a handler's level holds beside the logger's, and can be changed", async () => {
  const { logging, log } = collect();
  const kept = keeper({ level: "ERROR" });
  logging.root.addHandler(kept.handler);
  log.warn("no");
  log.error("yes");
  kept.handler.setLevel("WARN");
  log.warn("now");
  logging.root.emit({ body: "unspecified" });
  expect(await bodiesOf(kept)).toEqual(["yes", "now", "unspecified"]);
  expect(kept.handler.stats()).toMatchObject({ emitted: 3, delivered: 3 });
});

test("many handlers get the same record, beyond the first 32 of the process", async () => {
  const kept = Array.from({ length: 40 }, () => keeper());
  const logging = createLogging({ handlers: kept.map(({ handler }) => handler) });
  logging.root.info("x {a}", { a: 1 });
  for (const one of kept) expect(await bodiesOf(one)).toEqual(["x 1"]);
});

test("a handler that takes the place of one that was shut down gets no records of its loggers", async () => {
  const ended = keeper();
  const logging = createLogging({ handlers: [ended.handler] });
  logging.getLogger("a").addHandler(ended.handler);
  const shared = getLogger("handlers.shared");
  shared.addHandler(ended.handler);
  // The slots of handlers that are shut down are given away only when some of them wait.
  const others = Array.from({ length: 8 }, () => keeper());
  for (const { handler } of [ended, ...others]) await handler.shutdown();
  const successor = keeper();
  expect(successor.handler.slot).toBe(ended.handler.slot);
  logging.getLogger("a").info("secret");
  shared.info("secret");
  expect(await successor.take()).toEqual([]);
  logging.root.addHandler(successor.handler);
  logging.root.removeHandler(ended.handler);
  logging.getLogger("a").info("x");
  expect(await bodiesOf(successor)).toEqual(["x"]);
  shared.removeHandler(ended.handler);
});

test("a record that is logged after its handler was shut down is counted, and given to the others", async () => {
  const { logging, take } = collect();
  const exporter = new FemtoInMemoryExporter();
  const ended = new FemtoBatchLogRecordProcessor({ exporter });
  logging.root.addHandler(ended);
  await ended.shutdown();
  logging.root.info("late");
  expect(ended.stats().dropped.already_shutdown).toBe(1);
  expect(await take()).toHaveLength(1);
});
