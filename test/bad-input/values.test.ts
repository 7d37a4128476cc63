/** What breaks careless loggers: no throw, a stated mapping, and the record is delivered, to every kind of output. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { createLogging, FemtoFileHandler, FemtoOtlpHttpHandler } from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { collect, collectTrouble, untyped, type AnyLogger } from "../logger/collect.ts";
import { asJson, plainOfWire } from "../provider/emitted-records.ts";
import { BAD_VALUES, type BadValue } from "./bad-values.ts";

/** `value` where there is one. */
function valueOf({ expected }: BadValue): { readonly value?: unknown } {
  return expected === undefined ? {} : { value: expected };
}

test.each(BAD_VALUES)("$name is mapped in every place of a call", async (bad) => {
  const trouble = collectTrouble();
  const { log, take } = collect();
  const attributes = { before: 1, ...valueOf(bad), after: 2 };
  const make = (): object => ({ before: 1, value: bad.make(), after: 2 });
  for (let round = 0; round < 3; round++) log.info("x", make());
  log.info("%s", "x", make());
  log.info("x", make);
  log.with({ before: 1, value: bad.make() }).info("x", { after: 2 });
  log.event("x", make());
  log.emit({ body: "x", attributes: make() });
  log.error(new Error("x"), make());
  const records = await take();
  expect(records).toHaveLength(9);
  for (const record of records.slice(0, 8)) expect(record.attributes).toEqual(attributes);
  expect(records[8]!.attributes).toMatchObject({ ...attributes, "exception.message": "x" });
  expect(trouble).toEqual([]);
});

test.each(BAD_VALUES)(
  "$name makes a record as the only argument, in a hole, as body, and thrown",
  async (bad) => {
    const trouble = collectTrouble();
    const { log, take } = collect();
    log.info(bad.make());
    log.info("x", bad.make());
    log.info("%s %j %d", bad.make(), bad.make(), bad.make());
    log.info("{value.a.b} {value}", { value: bad.make() });
    log.exception(bad.make());
    log.exception(bad.make(), "x {a}", { a: 1 });
    log.info(bad.make(), "x {a}", { a: 1 });
    log.event("e", bad.make(), { body: bad.make() });
    log.emit({ body: bad.make() });
    const records = await take();
    expect(records).toHaveLength(9);
    expect(records[8]!.body).toEqual(bad.expected);
    expect(records[4]!.attributes["exception.type"]).toBeTypeOf("string");
    expect(trouble).toEqual([]);
  },
);

/** Logs each value three times, so that its template and keys are known, and as a body. */
function logAll(log: AnyLogger): void {
  for (let round = 0; round < 3; round++) {
    for (const { make } of BAD_VALUES) log.info("x", { value: make() });
  }
  for (const { make } of BAD_VALUES) log.emit({ body: make() });
}

const count = BAD_VALUES.length;

test("each line of a file is JSON that says the mapping", async () => {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await using logging = createLogging({
    handlers: [new FemtoFileHandler({ path: join(folder, "app.log") })],
  });
  logAll(untyped(logging.root));
  await logging.flush();
  const lines = (await readFile(join(folder, "app.log"), "utf8")).split("\n").slice(0, -1);
  expect(lines).toHaveLength(count * 4);
  lines.forEach((line, index) => {
    const { value, msg } = JSON.parse(line) as { readonly value?: unknown; readonly msg?: unknown };
    const expected = asJson(jsonSafe(BAD_VALUES[index % count]!.expected));
    expect(index < count * 3 ? value : msg).toEqual(expected);
  });
});

/** 64-bit integers are bare numbers in a line, of which JSON.parse() keeps the nearest it has. */
function jsonSafe(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

test.each(["http/protobuf", "http/json"] as const)(
  "OTLP over %s says the mapping, and the receiver takes it",
  async (protocol) => {
    await using receiver = await OtlpReceiver.start({ duplicateKeys: "error" });
    await using logging = createLogging({
      handlers: [new FemtoOtlpHttpHandler({ url: receiver.url, protocol })],
    });
    logAll(untyped(logging.root));
    await logging.flush();
    expect(receiver.records).toHaveLength(count * 4);
    receiver.records.map(plainOfWire).forEach(({ attributes, body }, index) => {
      const bad = BAD_VALUES[index % count]!;
      const expected = { value: jsonSafe(bad.expected) };
      if (index >= count * 3) expect(body).toEqual(expected.value);
      else expect(attributes).toEqual(bad.expected === undefined ? {} : expected);
    });
  },
);

test("texts of 10 MB arrive whole, everywhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await using receiver = await OtlpReceiver.start();
  const collected = collect();
  const { root } = collected.logging;
  const file = new FemtoFileHandler({ path: join(folder, "app.log") });
  const otlp = new FemtoOtlpHttpHandler({ url: receiver.url });
  root.addHandler(file);
  root.addHandler(otlp);
  const text = "0123456789".repeat(1_048_576);
  collected.log.info("x", { text });
  collected.log.info(text);
  collected.log.emit({ body: text });
  const records = await collected.take();
  await collected.logging.flush();
  expect(records.map(({ body, attributes }) => (attributes["text"] ?? body) === text)).toEqual([
    true,
    true,
    true,
  ]);
  const lines = (await readFile(file.path, "utf8"))
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ msg, text: attribute }) => (attribute ?? msg) === text)).toEqual([true, true, true]);
  expect(receiver.records.map(({ body, attributes }) => (attributes.get("text") ?? body) === text)).toEqual([
    true,
    true,
    true,
  ]);
  await Promise.all([file.shutdown(), otlp.shutdown()]);
});

test("a text beyond 16 MiB is counted by each handler, and the next record is delivered", async () => {
  collectTrouble();
  const { log, take, handler } = collect();
  log.info("x", { text: "é".repeat(10_000_000) });
  log.info("after");
  expect((await take()).map(({ body }) => body)).toEqual(["after"]);
  expect(handler.stats()).toMatchObject({ emitted: 2, delivered: 1, dropped: { too_large: 1 } });
});

test("whole programs as values neither throw nor hang, and the record is delivered", async () => {
  const { log, takeOne } = collect();
  const module = await import("../../src/index.ts");
  for (const value of [globalThis, process, module, process.stdout, Reflect, Intl]) {
    log.info("x", { value });
    expect((await takeOne()).body).toBe("x");
  }
});

test("attributes that change while they are read make one record", async () => {
  const { log, takeOne } = collect();
  const attributes: Record<string, unknown> = {
    get first() {
      delete attributes["second"];
      attributes["third"] = 3;
      return 1;
    },
    second: 2,
  };
  for (let round = 0; round < 3; round++) {
    attributes["second"] = 2;
    log.info("x {first}", attributes);
    expect(await takeOne()).toMatchObject({ body: "x 1", attributes: { first: 1 } });
  }
});

test("keys that mean something elsewhere are attributes like any other", async () => {
  const { log, takeOne } = collect();
  const attributes = JSON.parse(
    '{"__proto__":1,"constructor":2,"hasOwnProperty":3,"time":4,"msg":5,"level":6,"":7,"a.b":8}',
  ) as object;
  log.info("{__proto__} {constructor} {a.b}", attributes);
  const record = await takeOne();
  expect(record.body).toBe("1 2 8");
  expect(record.attributes).toEqual(attributes);
  expect(Object.getPrototypeOf(record.attributes)).toBe(Object.prototype);
});
