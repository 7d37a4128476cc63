/** What is logged is what was there at the call: nothing that happens later, or meanwhile, changes it. */
import { expect, onTestFinished, test } from "vitest";

import { reportTrouble } from "../../src/diagnostics.ts";
import { setTroubleListener } from "../../src/index.ts";
import { collect, collectTrouble } from "./collect.ts";

test("values are copied at the call, in all of their places", async () => {
  const { log, take } = collect();
  const list = [1];
  const map = new Map([["a", 1]]);
  const bytes = new Uint8Array([1]);
  const error = new Error("first");
  const date = new Date(0);
  const nested = { deep: { list } };
  log.info("{nested}", { nested, map, bytes, date });
  log.info("%j", nested);
  log.info(nested);
  log.error(error);
  log.emit({ body: nested, attributes: nested });
  log.event("e", nested, { body: nested });
  list.push(2);
  map.set("b", 2);
  bytes[0] = 2;
  date.setTime(1e12);
  error.message = "second";
  Object.assign(nested, { added: true });
  const records = await take();
  const expected = { deep: { list: [1] } };
  expect(records[0]).toMatchObject({
    body: '{"deep":{"list":[1]}}',
    attributes: {
      nested: expected,
      map: { a: 1 },
      bytes: new Uint8Array([1]),
      date: "1970-01-01T00:00:00.000Z",
    },
  });
  expect(records[1]!.body).toBe('{"deep":{"list":[1]}}');
  expect(records[2]!.attributes).toEqual(expected);
  expect(records[3]).toMatchObject({ body: "first", attributes: { "exception.message": "first" } });
  expect(records[4]).toMatchObject({ body: expected, attributes: expected });
  expect(records[5]).toMatchObject({ body: expected, attributes: expected });
});

test("a getter that logs while its record is made gets a record of its own, and both are right", async () => {
  const { log, take } = collect();
  const attributes = {
    before: 1,
    get a() {
      log.info("inner {x}", { x: [1, { y: "z".repeat(100) }] });
      return { list: ["A"] };
    },
    after: "B".repeat(50),
  };
  for (let round = 0; round < 3; round++) log.info("outer {before} {after}", attributes);
  const records = await take();
  expect(records).toHaveLength(6);
  for (let round = 0; round < 6; round += 2) {
    expect(records[round]!.attributes).toEqual({ x: [1, { y: "z".repeat(100) }] });
    expect(records[round + 1]).toMatchObject({
      body: `outer 1 ${"B".repeat(50)}`,
      attributes: { before: 1, a: { list: ["A"] }, after: "B".repeat(50) },
    });
  }
});

test("toJSON(), lazy attributes and with() may log while a record is made", async () => {
  const { log, take } = collect();
  const chatty = (name: string): object => ({
    toJSON: () => {
      log.info(name);
      log.with({ name }).warn("{name}");
      return name.toUpperCase();
    },
  });
  log.info("%j and {b}", chatty("a"), () => {
    log.error(new Error("lazy"));
    return { b: chatty("b"), deep: [{ c: chatty("c") }] };
  });
  const records = await take();
  expect(records.map(({ body }) => body)).toEqual(["lazy", "a", "a", "b", "b", "c", "c", '"A" and B']);
  expect(records.at(-1)!.attributes).toEqual({ b: "B", deep: [{ c: "C" }] });
});

test("a getter that logs its own object is stopped before the stack is", async () => {
  const { log, take, handler } = collect();
  let depth = 0;
  const attributes = {
    get again() {
      if (depth++ < 30) log.info("{again}", attributes);
      return depth;
    },
  };
  log.info("{again}", attributes);
  const records = await take();
  expect(records).toHaveLength(31);
  expect(handler.stats().droppedTotal).toBe(0);
});

test("a handler's drop listener may log, to that handler too", async () => {
  const trouble = collectTrouble();
  const { log, handler, take } = collect();
  const events: unknown[] = [];
  handler.on("drop", (event) => {
    events.push(event.dropped);
    log.warn("dropped {count}", { count: event.droppedTotal });
  });
  log.info("x", { big: "y".repeat(17_000_000) });
  // A shutdown looks for drops first.
  await handler.shutdown();
  expect(events).toEqual([{ too_large: 1 }]);
  expect((await take()).map(({ body }) => body)).toContain("dropped 1");
  expect(trouble).toHaveLength(1);
});

test("a trouble listener may log", async () => {
  const { log, take } = collect();
  const before = setTroubleListener(({ message }) => log.warn("trouble: {message}", { message }));
  onTestFinished(() => {
    setTroubleListener(before);
  });
  reportTrouble("test", "first");
  expect((await take()).map(({ body }) => body)).toEqual(["trouble: first"]);
});
