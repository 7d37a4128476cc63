import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type FemtoHandler,
  FemtoHttpHandler,
  FemtoOtlpHttpHandler,
  FemtoRotatingFileHandler,
  FemtoSocketHandler,
  FemtoStreamHandler,
  FemtoSysLogHandler,
  FemtoTimedRotatingFileHandler,
  setTroubleListener,
} from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { loggerOf, logNumbers, numbers, numbersInLines } from "../contract/destination.ts";
import { createExporter, makeGate, openGate } from "../contract/gated-exporter.ts";
import { backupsOf } from "./rotating-fixture.ts";

const LONG = { timeout: 20_000 };
const thread = "inline";

let workers: Worker[] = [];
process.on("worker", (worker) => workers.push(worker));

beforeAll(() => {
  setTroubleListener(() => {});
});

afterEach(() => {
  workers = [];
});

function makePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-inline-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "app.log");
}

/** One that nobody listens at. */
async function freePort(): Promise<number> {
  const receiver = await OtlpReceiver.start();
  await receiver.stop();
  return Number(new URL(receiver.url).port);
}

describe("thread 'inline' starts no thread", () => {
  const gate = makeGate();
  openGate(gate);
  const KINDS: Readonly<Record<string, (path: string, port: number) => FemtoHandler>> = {
    file: (path) => new FemtoFileHandler({ path, thread }),
    stream: () => new FemtoStreamHandler({ stream: "stderr", level: "CRITICAL", thread }),
    rotating: (path) =>
      new FemtoRotatingFileHandler({ path, thread, maxBytes: 9000, backupCount: 9, compress: "gzip" }),
    timed: (path) =>
      new FemtoTimedRotatingFileHandler({ path, thread, maxBytes: 9000, backupCount: 9, compress: "gzip" }),
    otlp: (_path, port) => new FemtoOtlpHttpHandler({ url: `http://127.0.0.1:${port}/v1/logs`, thread }),
    http: (_path, port) => new FemtoHttpHandler({ url: `http://127.0.0.1:${port}/logs`, thread }),
    syslog: (_path, port) => new FemtoSysLogHandler({ transport: "tcp", host: "127.0.0.1", port, thread }),
    socket: (_path, port) => new FemtoSocketHandler({ host: "127.0.0.1", port, thread }),
    exporter: (path) =>
      new FemtoBatchLogRecordProcessor({ exporter: createExporter({ gate, path }), thread }),
    module: (path) =>
      new FemtoBatchLogRecordProcessor({
        exporter: {
          module: new URL("../contract/gated-exporter.ts", import.meta.url),
          options: { gate, path },
        },
        thread,
      }),
  };

  test.each(Object.keys(KINDS))("%s", async (kind) => {
    const path = makePath();
    const handler = KINDS[kind]!(path, await freePort());
    logNumbers(loggerOf(handler), { to: 300 });
    await handler.forceFlush({ timeoutMillis: 500 }).catch(() => {});
    if (kind === "rotating" || kind === "timed")
      await vi.waitFor(() => expect(backupsOf(path).every((name) => name.endsWith(".gz"))).toBe(true), LONG);
    await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
    const { emitted, delivered, droppedTotal } = handler.stats();
    expect(delivered + droppedTotal).toBe(emitted);
    expect(workers).toEqual([]);
  });
});

test("thread 'inline': the record is in the file when the call returns", () => {
  const handler = new FemtoFileHandler({ path: makePath(), thread });
  onTestFinished(() => handler.shutdown());
  const logger = loggerOf(handler);
  for (let i = 0; i < 5; i++) {
    logNumbers(logger, { from: i, to: i + 1 });
    expect(numbersInLines(readFileSync(handler.path, "utf8"))).toEqual(numbers({ to: i + 1 }));
  }
});
