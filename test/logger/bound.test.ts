/** `with()` and `withContext()`: attributes that many records share. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";

import { createLogging, withContext } from "../../src/index.ts";
import { collect, collectTrouble, keeper, revoked, type Collected } from "./collect.ts";

async function attributesOf({ takeOne }: Collected): Promise<unknown> {
  return (await takeOne()).attributes;
}

test("with() adds its attributes to every record, whatever the form of the call", async () => {
  const { log, take } = collect();
  const bound = log.with({ requestId: "r1" });
  bound.info("plain");
  bound.info("{requestId} {id}", { id: 1 });
  bound.info("%s", "x");
  bound.error(new Error("e"));
  bound.event("order.paid", { id: 1 });
  bound.emit({ body: "emitted" });
  bound.info({ id: 1 });
  bound.log("WARN", "x");
  const records = await take();
  expect(records.map(({ attributes }) => attributes["requestId"])).toEqual(
    Array.from({ length: 8 }, () => "r1"),
  );
  expect(records[1]).toMatchObject({ body: "r1 1", attributes: { id: 1, requestId: "r1" } });
});

test("with() leaves the logger that it was called on as it is, and keeps its name and level", async () => {
  const { log, logging, take } = collect();
  const bound = logging.getLogger("shop").with({ a: 1 });
  expect([bound.name, bound.effectiveLevel]).toEqual(["shop", 1]);
  logging.getLogger("shop").info("x");
  log.info("y");
  expect((await take()).map(({ attributes }) => attributes)).toEqual([{}, {}]);
});

test("with() nests: inner attributes win, and those of the call win over both", async () => {
  const collected = collect();
  const bound = collected.log.with({ a: 1, b: 1, c: 1 }).with({ b: 2, c: 2 });
  bound.info("{a} {b} {c}", { c: 3 });
  expect(await collected.takeOne()).toMatchObject({ body: "1 2 3", attributes: { a: 1, b: 2, c: 3 } });
});

test("the attributes of a call win also in its further forms", async () => {
  const { log, take } = collect();
  const bound = log.with({ a: 1, b: 1 });
  for (let round = 0; round < 3; round++) {
    bound.info("x", { a: round });
    bound.info("x", { b: round });
    bound.info("%s", 1, { a: round });
    bound.event("x", { a: round });
    bound.emit({ attributes: { a: round } });
  }
  const attributes = (await take()).map((record) => record.attributes);
  expect(attributes).toEqual(
    [0, 1, 2].flatMap((round) => [
      { a: round, b: 1 },
      { a: 1, b: round },
      { a: round, b: 1 },
      { a: round, b: 1 },
      { a: round, b: 1 },
    ]),
  );
});

test("the attributes of a call win over bound ones beyond the eighth set of keys", async () => {
  const { log, take } = collect();
  const bound = log.with({ a: "bound", k3: "bound" });
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 12; index++) bound.info("x", { [`k${index}`]: index });
  }
  const records = await take();
  records.forEach(({ attributes }, index) => {
    const own = index % 12;
    expect(attributes).toEqual({ k3: "bound", a: "bound", [`k${own}`]: own });
  });
});

test("with() copies values when it is called", async () => {
  const collected = collect();
  const cart = { items: [1] };
  const bound = collected.log.with({ cart });
  cart.items.push(2);
  bound.info("x");
  expect(await attributesOf(collected)).toEqual({ cart: { items: [1] } });
});

test("with() takes any values, and what is no object, without a throw", async () => {
  const trouble = collectTrouble();
  const { log, take } = collect();
  const getter = {
    get a(): never {
      throw new Error("broken");
    },
  };
  for (const attributes of [
    null,
    undefined,
    7,
    "ab",
    [],
    revoked(),
    getter,
    { f: () => 1, s: Symbol("s"), u: undefined },
  ]) {
    log.with(attributes).info("x");
  }
  const records = await take();
  expect(records.map(({ attributes }) => attributes)).toEqual([
    {},
    {},
    {},
    { 0: "a", 1: "b" },
    {},
    {},
    { a: "[Throws]" },
    { f: "[Function: f]", s: "[Symbol(s)]" },
  ]);
  expect(trouble).toEqual([]);
});

test("withContext() gives its attributes to all loggers inside, also after await, and to none outside", async () => {
  const { log, logging, take } = collect();
  const result = await withContext({ tenant: "t1" }, async () => {
    log.info("inside");
    await nextTurn();
    logging.root.info("after");
    return 42;
  });
  log.info("outside");
  expect(result).toBe(42);
  expect((await take()).map(({ body, attributes }) => [body, attributes])).toEqual([
    ["inside", { tenant: "t1" }],
    ["after", { tenant: "t1" }],
    ["outside", {}],
  ]);
});

test("withContext() keeps contexts apart that run at the same time", async () => {
  const { log, take } = collect();
  const work = (tenant: string): Promise<void> =>
    withContext({ tenant }, async () => {
      for (let step = 0; step < 3; step++) {
        await nextTurn();
        log.info("{tenant} {step}", { step });
      }
    });
  await Promise.all(["a", "b", "c"].map(work));
  const records = await take();
  expect(records).toHaveLength(9);
  for (const { body, attributes } of records) {
    expect(body).toBe(`${attributes["tenant"] as string} ${attributes["step"] as number}`);
  }
});

test("withContext() nests and gives way: call, then with(), then the inner context, then the outer", async () => {
  const collected = collect();
  withContext({ a: "outer", b: "outer", c: "outer", d: "outer" }, () => {
    withContext({ b: "inner", c: "inner", d: "inner" }, () => {
      collected.log.with({ c: "with", d: "with" }).info("{a} {b} {c} {d}", { d: "call" });
    });
  });
  expect(await collected.takeOne()).toMatchObject({
    body: "outer inner with call",
    attributes: { a: "outer", b: "inner", c: "with", d: "call" },
  });
});

test("withContext() passes on what the work throws, and its context ends", async () => {
  const collected = collect();
  expect(() =>
    withContext({ a: 1 }, () => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
  collected.log.info("x");
  expect(await attributesOf(collected)).toEqual({});
});

test("withContext() copies values when it is called", async () => {
  const collected = collect();
  const user = { name: "ada" };
  withContext({ user }, () => {
    user.name = "bob";
    collected.log.info("x");
  });
  expect(await attributesOf(collected)).toEqual({ user: { name: "ada" } });
});

test("withContext() inside of a value that is being copied for withContext() disturbs neither", async () => {
  const { log, take } = collect();
  const value = {
    toJSON: () => {
      withContext({ inner: "inner value" }, () => log.info("inner"));
      return { outer: "outer value" };
    },
  };
  withContext({ before: 1, value, after: 2 }, () => log.info("outer"));
  expect((await take()).map(({ body, attributes }) => [body, attributes])).toEqual([
    ["inner", { inner: "inner value" }],
    ["outer", { before: 1, value: { outer: "outer value" }, after: 2 }],
  ]);
});

test("withContext() reaches loggers of all systems", async () => {
  const kept = keeper();
  const other = createLogging({ handlers: [kept.handler] });
  withContext({ a: 1 }, () => other.root.info("x"));
  expect((await kept.take()).map(({ attributes }) => attributes)).toEqual([{ a: 1 }]);
});
