/** `flush`, `flushSync`, `shutdown`, `stats`, `await using`: of a system, and what handlers make of it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import { expect, onTestFinished, test } from "vitest";

import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  FemtoInMemoryExporter,
  FlushTimeoutError,
} from "../../src/index.ts";
import { collect, collectTrouble } from "./collect.ts";

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** An exporter that answers when it is told to. */
function slowExporter(): { readonly exporter: LogRecordExporter; readonly answer: () => void } {
  const answers: (() => void)[] = [];
  return {
    exporter: {
      export: (_records, callback) => void answers.push(() => callback({ code: 0 })),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    },
    answer: () => answers.splice(0).forEach((give) => give()),
  };
}

test("flush() resolves when all handlers have everything", async () => {
  const folder = await makeFolder();
  const file = new FemtoFileHandler({ path: join(folder, "app.log") });
  onTestFinished(() => file.shutdown());
  const exporter = new FemtoInMemoryExporter();
  const memory = new FemtoBatchLogRecordProcessor({ exporter });
  const logging = createLogging({ handlers: [file, memory] });
  for (let id = 0; id < 1000; id++) logging.root.info("{id}", { id });
  await logging.flush();
  expect(exporter.getFinishedLogRecords()).toHaveLength(1000);
  expect((await readFile(file.path, "utf8")).split("\n")).toHaveLength(1001);
  await logging.shutdown();
});

test("flush() without handlers, and of handlers without records, resolves", async () => {
  await createLogging().flush();
  await collect().logging.flush();
});

test("flush() rejects at its time, naming the handler and what is left; nothing is lost", async () => {
  const { exporter, answer } = slowExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter, name: "slow" });
  const logging = createLogging({ handlers: [handler] });
  logging.root.info("x");
  const failure: unknown = await logging.flush({ timeoutMillis: 30 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(FlushTimeoutError);
  expect(failure).toMatchObject({
    code: "ERR_FEMTO_FLUSH_TIMEOUT",
    remainders: [{ handler: "slow", recordCount: 1 }],
  });
  answer();
  await logging.flush();
  expect(handler.stats()).toMatchObject({ delivered: 1, queued: 0, droppedTotal: 0 });
  await logging.shutdown();
});

test("flush() of several slow handlers rejects with all of their errors", async () => {
  const slow = ["one", "two"].map((name) => ({ name, ...slowExporter() }));
  const handlers = slow.map(({ name, exporter }) => new FemtoBatchLogRecordProcessor({ exporter, name }));
  const logging = createLogging({ handlers });
  logging.root.info("x");
  const failure = (await logging
    .flush({ timeoutMillis: 30 })
    .catch((error: unknown) => error)) as AggregateError;
  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure.errors).toHaveLength(2);
  expect(failure.message).toMatch(
    /^Cannot flush 2 handlers: .*"one" has 1 record left.*"two" has 1 record left/,
  );
  for (const { answer } of slow) answer();
  await logging.shutdown();
});

test("flushSync() has written a file when it returns true", async () => {
  const folder = await makeFolder();
  const handler = new FemtoFileHandler({ path: join(folder, "app.log") });
  const logging = createLogging({ handlers: [handler] });
  for (let id = 0; id < 100; id++) logging.root.info("{id}", { id });
  expect(logging.flushSync(10_000)).toBe(true);
  expect(readFileSync(handler.path, "utf8").split("\n")).toHaveLength(101);
  await logging.shutdown();
});

test("flushSync() returns false where records need the event loop", async () => {
  const { logging, log, take } = collect();
  log.info("x");
  expect(logging.flushSync(20)).toBe(false);
  expect(await take()).toHaveLength(1);
});

test("shutdown() delivers what was logged, counts what comes later, and is done once", async () => {
  const exporter = new FemtoInMemoryExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter, name: "kept" });
  const logging = createLogging({ handlers: [handler] });
  logging.root.info("before");
  const first = logging.shutdown();
  logging.root.info("after");
  await Promise.all([first, logging.shutdown(), logging.flush()]);
  expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual(["before"]);
  expect(logging.stats()["kept"]).toMatchObject({
    emitted: 2,
    delivered: 1,
    dropped: { already_shutdown: 1 },
  });
});

test("shutdown() reaches handlers of all loggers, each once", async () => {
  let shutdownCount = 0;
  const exporter = new FemtoInMemoryExporter();
  const counting: LogRecordExporter = {
    export: (records, callback) => exporter.export(records, callback),
    forceFlush: () => Promise.resolve(),
    shutdown: async () => void shutdownCount++,
  };
  const handler = new FemtoBatchLogRecordProcessor({ exporter: counting });
  const logging = createLogging();
  logging.getLogger("a").addHandler(handler);
  logging.getLogger("b.c").addHandler(handler);
  logging.getLogger("b.c").info("x");
  await logging.shutdown();
  expect([shutdownCount, exporter.getFinishedLogRecords().length]).toEqual([1, 1]);
});

test("await using shuts a system down at the end of the block", async () => {
  const exporter = new FemtoInMemoryExporter();
  {
    await using logging = createLogging({ handlers: [new FemtoBatchLogRecordProcessor({ exporter })] });
    logging.root.info("x");
  }
  expect(exporter.getFinishedLogRecords()).toHaveLength(1);
});

test("stats() tells what has become of the records, by the names of the handlers", async () => {
  collectTrouble();
  const good = new FemtoBatchLogRecordProcessor({ exporter: new FemtoInMemoryExporter(), name: "good" });
  const failing: LogRecordExporter = {
    export: (_records, callback) => callback({ code: 1, error: new Error("refused") }),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const bad = new FemtoBatchLogRecordProcessor({ exporter: failing, name: "bad", level: "WARN" });
  const logging = createLogging({ handlers: [good, bad] });
  logging.root.info("x");
  logging.root.warn("y");
  await logging.flush();
  expect(logging.stats()).toMatchObject({
    good: { emitted: 2, delivered: 2, droppedTotal: 0 },
    bad: { emitted: 1, delivered: 0, dropped: { export_failed: 1 }, droppedTotal: 1 },
  });
  await logging.shutdown();
});

test("stats() tells handlers of one name apart", async () => {
  const handlers = [1, 2, 3].map(
    () => new FemtoBatchLogRecordProcessor({ exporter: new FemtoInMemoryExporter(), name: "same" }),
  );
  const logging = createLogging({ handlers });
  expect(Object.keys(logging.stats())).toEqual(["same", "same (2)", "same (3)"]);
  await logging.shutdown();
});
