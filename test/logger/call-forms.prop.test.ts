/** Laws of a call: it never throws, makes one record, loses nothing of what it was given, and all outputs agree. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";

import { FemtoFileHandler } from "../../src/index.ts";
import { collect, collectTrouble, revoked, type Collected } from "./collect.ts";

/** An argument that holds a word which nothing else holds. */
type ArgumentMaker = (word: string) => unknown;

const makers: readonly ArgumentMaker[] = [
  (word) => word,
  (word) => `{${word}} %% {{`,
  (word) => ({ [`key_${word}`]: 1 }),
  (word) => ({ [`key_${word}`]: { deep: [word, { word }] } }),
  (word) => [word, null],
  (word) => new Error(word),
  (word) => new TypeError("x", { cause: word }),
  (word) => new Map([[word, 1]]),
  (word) => new Set([word]),
  (word) => ({ [`json_${word}`]: { toJSON: () => word } }),
  (word) => new URL(`http://${word}/`),
  (word) => Symbol(word),
  (word) => Object.assign(Object.create(null) as object, { [`bare_${word}`]: word }),
  (word) => ({
    get [`getter_${word}`](): never {
      throw new Error(word);
    },
  }),
];

const holes: readonly ArgumentMaker[] = [(word) => `{${word}} %s %j {{`, (word) => `%o${word}`];

const lazies: readonly ArgumentMaker[] = [
  (word) => () => ({ [`lazy_${word}`]: word }),
  (word) => () => word,
  (word) => () => {
    throw new Error(word);
  },
];

/** A hole takes a function as it is, so the two do not go together. */
const argumentLists = fc
  .constantFrom(holes, lazies)
  .chain((others) => fc.array(fc.constantFrom(...makers, ...others), { maxLength: 12 }))
  .map((list) => list.map((make, index) => ({ word: `word${index}end`, make })));

test("info() never throws and keeps every argument, whatever their kinds and order", async () => {
  const trouble = collectTrouble();
  const { log, takeOne } = collect();
  await fc.assert(
    fc.asyncProperty(argumentLists, async (list) => {
      log.info(...list.map(({ word, make }) => make(word)));
      const { body, attributes } = await takeOne();
      const said = JSON.stringify({ body, attributes });
      for (const { word } of list) expect(said).toContain(word);
    }),
    { numRuns: 500 },
  );
  expect(trouble).toEqual([]);
});

const anything: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      stringUnit: "binary",
    })
    .map((value) => () => value),
  fc.string({ unit: "binary" }).map((text) => () => text),
  fc.constantFrom(
    () => revoked(),
    () => Symbol("s"),
    () => () => 1,
    () => Promise.resolve(),
    () => new Error("e"),
    () => "%s %d %j",
    () => "{a} {b}",
    () => undefined,
    () => -0,
  ),
);

test("all methods make exactly one record of anything, without trouble", async () => {
  const trouble = collectTrouble();
  const { handler, log, take } = collect();
  const methods = [
    "trace",
    "debug",
    "info",
    "warn",
    "warning",
    "error",
    "critical",
    "fatal",
    "exception",
  ] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.array(anything, { maxLength: 6 }),
      async (method, values) => {
        log[method](...values.map((make) => make()));
        expect(await take()).toHaveLength(1);
      },
    ),
    { numRuns: 500 },
  );
  expect(trouble).toEqual([]);
  expect(handler.stats()).toMatchObject({ emitted: 500, delivered: 500 });
});

/** A value as JSON has it. */
function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => {
      if (typeof part === "bigint") return Number(part);
      if (part instanceof Uint8Array) return Buffer.from(part).toString("base64");
      return typeof part === "number" && !Number.isFinite(part) ? String(part) : part;
    }),
  );
}

async function withFile(collected: Collected): Promise<() => Promise<readonly Record<string, unknown>[]>> {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  const path = join(folder, "app.log");
  const handler = new FemtoFileHandler({ path });
  collected.logging.root.addHandler(handler);
  onTestFinished(async () => {
    await handler.shutdown();
    await rm(folder, { recursive: true });
  });
  return async () => {
    await handler.forceFlush();
    const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
}

const FIXED_KEYS = new Set([
  "time",
  "level",
  "severity",
  "logger",
  "msg",
  "event",
  "trace_id",
  "span_id",
  "trace_flags",
  "dropped_attributes",
]);

const attributeSets = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }).filter((key) => !FIXED_KEYS.has(key) && key !== "__proto__"),
  fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 3 }),
  ),
  { maxKeys: 5 },
);

test("a JSON line says the same as the record of an exporter", async () => {
  const collected = collect();
  const readLines = await withFile(collected);
  const calls = fc.sample(
    fc.tuple(
      fc.constantFrom("a {a} b", "%s {b}", "plain", "{c.d}%%"),
      fc.array(fc.oneof(fc.string(), fc.double()), { maxLength: 3 }),
      attributeSets,
    ),
    {
      numRuns: 300,
      seed: 7,
    },
  );
  for (const [template, positional, attributes] of calls)
    collected.log.info(template, ...positional, attributes);
  const records = await collected.take();
  const lines = await readLines();
  expect(lines).toHaveLength(300);
  records.forEach((record, index) => {
    const { time, level, severity, logger, msg, ...attributes } = lines[index]!;
    expect([level, severity, logger, msg]).toEqual(["INFO", 9, "shop.checkout", record.body]);
    expect(attributes).toEqual(asJson(record.attributes));
    expect(time).toBe(
      `${new Date(record.hrTime[0] * 1000).toISOString().slice(0, 19)}.${String(record.hrTime[1]).padStart(9, "0").slice(0, 6)}Z`,
    );
  });
});
