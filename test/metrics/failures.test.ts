/** Why records do not arrive, as metrics and statistics say it. */
import { closeSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoOtlpHttpHandler,
  FemtoStreamHandler,
} from "../../src/index.ts";
import { Fifo } from "../contract/fifo.ts";
import { logNumbers } from "../contract/destination.ts";
import { endWithTest, makeFolder, troublesOfTest } from "../handlers/fixture.ts";
import {
  type Done,
  DURATION,
  expectBalance,
  EXPORTED,
  exporterOf,
  gatedHandler,
  metered,
  PROCESSED,
  receive,
  WAIT,
} from "./fixture.ts";

describe("the metrics of an OTLP handler", () => {
  test("count what the peer rejects, and what it refuses, by error.type; retries are one operation", async () => {
    troublesOfTest();
    const receiver = await receive(
      { partialSuccess: { rejected: 3, message: "too old" } },
      { status: 503 },
      { status: 200 },
      { status: 400 },
    );
    const { handler, log, collect } = metered(
      (own) =>
        new FemtoOtlpHttpHandler({
          ...own,
          url: receiver.url,
          maxConcurrentRequests: 1,
          maxExportBatchSize: 10,
        }),
    );
    logNumbers(log, { to: 30 });
    await handler.forceFlush();
    const collected = await collect();
    expect(collected.byError(EXPORTED)).toEqual({ "": 17, rejected: 3, 400: 10 });
    expect(collected.byError(PROCESSED)).toEqual({ "": 30 });
    expect(collected.byError(DURATION)).toEqual({ "": 1, rejected: 1, 400: 1 });
    expect(handler.stats().failures).toEqual({ rejected: 3, 400: 10 });
    expectBalance(collected, handler.stats());
  });

  test("give the status of a failed operation, the peer, and the time that it took in seconds", async () => {
    troublesOfTest();
    const receiver = await receive({ status: 400, delayMillis: 200 });
    const { handler, log, collect } = metered(
      (own) => new FemtoOtlpHttpHandler({ ...own, url: receiver.url, name: "gateway" }),
    );
    log.info("one");
    await handler.forceFlush();
    const [point] = (await collect()).points(DURATION);
    expect(point?.attributes).toEqual({
      "otel.component.type": "otlp_http_log_exporter",
      "otel.component.name": expect.stringMatching(/^otlp_http_log_exporter\/\d+$/),
      "femtologging.handler.name": "gateway",
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(receiver.url).port),
      "error.type": "400",
      "http.response.status_code": 400,
    });
    expect(point?.sum).toBeGreaterThanOrEqual(0.19);
    expect(point?.sum).toBeLessThan(20);
  });

  test("count what is given up because nobody listens by the code of the system", async () => {
    troublesOfTest();
    const receiver = await receive();
    const { url } = receiver;
    await receiver.stop();
    const { handler, log, collect } = metered(
      (own) => new FemtoOtlpHttpHandler({ ...own, url, retryTimeoutMillis: 500 }),
    );
    log.info("one");
    await handler.forceFlush();
    expect((await collect()).byError(EXPORTED)).toEqual({ "": 0, ECONNREFUSED: 1 });
    expect(handler.stats().failures).toEqual({ ECONNREFUSED: 1 });
  });
});

test("operations that come faster than they are fetched are all counted", async () => {
  class QuickExporter {
    export(_records: unknown, done: Done): void {
      done({ code: 0 });
    }

    async forceFlush(): Promise<void> {}

    async shutdown(): Promise<void> {}
  }
  const { handler, log, collect } = metered(
    (own) =>
      new FemtoBatchLogRecordProcessor({ ...own, exporter: new QuickExporter(), maxExportBatchSize: 1 }),
  );
  logNumbers(log, { to: 500 });
  await handler.forceFlush();
  const collected = await collect();
  expect(collected.sum(DURATION)).toBe(500);
  expect(collected.points(DURATION)[0]?.attributes["otel.component.type"]).toBe("QuickExporter");
  expect((await collect()).sum(DURATION)).toBe(500);
});

test("failures of an exporter object are counted by its codes and classes", async () => {
  troublesOfTest();
  const failures = [Object.assign(new Error("no"), { code: 503 }), new TypeError("no"), new Error("no")];
  const exporter = exporterOf((done) => done({ code: 1, error: failures.shift() as Error }));
  const { handler, log, collect } = metered(
    (own) => new FemtoBatchLogRecordProcessor({ ...own, exporter, maxExportBatchSize: 1 }),
  );
  logNumbers(log, { to: 3 });
  await handler.forceFlush();
  expect(handler.stats().failures).toEqual({ 503: 1, TypeError: 1, _OTHER: 1 });
  const points = (await collect()).points(EXPORTED);
  const types = points.map(({ attributes }) => attributes["otel.component.type"]);
  expect(new Set(types)).toEqual(new Set(["femtologging.instance_log_exporter"]));
});

test("an export that takes too long is counted as timeout", async () => {
  troublesOfTest();
  const { handler } = gatedHandler({ exportTimeoutMillis: 50, scheduledDelayMillis: 0 });
  createLogging({ handlers: [endWithTest(handler)] })
    .getLogger("metrics")
    .info("one");
  await vi.waitFor(() => expect(handler.stats().failures).toEqual({ timeout: 1 }), WAIT);
});

test("a pipe that nobody reads any more is counted by the code of the system", async () => {
  troublesOfTest();
  const fifo = new Fifo(join(makeFolder(), "fifo"));
  const descriptor = fifo.openForWriting();
  onTestFinished(() => closeSync(descriptor));
  fifo.close();
  const { handler, log, collect } = metered((own) => new FemtoStreamHandler({ ...own, stream: descriptor }));
  logNumbers(log, { to: 3 });
  await handler.forceFlush();
  expect(handler.stats().failures).toEqual({ EPIPE: 3 });
  const collected = await collect();
  expect(collected.byError(EXPORTED)).toEqual({ "": 0, EPIPE: 3 });
  expectBalance(collected, handler.stats());
});

test("a stream of the application that fails is counted by its code", async () => {
  troublesOfTest();
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("no"), { code: "EPROTO" })),
  });
  const handler = endWithTest(new FemtoStreamHandler({ stream }));
  createLogging({ handlers: [handler] })
    .getLogger("metrics")
    .info("one");
  await handler.forceFlush();
  expect(handler.stats().failures).toEqual({ EPROTO: 1 });
});
