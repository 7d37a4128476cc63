/** `redact`: values that leave the thread that logs as something else. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InMemoryLogRecordExporter, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import pino from "pino";
import { describe, expect, test } from "vitest";

import {
  ConfigError,
  createLogging,
  FemtoCallbackFilter,
  FemtoFileHandler,
  FemtoLoggerProvider,
  withContext,
  withFingersCrossed,
  basicConfig,
  type RedactOption,
} from "../../src/index.ts";
import { pinoDestination } from "../../src/bridges/pino/index.ts";
import { collect, collectTrouble, keeper } from "./collect.ts";
import { makeFolder } from "./program.ts";

const MARK = "[Redacted]";

/** The attributes of a record that is logged with these, and this redaction. */
async function attributesOf(paths: RedactOption, attributes: object): Promise<unknown> {
  const { log, takeOne } = collect({ redact: paths });
  log.info("text", attributes);
  return (await takeOne()).attributes;
}

test.each([
  [["password"], { password: "p", user: "u" }, { password: MARK, user: "u" }],
  [["password"], { user: { password: "p" } }, { user: { password: "p" } }],
  [["user.password"], { user: { password: "p", name: "n" } }, { user: { password: MARK, name: "n" } }],
  [["user.password"], { "user.password": "p" }, { "user.password": MARK }],
  [["user"], { user: { password: "p" }, id: 1 }, { user: MARK, id: 1 }],
  [
    ["users[*].token"],
    { users: [{ token: "a", id: 1 }, { token: "b" }, 3] },
    { users: [{ token: MARK, id: 1 }, { token: MARK }, 3] },
  ],
  [["**.secret"], { a: { b: [{ secret: 1, ok: true }] } }, { a: { b: [{ secret: MARK, ok: true }] } }],
  [["list[1]"], { list: [1, 2, 3] }, { list: [1, MARK, 3] }],
  [["a"], { a: null }, { a: MARK }],
  [["a"], { a: undefined, b: 1 }, { b: 1 }],
  [["nothing"], { a: { b: 1 } }, { a: { b: 1 } }],
  [["**"], { a: 1, b: [1] }, { a: MARK, b: MARK }],
  [{ paths: ["a.b"], censor: "***" }, { a: { b: 1 } }, { a: { b: "***" } }],
  [
    { paths: ["a", "b.c", "d[0]"], remove: true },
    { a: 1, b: { c: 1, e: 2 }, d: [1, 2] },
    { b: { e: 2 }, d: [null, 2] },
  ],
] as const)("%j of %j is %j", async (paths, attributes, expected) => {
  // Seen for the first time, and of a known shape.
  expect(await attributesOf(paths, attributes)).toEqual(expected);
  const { log, take } = collect({ redact: paths });
  for (let i = 0; i < 3; i++) log.info("text", attributes);
  for (const record of await take()) expect(record.attributes).toEqual(expected);
});

test("every form of a call, bound and scoped attributes, events, errors and emitted records", async () => {
  const { log, take } = collect({ redact: ["**.password", "exception.message"] });
  const secrets = { password: "S3CRET", user: { password: "S3CRET" } };
  log.info("{password} of {user}", secrets);
  log.info("{password}", { password: "S3CRET" });
  log.info("%s %j", "x", { password: "S3CRET" });
  log.info(secrets);
  log.info("lazy", () => secrets);
  log.event("login", secrets);
  log.error(new Error("S3CRET"), "failed", secrets);
  log.emit({ body: secrets, attributes: secrets });
  log.emit({ body: [secrets], severityNumber: 9 });
  log.with(secrets).info("bound");
  log.with({ user: { password: "S3CRET" } }).info("bound", { id: 1 });
  withContext({ password: "S3CRET" }, () => log.info("scoped"));
  const free = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`free ${i}`, secrets]));
  for (let i = 0; i < 12; i++) log.info("free", { ...free, [`key ${i}`]: i, password: "S3CRET" });
  const records = await take();
  expect(records).toHaveLength(24);
  const [named, , printf] = records;
  expect(JSON.stringify(records.map(({ body, attributes }) => ({ body, attributes })))).toContain(MARK);
  for (const { body, attributes } of records) {
    const { "exception.stacktrace": _stack, ...rest } = attributes;
    expect(JSON.stringify({ body, rest })).not.toContain("S3CRET");
  }
  expect(named).toMatchObject({ body: `${MARK} of {"password":"${MARK}"}` });
  expect(printf).toMatchObject({ body: `x {"password":"${MARK}"}` });
});

test("what is not named is as it was: time, span, severity, body, order of attributes, dropped count", async () => {
  const plain = collect();
  const redacted = collect({ redact: ["b", "zzz"] });
  const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
  const record = {
    timestamp: [1_700_000_000, 123_456_789],
    observedTimestamp: [1_700_000_001, 5],
    severityNumber: 17,
    severityText: "Bad",
    eventName: "event",
    body: { text: "ü", bytes: new Uint8Array([1, 2]), n: [1, -0, 2 ** 60] },
    attributes: { z: 1, b: 2, a: [1.5, "x", null] },
    spanContext: span,
  };
  for (const { log } of [plain, redacted]) log.emit(record);
  const [before, after] = [await plain.takeOne(), await redacted.takeOne()];
  // Each system has an object of its own for the same resource.
  expect(after).toEqual({
    ...before,
    resource: after.resource,
    attributes: { ...before.attributes, b: MARK },
  });
  expect(Object.keys(after.attributes)).toEqual(Object.keys(before.attributes));
});

test("filters of the logger see what was given, handlers and their filters do not", async () => {
  const seen: unknown[] = [];
  const kept = keeper();
  const logging = createLogging({ handlers: [kept.handler], redact: ["password"] });
  const log = logging.getLogger("shop");
  log.addFilter(
    new FemtoCallbackFilter((record) => {
      seen.push(record.attributes["password"]);
      return {
        ...record,
        attributes: { ...record.attributes, password: "p!" },
      };
    }),
  );
  log.info("x", { password: "p" });
  expect(seen).toEqual(["p"]);
  expect((await kept.take()).map(({ attributes }) => attributes)).toEqual([{ password: MARK }]);
});

test("records that are kept back are redacted already", async () => {
  const { log, take } = collect({ redact: ["password"] });
  await withFingersCrossed({}, async () => {
    log.debug("kept", { password: "p" });
    log.error("out");
  });
  expect((await take()).map(({ body, attributes }) => [body, attributes])).toEqual([
    ["kept", { password: MARK }],
    ["out", {}],
  ]);
});

test("lines of pino are parsed and redacted; without a match they are as they were", async () => {
  const plain = collect();
  const redacted = collect({ redact: ["**.password"] });
  for (const { logging } of [plain, redacted]) {
    const logger = pino({ base: null }, pinoDestination({ logging, logger: "shop" }));
    logger.info({ id: 1, nested: { ok: [true] } }, "nothing");
    logger.child({ password: "S3CRET" }).warn({ user: { password: "S3CRET" }, err: new Error("e") }, "text");
  }
  const [before, after] = [await plain.take(), await redacted.take()];
  expect(after.map(({ body }) => body)).toEqual(["nothing", "text"]);
  expect(after[0]?.attributes).toEqual(before[0]?.attributes);
  expect(after[1]).toMatchObject({
    severityNumber: 13,
    attributes: { password: MARK, user: { password: MARK }, "exception.message": "e" },
  });
  expect(Object.keys(after[1]?.attributes ?? {}).toSorted()).toEqual(
    Object.keys(before[1]?.attributes ?? {}).toSorted(),
  );
});

test("a record that is too large with what stands in it now is counted as such", async () => {
  const kept = keeper();
  const logging = createLogging({
    handlers: [kept.handler],
    redact: { paths: ["**.a"], censor: "x".repeat(1_048_576) },
  });
  logging.getLogger().info("x", { list: Array.from({ length: 32 }, () => ({ a: 1 })) });
  logging.getLogger().info("small", { a: 1 });
  expect((await kept.take()).map(({ body }) => body)).toEqual(["small"]);
  expect(kept.handler.stats().dropped.too_large).toBe(1);
});

test("no byte of it reaches a file, also from providers with other processors", async () => {
  const path = join(await makeFolder(), "app.log");
  const handler = new FemtoFileHandler({ path });
  const exporter = new InMemoryLogRecordExporter();
  const provider = new FemtoLoggerProvider({
    processors: [handler, new SimpleLogRecordProcessor({ exporter })],
    redact: ["**.token"],
  });
  const logger = provider.getLogger("shop");
  logger.info("{token}", { token: "S3CRET", deep: [{ token: "S3CRET" }] });
  logger.emit({ body: { token: "S3CRET" } });
  await provider.forceFlush();
  const seen = exporter.getFinishedLogRecords().map(({ body, attributes }) => ({ body, attributes }));
  expect(seen).toMatchObject([{ body: MARK, attributes: { token: MARK } }, { body: { token: MARK } }]);
  await provider.shutdown();
  const text = await readFile(path, "utf8");
  expect(text.split("\n")).toHaveLength(3);
  expect(text).toContain(MARK);
  expect(text + JSON.stringify(seen)).not.toContain("S3CRET");
});

describe("bad input", () => {
  test.each([
    ["password", /"redact" is "password", must be a list of paths: .*; or \{ paths, censor, remove \}/],
    [["ok", "a..b"], /"redact\[1\]" is "a\.\.b", must be names with dots between them, as in "password"/],
    [{ paths: ["a"], censor: 1 }, /"redact\.censor" is 1, must be a text/],
    [{ path: ["a"] }, /"redact\.paths" is (?:undefined|missing), must be a list of paths/],
  ])(
    "createLogging(), FemtoLoggerProvider and basicConfig() refuse %j and say where and why",
    (value, text) => {
      const redact = value as never;
      expect(() => createLogging({ redact })).toThrow(text);
      expect(() => new FemtoLoggerProvider({ redact })).toThrow(text);
      expect(() => basicConfig({ redact })).toThrow(text);
      expect(() => basicConfig({ redact })).toThrow(ConfigError);
    },
  );

  test("hostile keys are only names", async () => {
    const trouble = collectTrouble();
    const attributes = JSON.parse('{"__proto__": {"password": 1}, "constructor": {"password": 2}}') as object;
    const redacted = (await attributesOf(["*.password"], attributes)) as object;
    expect(JSON.stringify(redacted)).toBe(
      `{"__proto__":{"password":"${MARK}"},"constructor":{"password":"${MARK}"}}`,
    );
    expect(trouble).toEqual([]);
  });
});
