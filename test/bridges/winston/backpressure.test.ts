/** A slow transport beside ours: winston then hands records on long after the call. */
import { once } from "node:events";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import winston from "winston";

import { FemtoWinstonTransport } from "../../../src/bridges/winston/index.ts";
import { withContext } from "../../../src/index.ts";
import { collect } from "../../logger/collect.ts";
import { asTransport, bridge, SlowTransport } from "./bridged.ts";

const COUNT = 100;
const traceId = "0af7651916cd43dd8448eb211c80319c";

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

function spanIdOf(index: number): string {
  return (index + 1).toString(16).padStart(16, "0");
}

function inSpan(index: number, work: () => void): void {
  const span = { traceId, spanId: spanIdOf(index), traceFlags: 1 };
  context.with(trace.setSpanContext(context.active(), span), work);
}

test("records that come late have the span, the scoped attributes and the time of their call", async () => {
  const slow = new SlowTransport();
  const { format } = winston;
  const { logger, take } = bridge({
    transports: [asTransport(slow)],
    format: format.combine(format.timestamp(), format.errors({ stack: true }), format.json()),
  });
  for (let i = 0; i < COUNT; i++) {
    inSpan(i, () => {
      withContext({ tenant: i }, () => logger.info("record", { i }));
    });
  }
  const loggedAt = Date.now();
  expect(slow.infos).toHaveLength(1);
  while (Date.now() < loggedAt + 20) await new Promise(setImmediate);
  const drained = once(slow, "drain");
  slow.open();
  await drained;
  while (slow.infos.length < COUNT) await new Promise(setImmediate);
  const records = await take();
  expect(records.map((record) => record.spanContext?.spanId)).toEqual(
    Array.from({ length: COUNT }, (_, index) => spanIdOf(index)),
  );
  expect(records.map(({ attributes }) => ({ ...attributes }))).toEqual(
    Array.from({ length: COUNT }, (_, i) => ({ i, tenant: i })),
  );
  for (const { hrTime } of records) expect(hrTime[0] * 1000 + hrTime[1] / 1e6).toBeLessThan(loggedAt + 1);
});

test("our transport never asks winston to wait", async () => {
  const { transport, logger, take } = bridge();
  for (let i = 0; i < 10_000; i++) logger.info("record", { i });
  expect([transport.writableLength, logger.writableLength, logger.readableLength]).toEqual([0, 0, 0]);
  expect(await take()).toHaveLength(10_000);
});

test("end() of the logger delivers what waits behind a slow transport, then finishes", async () => {
  const slow = new SlowTransport();
  const { logger, take } = bridge({ transports: [asTransport(slow)] });
  for (let i = 0; i < 10; i++) logger.info("record", { i });
  logger.end();
  slow.open();
  await once(logger, "finish");
  expect(await take()).toHaveLength(10);
});

test("a transport of several loggers has the records of each, by its own note", async () => {
  const { logging, take } = collect();
  const transport = new FemtoWinstonTransport({ logging });
  const loggers = Array.from({ length: 20 }, () => winston.createLogger({ transports: [transport] }));
  for (const [index, logger] of loggers.entries()) logger.info("record", { index });
  loggers[0]?.close();
  loggers[1]?.info("still there");
  const records = await take();
  expect(records).toHaveLength(21);
  expect(records.at(-1)?.body).toBe("still there");
});

test("a transport that is taken out leaves the logger as it was", () => {
  const { logger, transport } = bridge();
  expect(Object.hasOwn(logger, "write")).toBe(true);
  logger.remove(transport);
  expect(Object.hasOwn(logger, "write")).toBe(false);
});
