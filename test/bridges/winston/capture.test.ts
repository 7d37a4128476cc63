/** captureWinston(): the records of loggers that know nothing of us. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { expect, onTestFinished, test, vi } from "vitest";
import winston from "winston";

import {
  captureWinston,
  femtoFormat,
  FemtoWinstonTransport,
  type WinstonCaptureOptions,
} from "../../../src/bridges/winston/index.ts";
import { collect, collectTrouble, type Collected } from "../../logger/collect.ts";
import { asTransport, SlowTransport } from "./bridged.ts";

const require = createRequire(import.meta.url);
const WINSTON_FOLDER = dirname(require.resolve("winston/package.json"));

function captured(options: Omit<WinstonCaptureOptions, "logging"> = {}): Collected {
  const collected = collect();
  const capture = captureWinston({ ...options, logging: collected.logging });
  onTestFinished(() => capture.release());
  return collected;
}

function openTransport(): SlowTransport {
  const transport = new SlowTransport();
  transport.open();
  return transport;
}

/** A copy of winston in a node_modules of its own, of any version. */
function copyWinston(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-winston-copy-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const path of Object.keys(require.cache)) if (path.startsWith(folder)) delete require.cache[path];
  });
  const copy = join(folder, "winston");
  cpSync(WINSTON_FOLDER, copy, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as object;
  writeFileSync(join(copy, "package.json"), JSON.stringify({ ...manifest, version }));
  symlinkSync(dirname(WINSTON_FOLDER), join(folder, "node_modules"));
  return copy;
}

test("takes what loggers from before and from afterwards log, and their children, in the formats' words", async () => {
  const format = winston.format.combine(winston.format.splat(), winston.format.json());
  const before = winston.createLogger({ transports: [asTransport(openTransport())], format });
  const { take } = captured();
  const after = winston.createLogger({ transports: [asTransport(openTransport())], format });
  before.info("before %d", 1, { a: 1 });
  after.child({ requestId: "r" }).error(new TypeError("boom"));
  winston.loggers.add("shop", { transports: [asTransport(openTransport())] }).warn("careful");
  const records = await take();
  expect(records.map(({ body, severityText }) => [body, severityText])).toEqual([
    ["before 1", "info"],
    ["boom", "error"],
    ["careful", "warn"],
  ]);
  expect(records[1]?.attributes).toMatchObject({ "exception.type": "TypeError", requestId: "r" });
});

test("changes nothing that an application sees of its loggers", async () => {
  const other = openTransport();
  const logger = winston.createLogger({ transports: [asTransport(other)] });
  const { take } = captured();
  logger.info("paid", { orderId: 7 });
  expect(logger.transports).toEqual([other]);
  expect(Object.keys(other.infos[0] as object)).toEqual(["orderId", "level", "message"]);
  logger.clear();
  logger.add(asTransport(openTransport()));
  logger.info("again");
  expect(await take()).toHaveLength(2);
});

test("goes by the level of the winston logger", async () => {
  const { take } = captured();
  const logger = winston.createLogger({ level: "warn", transports: [asTransport(openTransport())] });
  logger.info("no");
  logger.level = "silly";
  logger.silly("yes");
  logger.silent = true;
  logger.error("no");
  expect((await take()).map(({ body }) => body)).toEqual(["yes"]);
});

test("leaves a logger with a transport or a format of ours to that", async () => {
  const { logging, take } = captured();
  const withTransport = winston.createLogger({ transports: [new FemtoWinstonTransport({ logging })] });
  const withFormat = winston.createLogger({
    format: winston.format.combine(winston.format.splat(), femtoFormat({ logging })),
    transports: [asTransport(openTransport()), new FemtoWinstonTransport({ logging })],
  });
  const withFormatOnly = winston.createLogger({
    format: femtoFormat({ logging, level: "info" }),
    transports: [asTransport(openTransport())],
  });
  withTransport.info("one");
  withFormat.info("two");
  withFormatOnly.info("three");
  expect((await take()).map(({ body }) => body)).toEqual(["one", "two", "three"]);
});

test("takes all that a logger without transports logs, which holds none of it back", async () => {
  const { take } = captured();
  const logger = winston.createLogger({ silent: false });
  // winston says of each that there is no transport.
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => said.mockRestore());
  for (let i = 0; i < 100; i++) logger.info("record", { i });
  expect(logger.readableLength).toBe(0);
  expect(await take()).toHaveLength(100);
});

test("keeps the span of a call whose record comes late", async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => context.disable());
  const { take } = captured();
  const slow = new SlowTransport();
  const logger = winston.createLogger({ transports: [asTransport(slow)] });
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const spanIds = Array.from({ length: 50 }, (_, i) => (i + 1).toString(16).padStart(16, "0"));
  for (const spanId of spanIds) {
    const span = { traceId, spanId, traceFlags: 1 };
    context.with(trace.setSpanContext(context.active(), span), () => logger.info("record"));
  }
  slow.open();
  while (slow.infos.length < spanIds.length) await new Promise(setImmediate);
  expect((await take()).map(({ spanContext }) => spanContext?.spanId)).toEqual(spanIds);
});

test("end() of a captured logger finishes when its records are delivered", async () => {
  const { logging } = captured();
  const logger = winston.createLogger({ transports: [asTransport(openTransport())] });
  logger.info("paid");
  logger.end();
  await once(logger, "finish");
  expect(Object.values(logging.stats())[0]).toMatchObject({ emitted: 1, delivered: 1 });
});

test("reaches other copies, from before and from afterwards", async () => {
  const [before = "", afterwards = ""] = ["3.11.0", "3.99.0"].map(copyWinston);
  const early = require(before) as typeof winston;
  const { take } = captured();
  const late = require(afterwards) as typeof winston;
  for (const [index, copy] of [early, late].entries()) {
    copy.createLogger({ transports: [asTransport(openTransport())] }).info("record", { index });
  }
  expect((await take()).map(({ attributes }) => attributes["index"])).toEqual([0, 1]);
});

test("reaches copies that a process imports and requires, and loses nothing at its exit", async () => {
  const copies = ["3.11.0", "3.99.0"].map(copyWinston);
  const program = fileURLToPath(new URL("./programs/capture.ts", import.meta.url));
  const path = join(copies[0] ?? "", "app.log");
  const { stderr } = spawnSync(process.execPath, [program, path, ...copies], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
    encoding: "utf8",
    timeout: 25_000,
  });
  expect(stderr).toBe("");
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual([
    "imported before",
    "imported",
    "required",
  ]);
});

test("says of a version that it does not know what it is, and lets its logs go on", async () => {
  const trouble = collectTrouble();
  const { take } = captured();
  const unknown = require(copyWinston("4.0.0")) as typeof winston;
  const other = openTransport();
  unknown.createLogger({ transports: [asTransport(other)] }).info("paid");
  expect(other.infos).toHaveLength(1);
  expect(await take()).toEqual([]);
  expect(trouble.map(({ message }) => message)).toEqual([
    "Cannot vouch for the bridge to winston: it is winston 4.0.0, must be 3; its own transports go on as before; try winston 3, or a version of femtologging that knows this one",
  ]);
});

test("takes a module that is given, and says of one that is none", async () => {
  const trouble = collectTrouble();
  const { take } = captured({ modules: [winston, {}] });
  winston.createLogger({ transports: [asTransport(openTransport())] }).info("once");
  expect(await take()).toHaveLength(1);
  expect(trouble).toHaveLength(1);
});

test("capturing twice gives the first capture, and says so once", () => {
  const trouble = collectTrouble();
  const { logging } = collect();
  using capture = captureWinston({ logging });
  expect(captureWinston()).toBe(capture);
  expect(captureWinston({ logger: "other" })).toBe(capture);
  expect(trouble.map(({ message }) => message)).toEqual([
    expect.stringContaining("Cannot capture winston twice"),
  ]);
});

test("release() puts back exactly what was there", async () => {
  const methods = () => Object.getOwnPropertyNames(winston.Logger.prototype);
  const before = methods();
  const { logging, take } = collect();
  const capture = captureWinston({ logging });
  expect(methods()).not.toEqual(before);
  capture.release();
  capture.release();
  expect(methods()).toEqual(before);
  expect(logging.getLogger("winston").level).toBeUndefined();
  winston.createLogger({ transports: [asTransport(openTransport())] }).info("not captured");
  expect(await take()).toEqual([]);
});

test("release() leaves the patch of somebody else, passes everything on, and says so", async () => {
  const trouble = collectTrouble();
  const { logging, take } = collect();
  const capture = captureWinston({ logging });
  const prototype = winston.Logger.prototype as unknown as { write: (info: unknown) => boolean };
  const ours = prototype.write;
  let callCount = 0;
  prototype.write = function patched(info) {
    callCount++;
    return ours.call(this, info);
  };
  onTestFinished(() => {
    delete (prototype as { write?: unknown }).write;
  });
  capture.release();
  const other = openTransport();
  winston.createLogger({ transports: [asTransport(other)] }).info("still logged");
  expect([callCount, other.infos.length]).toEqual([1, 1]);
  expect(await take()).toEqual([]);
  expect(trouble.map(({ message }) => message)).toEqual([
    expect.stringContaining('somebody has replaced "write"'),
  ]);
});

test("what is logged while a record is being made is not captured: nothing goes round in circles", async () => {
  const { take, logging } = captured();
  const other = openTransport();
  const logger = winston.createLogger({ transports: [asTransport(other)] });
  logging.getLogger("winston").addFilter(() => {
    logger.info("from within");
    return true;
  });
  logger.info("from the application");
  logger.info("again");
  expect((await take()).map(({ body }) => body)).toEqual(["from the application", "again"]);
  expect(other.infos).toHaveLength(4);
});
