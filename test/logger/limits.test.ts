/** The bounds of a record, and of what is remembered of calls. */
import { expect, test } from "vitest";

import { createLogging } from "../../src/index.ts";
import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import { createSystem } from "../../src/system/logging.ts";
import { collect, collectTrouble, keeper, untyped, type AnyLogger, type Keeper } from "./collect.ts";

function numbered(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
}

/** A logger with other limits than the defaults. */
function limited(limits: {
  readonly attributeCountMax?: number;
  readonly valueLengthMax?: number;
}): Keeper & { log: AnyLogger } {
  const kept = keeper();
  const system = createSystem({ limits, handlers: [kept.handler] });
  return { ...kept, log: untyped(system.getLogger("limited")) };
}

test("a record keeps the first 128 attributes and counts the others, whatever the form of the call", async () => {
  const { log, take } = collect();
  const attributes = numbered(200);
  log.info("x", attributes);
  log.info("x", attributes);
  log.info("x", attributes);
  log.info("%s", 1, attributes);
  log.info(attributes);
  log.event("e", attributes);
  log.emit({ attributes });
  const records = await take();
  expect(records).toHaveLength(7);
  for (const record of records) {
    expect(record.attributes).toEqual(numbered(128));
    expect(record.droppedAttributesCount).toBe(72);
  }
});

test("a record of exactly as many attributes as allowed drops none", async () => {
  const { log, takeOne } = collect();
  log.info("x", numbered(128));
  const record = await takeOne();
  expect(Object.keys(record.attributes)).toHaveLength(128);
  expect(record.droppedAttributesCount).toBe(0);
});

test("attributeCountMax of 0 keeps none", async () => {
  const { log, take } = limited({ attributeCountMax: 0 });
  log.info("x {k0}", numbered(3));
  log.info("x {k0}", numbered(3));
  for (const record of await take()) {
    expect(record).toMatchObject({ body: "x {k0}", attributes: {}, droppedAttributesCount: 3 });
  }
});

test("an attribute that is undefined takes no place and is not counted, whatever the form of the call", async () => {
  const { log, take } = limited({ attributeCountMax: 2 });
  const attributes = { none: undefined, a: 1, nor: undefined, b: 2, c: 3, last: undefined };
  log.info("x", attributes);
  log.info("x", attributes);
  log.info(attributes);
  log.emit({ attributes });
  const records = await take();
  expect(records).toHaveLength(4);
  for (const record of records) {
    expect(record).toMatchObject({ attributes: { a: 1, b: 2 }, droppedAttributesCount: 1 });
  }
});

test("bound attributes get the places that attributes which are undefined do not take", async () => {
  const { log, take } = limited({ attributeCountMax: 3 });
  const bound = log.with({ x: 1, y: 2, z: 3 });
  for (let round = 0; round < 3; round++) bound.info("x", { none: undefined, a: 1 });
  bound.emit({ attributes: { none: undefined, a: 1 } });
  for (const record of await take()) {
    expect(record).toMatchObject({ attributes: { a: 1, x: 1, y: 2 }, droppedAttributesCount: 1 });
  }
});

test("nested values are not counted", async () => {
  const { log, takeOne } = collect();
  log.info("x", { nested: numbered(500) });
  expect((await takeOne()).attributes).toEqual({ nested: numbered(500) });
});

test("templates made at run time are all delivered right, and said once to be too many", async () => {
  const trouble = collectTrouble();
  const { log, take } = collect();
  for (let round = 0; round < 3; round++) {
    for (let id = 0; id < 2000; id++) log.info(`order ${id} of {user}`, { user: round });
  }
  const bodies = (await take()).map(({ body }) => body);
  expect(bodies).toHaveLength(6000);
  bodies.forEach((body, index) => expect(body).toBe(`order ${index % 2000} of ${Math.floor(index / 2000)}`));
  // 1024 templates with a set of keys each, and what there was before.
  expect(threadRecorder().dictionary.shapeCount).toBeLessThan(1100);
  for (let id = 0; id < 2000; id++) for (let twice = 0; twice < 2; twice++) log.info(`again ${id}`);
  expect(await take()).toHaveLength(4000);
  expect(trouble.filter(({ kind }) => kind === "templates")).toHaveLength(1);
});

test("templates beyond the bound keep their attributes, values and errors", async () => {
  const { log, take } = collect();
  collectTrouble();
  for (let id = 0; id < 1100; id++) for (let twice = 0; twice < 2; twice++) log.info(`fill ${id}`);
  await take();
  for (let round = 0; round < 3; round++) {
    log.info("fresh {a}", { a: round, b: [round] });
    log.info("fresh %d", round, { c: round });
    log.error("fresh", new Error("e"), { d: round });
    log.with({ f: round }).info("fresh {f}", { g: 1 });
  }
  const records = await take();
  expect(records.map(({ body }) => body)).toEqual(
    [0, 1, 2].flatMap((round) => [`fresh ${round}`, `fresh ${round}`, "fresh", `fresh ${round}`]),
  );
  expect(records[8]!.attributes).toEqual({ a: 2, b: [2] });
  expect(records[9]!.attributes).toEqual({ c: 2 });
  expect(records[10]!.attributes).toMatchObject({ "exception.message": "e", d: 2 });
  expect(records[11]!.attributes).toEqual({ g: 1, f: 2 });
});

test("50 sets of keys on one template are all delivered right", async () => {
  const { log, take } = collect();
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 50; index++) log.info("x {shared}", { [`k${index}`]: index, shared: round });
  }
  const records = await take();
  expect(records).toHaveLength(150);
  records.forEach(({ body, attributes }, index) => {
    const round = Math.floor(index / 50);
    expect(body).toBe(`x ${round}`);
    expect(attributes).toEqual({ [`k${index % 50}`]: index % 50, shared: round });
  });
});

test("the same keys in another order keep their values", async () => {
  const { log, take } = collect();
  for (let round = 0; round < 3; round++) {
    log.info("x", { a: 1, b: 2, c: 3 });
    log.info("x", { c: 3, a: 1 });
    log.info("x", { b: 2, c: 3, a: 1 });
    log.info("x", { a: 1, b: 2 });
  }
  for (const { attributes } of await take()) {
    for (const [key, value] of Object.entries(attributes)) expect(value).toBe({ a: 1, b: 2, c: 3 }[key]);
  }
});

test("a key that is too long for the dictionary travels along, each time", async () => {
  const { log, take, handler } = collect();
  const key = "k".repeat(20_000);
  for (let round = 0; round < 4; round++) log.info("x", { [key]: round });
  expect((await take()).map(({ attributes }) => attributes[key])).toEqual([0, 1, 2, 3]);
  expect(handler.stats().droppedTotal).toBe(0);
});

test("a dictionary that is full loses nothing", async () => {
  const trouble = collectTrouble();
  const kept = keeper();
  const filling = "f".repeat(900);
  for (let system = 0; system < 4; system++) {
    const logging = createLogging({ handlers: [kept.handler] });
    for (let id = 0; id < 1000; id++)
      for (let twice = 0; twice < 2; twice++) logging.root.info(`${filling} ${system} ${id}`);
    for (let id = 0; id < 1000; id++)
      logging.root.emit({ severityText: `${id % 200}`, attributes: { [`${filling} ${id}`]: id } });
    await kept.take();
  }
  expect(threadRecorder().dictionary.isFull).toBe(true);
  // Longer than what shapes have left of the last block.
  const resource = { attributes: { "service.name": "late".repeat(1000) } };
  const log = createLogging({ handlers: [kept.handler], resource }).getLogger("late");
  for (let round = 0; round < 4; round++) {
    log.info("late {a}", { a: round });
    log.info("late %s {a}", "x", { a: round });
    log.event("late.event", { a: round });
  }
  const records = await kept.take();
  expect(records.map(({ body, eventName }) => body ?? eventName)).toEqual(
    [0, 1, 2, 3].flatMap((round) => [`late ${round}`, `late x ${round}`, "late.event"]),
  );
  expect(
    records.every(
      ({ loggerName, attributes }, index) =>
        loggerName === "late" && attributes["a"] === Math.floor(index / 3),
    ),
  ).toBe(true);
  expect(records[0]!.resource.attributes).toMatchObject(resource.attributes);
  expect(trouble.filter(({ kind }) => kind !== "templates")).toEqual([]);
});

test("a record that is too large is counted and said, and the next ones are delivered", async () => {
  const { log, take, handler } = collect();
  log.info("x", { big: "y".repeat(17_000_000) });
  log.info("y".repeat(17_000_000));
  log.emit({ body: "y".repeat(17_000_000) });
  log.info("after");
  expect((await take()).map(({ body }) => body)).toEqual(["after"]);
  expect(handler.stats()).toMatchObject({ emitted: 4, delivered: 1, dropped: { too_large: 3 } });
});
