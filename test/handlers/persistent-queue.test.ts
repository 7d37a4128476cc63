import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  FemtoOtlpGrpcHandler,
  FemtoOtlpHttpHandler,
  FlushTimeoutError,
  type OtlpHttpHandlerOptions,
} from "../../src/index.ts";
import { OtlpReceiver, type ReceiverAnswer } from "../../src/receiver/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { changeFile, segmentsIn, withFlippedByte } from "../exporters/persistent/folder.ts";
import { localhostCertificate, localhostKey } from "../exporters/otlp-http/localhost-certificate.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

const LONG = { timeout: 60_000, interval: 10 };
/** Longer than the pauses between attempts, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 90_000 });

const AWAY: ReceiverAnswer = { destroy: true, times: Number.POSITIVE_INFINITY };
const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0;

const workers: Worker[] = [];

beforeAll(() => {
  process.on("worker", (worker) => workers.push(worker));
});

type Options = Partial<OtlpHttpHandlerOptions>;

function open(url: string, directory: string, options: Options = {}): FemtoOtlpHttpHandler {
  const persistentQueue = { directory };
  return endWithTest(new FemtoOtlpHttpHandler({ url, persistentQueue, ...options }));
}

async function startReceiver(answer?: ReceiverAnswer): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  if (answer !== undefined) receiver.respond(answer);
  return receiver;
}

function numbersAt(receiver: OtlpReceiver): number[] {
  return receiver.records.map(({ attributes }) => Number(attributes.get("i")));
}

/** Records that went in are the records that came out, are lost, or are there. */
function expectBalance(handler: FemtoOtlpHttpHandler): void {
  const { emitted, delivered, filtered, queued, spooled, droppedTotal } = handler.stats();
  expect(delivered + filtered + queued + spooled + droppedTotal).toBe(emitted);
}

async function untilSent(handler: FemtoOtlpHttpHandler): Promise<void> {
  await vi.waitFor(() => expect(handler.stats()).toMatchObject({ queued: 0, spooled: 0 }), LONG);
  expectBalance(handler);
}

/** A directory with records that a handler has left in its queue. */
async function leave(to: number, options: Options = {}): Promise<string> {
  const directory = makeFolder();
  const receiver = await startReceiver(AWAY);
  const handler = open(receiver.url, directory, options);
  logNumbers(loggerOf(handler), { to });
  await handler.shutdown();
  expect(handler.stats()).toMatchObject({ emitted: to, spooled: to, queued: 0, droppedTotal: 0 });
  return directory;
}

describe("a persistent queue, with a peer that answers", () => {
  test.each([
    { thread: "own" },
    { thread: "inline" },
    { protocol: "http/json" },
    { compression: "gzip" },
    { maxExportBatchSize: 10 },
  ] as const)("a flush waits for the peer, and nothing is left on the disk: %o", async (options) => {
    const receiver = await startReceiver();
    const directory = makeFolder();
    const handler = open(receiver.url, directory, options);
    logNumbers(loggerOf(handler), { to: 1000 });
    await handler.forceFlush();
    // On a busy machine a peer is slow, and then the disk is enough.
    expect(handler.stats()).toMatchObject({ emitted: 1000, queued: 0, droppedTotal: 0, recovered: 0 });
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 1000 }));
    await handler.shutdown();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("with fsync", async () => {
    const receiver = await startReceiver();
    const directory = makeFolder();
    const handler = open(receiver.url, directory, {
      persistentQueue: { directory, fsync: "batch" },
      maxExportBatchSize: 100,
    });
    logNumbers(loggerOf(handler), { to: 2000 });
    await handler.forceFlush();
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 2000 }));
  });

  test("what the peer refuses in part, and for good, is counted and told; the rest arrives", async () => {
    const troubles = troublesOfTest();
    const receiver = await startReceiver({ partialSuccess: { rejected: 3, message: "too old" } });
    receiver.respond({ status: 400 });
    const handler = open(receiver.url, makeFolder(), { maxExportBatchSize: 10 });
    const logger = loggerOf(handler);
    for (let to = 10; to <= 30; to += 10) {
      logNumbers(logger, { from: to - 10, to });
      await handler.forceFlush();
      await untilSent(handler);
    }
    expect(handler.stats()).toMatchObject({ delivered: 17, spooled: 0, droppedTotal: 13 });
    expect(handler.stats().dropped).toMatchObject({ rejected: 3, export_failed: 10 });
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("too old"));
  });

  test("of several batches that went as one request and were refused, each goes alone", async () => {
    troublesOfTest();
    const receiver = await startReceiver({ delayMillis: 300 });
    receiver.respond({ status: 400, times: 2 });
    const handler = open(receiver.url, makeFolder(), { maxExportBatchSize: 10 });
    logNumbers(loggerOf(handler), { to: 50 });
    await handler.forceFlush();
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual([...numbers({ to: 10 }), ...numbers({ from: 20, to: 50 })]);
    expect(handler.stats()).toMatchObject({ delivered: 40, droppedTotal: 10 });
  });
});

describe("a persistent queue, with a peer that is away", () => {
  test.each([AWAY, { hang: true, times: Number.POSITIVE_INFINITY }, { status: 503, times: 1000 }])(
    "a flush is done when the records are on the disk: %o",
    async (answer) => {
      troublesOfTest();
      const receiver = await startReceiver(answer);
      const handler = open(receiver.url, makeFolder());
      logNumbers(loggerOf(handler), { to: 1000 });
      await handler.forceFlush();
      expect(handler.stats()).toMatchObject({ delivered: 0, queued: 0, spooled: 1000, droppedTotal: 0 });
    },
  );

  test.each(["never", "batch"] as const)(
    "when it is back all arrive, in order, joined to few requests (fsync: %s)",
    async (fsync) => {
      troublesOfTest();
      const receiver = await startReceiver(AWAY);
      const directory = makeFolder();
      const persistentQueue = { directory, fsync };
      const handler = open(receiver.url, directory, { persistentQueue, maxExportBatchSize: 10 });
      const logger = loggerOf(handler);
      logNumbers(logger, { to: 3000 });
      await handler.forceFlush();
      const { requests } = receiver.counts;
      receiver.resetAnswers();
      logNumbers(logger, { from: 3000, to: 3100 });
      await untilSent(handler);
      expect(numbersAt(receiver)).toEqual(numbers({ to: 3100 }));
      expect(receiver.counts.requests - requests).toBeLessThan(30);
    },
  );

  test("JSON is not joined: a request a batch", async () => {
    troublesOfTest();
    const receiver = await startReceiver(AWAY);
    const handler = open(receiver.url, makeFolder(), { protocol: "http/json", maxExportBatchSize: 10 });
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    receiver.resetAnswers();
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 100 }));
  });

  test("the next process has them first, and counts them as recovered", async () => {
    troublesOfTest();
    const directory = await leave(1000);
    const receiver = await startReceiver();
    const handler = open(receiver.url, directory);
    logNumbers(loggerOf(handler), { from: 1000, to: 1500 });
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 1500 }));
    expect(handler.stats()).toMatchObject({ emitted: 1500, recovered: 1000, delivered: 1500 });
    await handler.shutdown();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("what one transport has left, the other sends: gRPC after HTTP", async () => {
    troublesOfTest();
    const directory = await leave(1000);
    const receiver = await OtlpReceiver.start({ grpcPort: 0 });
    onTestFinished(() => receiver.stop());
    const persistentQueue = { directory };
    const handler = endWithTest(new FemtoOtlpGrpcHandler({ url: receiver.grpcUrl, persistentQueue }));
    logNumbers(loggerOf(handler), { from: 1000, to: 1500 });
    await vi.waitFor(() => expect(handler.stats()).toMatchObject({ queued: 0, spooled: 0 }), LONG);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 1500 }));
    expect(handler.stats()).toMatchObject({ emitted: 1500, recovered: 1000, delivered: 1500 });
    await handler.shutdown();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("a certificate that is refused loses nothing", async () => {
    const troubles = troublesOfTest();
    const receiver = await OtlpReceiver.start({ tls: { cert: localhostCertificate, key: localhostKey } });
    onTestFinished(() => receiver.stop());
    const handler = open(receiver.url, makeFolder());
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ spooled: 100, droppedTotal: 0 });
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("certificate"));
  });

  test("what was encoded as protobuf is not sent as JSON", async () => {
    troublesOfTest();
    const directory = await leave(100);
    const receiver = await startReceiver();
    const json = open(receiver.url, directory, { protocol: "http/json" });
    logNumbers(loggerOf(json), { from: 100, to: 101 });
    await untilSent(json);
    expect(numbersAt(receiver)).toEqual([100]);
    await json.shutdown();
    await untilSent(open(receiver.url, directory));
    await receiver.waitFor(101);
  });
});

describe("a persistent queue, and threads", () => {
  test("two handlers with one directory keep out of each other's way", async () => {
    troublesOfTest();
    const directory = makeFolder();
    const [left, right] = [await startReceiver(AWAY), await startReceiver(AWAY)];
    const handlers = [open(left.url, directory), open(right.url, directory)];
    for (const handler of handlers) {
      logNumbers(loggerOf(handler), { to: 500 });
      await handler.forceFlush();
    }
    left.resetAnswers();
    right.resetAnswers();
    await Promise.all(handlers.map(untilSent));
    expect([numbersAt(left), numbersAt(right)]).toEqual([numbers({ to: 500 }), numbers({ to: 500 })]);
  });

  test("the successor of a thread that died sends what that one had on the disk, and the counters are right", async () => {
    troublesOfTest();
    const receiver = await startReceiver(AWAY);
    const handler = open(receiver.url, makeFolder());
    const worker = workers.at(-1);
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 500 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ spooled: 500 });
    await worker?.terminate();
    receiver.resetAnswers();
    logNumbers(logger, { from: 500, to: 600 });
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 600 }));
    expect(handler.stats()).toMatchObject({ emitted: 600, delivered: 600, recovered: 0 });
  });
});

describe("a persistent queue without room", () => {
  test("beyond maxBytes records wait in memory, and arrive in order when the peer is back", async () => {
    troublesOfTest();
    const receiver = await startReceiver(AWAY);
    const directory = makeFolder();
    const handler = open(receiver.url, directory, {
      persistentQueue: { directory, maxBytes: 1_048_576 },
      maxExportBatchSize: 1000,
    });
    logNumbers(loggerOf(handler), { to: 30_000 });
    await vi.waitFor(() => expect(handler.stats().spooled).toBeGreaterThan(10_000), LONG);
    await expect(handler.forceFlush({ timeoutMillis: 500 })).rejects.toThrow(FlushTimeoutError);
    expect(handler.stats().queued).toBeGreaterThan(0);
    receiver.resetAnswers();
    await untilSent(handler);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 30_000 }));
  });

  test("for longer than retryTimeoutMillis it is counted as spool_full; what was safe before still is", async () => {
    troublesOfTest();
    const receiver = await startReceiver(AWAY);
    const directory = makeFolder();
    const handler = open(receiver.url, directory, {
      persistentQueue: { directory, maxBytes: 1_048_576 },
      maxExportBatchSize: 1000,
      retryTimeoutMillis: 100,
    });
    logNumbers(loggerOf(handler), { to: 25_000 });
    await handler.forceFlush();
    const { spooled, dropped } = handler.stats();
    expect(dropped.spool_full).toBe(25_000 - spooled);
    expect(spooled).toBeGreaterThan(10_000);
    expectBalance(handler);
    receiver.resetAnswers();
    await untilSent(handler);
    expect(numbersAt(receiver).slice(0, spooled)).toEqual(numbers({ to: spooled }));
  });

  function mountSmallDisk(): string {
    const folder = makeFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
    onTestFinished(() => {
      execFileSync("umount", ["-l", folder]);
    });
    return folder;
  }

  test.skipIf(!CAN_MOUNT)(
    "a full disk loses nothing while the peer answers: records go past it",
    async () => {
      const troubles = troublesOfTest();
      const directory = mountSmallDisk();
      const receiver = await startReceiver();
      const handler = open(receiver.url, directory);
      writeFileSync(join(directory, "filler"), Buffer.alloc(262_144), { flush: false });
      logNumbers(loggerOf(handler), { to: 1000 });
      await handler.forceFlush();
      expect(numbersAt(receiver)).toEqual(numbers({ to: 1000 }));
      expect(handler.stats()).toMatchObject({ delivered: 1000, droppedTotal: 0 });
      await vi.waitFor(() => expect(troubles.join("\n")).toContain("ENOSPC"), LONG);
    },
  );

  test.skipIf(!CAN_MOUNT)(
    "a disk that is full half-way keeps what it has, and takes more when it can",
    async () => {
      troublesOfTest();
      const directory = mountSmallDisk();
      const receiver = await startReceiver(AWAY);
      const handler = open(receiver.url, directory, { maxExportBatchSize: 200 });
      const filler = join(directory, "filler");
      writeFileSync(filler, Buffer.alloc(100_000));
      logNumbers(loggerOf(handler), { to: 4000 });
      await vi.waitFor(() => expect(handler.stats().spooled).toBeGreaterThan(0), LONG);
      await expect(handler.forceFlush({ timeoutMillis: 500 })).rejects.toThrow(FlushTimeoutError);
      const { spooled, queued } = handler.stats();
      expect(queued).toBeGreaterThan(0);
      rmSync(filler);
      await vi.waitFor(() => expect(handler.stats().spooled).toBeGreaterThan(spooled), LONG);
      receiver.resetAnswers();
      await untilSent(handler);
      expect(numbersAt(receiver)).toEqual(numbers({ to: 4000 }));
    },
  );
});

test("a damaged batch that a process left is counted, and the rest is sent", async () => {
  const troubles = troublesOfTest();
  const directory = await leave(300, { maxExportBatchSize: 100 });
  const [path = ""] = segmentsIn(directory);
  changeFile(path, (bytes) => withFlippedByte(bytes, 100));
  const receiver = await startReceiver();
  const handler = open(receiver.url, directory);
  await receiver.waitFor(200);
  await untilSent(handler);
  expect(numbersAt(receiver)).toEqual(numbers({ from: 100, to: 300 }));
  expect(handler.stats()).toMatchObject({ emitted: 300, recovered: 300, delivered: 200, droppedTotal: 100 });
  await vi.waitFor(() => expect(troubles.join("\n")).toContain("A batch of 100 records"), LONG);
});

describe("persistentQueue: options", () => {
  test.each([
    [true, '"persistentQueue.directory" is missing, must be'],
    [{}, '"persistentQueue.directory" is missing, must be'],
    [{ directory: "/tmp", maxBytes: 1000 }, '"persistentQueue.maxBytes" is 1000, must be at least 1048576'],
    [{ directory: "/tmp", fsync: "always" }, '"persistentQueue.fsync" is "always", must be one of'],
    [{ directory: "/proc/nowhere" }, '"persistentQueue.directory" is "/proc/nowhere", must be a directory'],
  ])("%o", (persistentQueue, expected) => {
    const options = { name: "audit", persistentQueue } as OtlpHttpHandlerOptions;
    const text = configErrorOf(() => new FemtoOtlpHttpHandler(options));
    expect(text).toContain('Cannot start handler "audit"');
    expect(text).toContain(expected);
  });

  test("the directory is made at once, for nobody else, and stays empty until there is a record", async () => {
    const directory = join(makeFolder(), "a", "b");
    const handler = open("http://127.0.0.1:1/v1/logs", directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    await handler.forceFlush();
    expect(readdirSync(directory)).toEqual([]);
  });
});
