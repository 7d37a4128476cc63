import { pathToFileURL } from "node:url";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { describe, expect, test, vi } from "vitest";
import {
  type BatchLogRecordProcessorOptions,
  FemtoBatchLogRecordProcessor,
  FemtoInMemoryExporter,
  FlushTimeoutError,
} from "../../src/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { configErrorOf, endWithTest, troublesOfTest } from "./fixture.ts";

type OnResult = Parameters<LogRecordExporter["export"]>[1];
type Export = (records: readonly ReadableLogRecord[], onResult: OnResult) => void;

const SUCCESS = { code: 0 };

/** An exporter whose parts a test chooses. */
function exporterWith(parts: {
  readonly export: Export;
  readonly forceFlush?: () => Promise<void>;
  readonly shutdown?: () => Promise<void>;
}): LogRecordExporter {
  const done = (): Promise<void> => Promise.resolve();
  return { forceFlush: parts.forceFlush ?? done, shutdown: parts.shutdown ?? done, export: parts.export };
}

function open(
  exporter: LogRecordExporter,
  options: Partial<BatchLogRecordProcessorOptions> = {},
): FemtoBatchLogRecordProcessor {
  return endWithTest(new FemtoBatchLogRecordProcessor({ ...options, exporter }));
}

/** A module that exports this text. */
function moduleOf(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

describe("FemtoBatchLogRecordProcessor: an exporter object", () => {
  test("is never called while an earlier call has no answer", async () => {
    let active = 0;
    let peak = 0;
    const sizes: number[] = [];
    const exporter = exporterWith({
      export: (records, onResult) => {
        sizes.push(records.length);
        peak = Math.max(peak, ++active);
        setTimeout(() => {
          active--;
          onResult(SUCCESS);
        }, 5);
      },
    });
    const handler = open(exporter, { maxExportBatchSize: 100, scheduledDelayMillis: 1 });
    const logger = loggerOf(handler);
    for (let burst = 0; burst < 10; burst++) {
      logNumbers(logger, { to: 150 });
      void handler.forceFlush();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await handler.forceFlush();
    expect(peak).toBe(1);
    expect(Math.max(...sizes)).toBe(100);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1500);
  });

  test("a batch goes out when it is full, and when its delay is over", async () => {
    const sizes: number[] = [];
    const exporter = exporterWith({
      export: (records, onResult) => {
        sizes.push(records.length);
        onResult(SUCCESS);
      },
    });
    const handler = open(exporter, { maxExportBatchSize: 10, scheduledDelayMillis: 100 });
    logNumbers(loggerOf(handler), { to: 25 });
    await vi.waitFor(() => expect(sizes).toEqual([10, 10]), { timeout: 90, interval: 1 });
    await vi.waitFor(() => expect(sizes).toEqual([10, 10, 5]));
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no way");
      },
      "no way",
    ],
    [
      "rejects",
      async () => {
        throw new Error("no way");
      },
      "no way",
    ],
    [
      "answers with an error",
      (_records, onResult) => onResult({ code: 1, error: new Error("no way") }),
      "no way",
    ],
    ["answers with nothing", (_records, onResult) => onResult(undefined as never), "the exporter says so"],
  ] satisfies readonly (readonly [string, Export, string])[])(
    "that %s costs its batch, is told, and hurts nobody",
    async (_name, exportBatch, why) => {
      const troubles = troublesOfTest();
      const handler = open(exporterWith({ export: exportBatch }));
      logNumbers(loggerOf(handler), { to: 3 });
      await handler.forceFlush();
      expect(handler.stats()).toMatchObject({ emitted: 3, delivered: 0, queued: 0 });
      expect(handler.stats().dropped.export_failed).toBe(3);
      expect(troubles).toContain(`Cannot export 3 records: ${why}; counted as export_failed`);
    },
  );

  test("that answers twice is heard the first time", async () => {
    const troubles = troublesOfTest();
    const exporter = exporterWith({
      export: (_records, onResult) => {
        onResult(SUCCESS);
        onResult({ code: 1, error: new Error("after all") });
        onResult(SUCCESS);
      },
    });
    const handler = open(exporter, { maxExportBatchSize: 10 });
    logNumbers(loggerOf(handler), { to: 30 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ emitted: 30, delivered: 30, droppedTotal: 0, batches: 3 });
    expect(troubles).toEqual([]);
  });

  test("that never answers costs one batch after exportTimeoutMillis; what comes after waits, and a flush says so", async () => {
    const troubles = troublesOfTest();
    let answer: OnResult | undefined;
    const exporter = exporterWith({
      export: (_records, onResult) => {
        if (answer === undefined) answer = onResult;
        else onResult(SUCCESS);
      },
    });
    const handler = open(exporter, { name: "silent", maxExportBatchSize: 10, exportTimeoutMillis: 50 });
    logNumbers(loggerOf(handler), { to: 25 });
    await expect(handler.forceFlush({ timeoutMillis: 400 })).rejects.toMatchObject({
      remainders: [{ handler: "silent", recordCount: 15 }],
    });
    expect(handler.stats().dropped.export_failed).toBe(10);
    expect(troubles).toContain(
      'Cannot export 10 records: no answer within 50 ms ("exportTimeoutMillis"); counted as export_failed',
    );
    answer?.(SUCCESS);
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ emitted: 25, delivered: 15, queued: 0 });
  });

  test("exportTimeoutMillis 0 waits", async () => {
    const exporter = exporterWith({
      export: (_records, onResult) => void setTimeout(() => onResult(SUCCESS), 100),
    });
    const handler = open(exporter, { exportTimeoutMillis: 0 });
    logNumbers(loggerOf(handler), { to: 1 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test("is flushed with the handler, after the records; what it rejects with is the flush's error", async () => {
    const calls: string[] = [];
    const exporter = exporterWith({
      export: (_records, onResult) => {
        calls.push("export");
        onResult(SUCCESS);
      },
      forceFlush: () => {
        calls.push("flush");
        return calls.length === 2 ? Promise.resolve() : Promise.reject(new Error("cannot flush"));
      },
    });
    const handler = open(exporter);
    logNumbers(loggerOf(handler), { to: 1 });
    await handler.forceFlush();
    expect(calls).toEqual(["export", "flush"]);
    await expect(handler.forceFlush()).rejects.toThrow("cannot flush");
  });

  test("whose flush never ends is waited for as long as the flush may take", async () => {
    const handler = open(
      exporterWith({
        export: (_records, onResult) => onResult(SUCCESS),
        forceFlush: () => new Promise(() => {}),
      }),
    );
    logNumbers(loggerOf(handler), { to: 1 });
    await expect(handler.forceFlush({ timeoutMillis: 100 })).rejects.toThrow(FlushTimeoutError);
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("cannot stop"))],
    [
      "throws",
      () => {
        throw new Error("cannot stop");
      },
    ],
  ] satisfies readonly (readonly [string, () => Promise<void>])[])(
    "whose shutdown %s: the handler is shut down, and that is told",
    async (_name, shutdown) => {
      const troubles = troublesOfTest();
      const handler = open(exporterWith({ export: (_records, onResult) => onResult(SUCCESS), shutdown }));
      logNumbers(loggerOf(handler), { to: 1 });
      await handler.shutdown();
      expect(handler.stats()).toMatchObject({ delivered: 1, droppedTotal: 0 });
      expect(troubles).toEqual(["Cannot shut an exporter down: cannot stop"]);
    },
  );

  test("is shut down once, after the last export, also when it never answered", async () => {
    troublesOfTest();
    const shutdown = vi.fn<() => Promise<void>>(() => Promise.resolve());
    const handler = open(exporterWith({ export: () => {}, shutdown }));
    logNumbers(loggerOf(handler), { to: 5 });
    await expect(handler.shutdown({ timeoutMillis: 100 })).rejects.toThrow(FlushTimeoutError);
    await vi.waitFor(() => expect(shutdown).toHaveBeenCalledTimes(1));
    expect(handler.stats().dropped.exit_deadline).toBe(5);
  });

  test("logs itself: its records wait for the next batch, and do not recurse", async () => {
    const exported: number[] = [];
    const exporter = exporterWith({
      export: (records, onResult) => {
        exported.push(records.length);
        if (exported.length === 1) logNumbers(logger, { to: 2 });
        onResult(SUCCESS);
      },
    });
    const handler = open(exporter);
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 1 });
    await handler.forceFlush();
    await handler.forceFlush();
    expect(exported).toEqual([1, 2]);
  });
});

describe("FemtoBatchLogRecordProcessor: an exporter module", () => {
  const counting = `
    import { appendFileSync } from "node:fs";
    class Counting {
      constructor(options) { this.path = options.path; }
      export(records, onResult) { appendFileSync(this.path, "x".repeat(records.length)); onResult({ code: 0 }); }
      forceFlush() { return Promise.resolve(); }
      shutdown() { return Promise.resolve(); }
    }`;

  test.each([
    ["a default class", `${counting} export default Counting;`],
    ["a default function", `${counting} export default (options) => new Counting(options);`],
    [
      "an async createExporter",
      `${counting} export const createExporter = async (options) => new Counting(options);`,
    ],
  ])("with %s gets the options and the records", async (_name, text) => {
    const handler = endWithTest(
      new FemtoBatchLogRecordProcessor({
        exporter: { module: moduleOf(text), options: { path: "/dev/null" } },
      }),
    );
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 10, droppedTotal: 0 });
  });

  test.each([
    ["cannot be found", "file:///nowhere/exporter.js", "nowhere"],
    [
      "exports nothing of the kind",
      moduleOf("export const other = 1;"),
      'it exports neither "createExporter" nor a default',
    ],
    [
      "throws when it is made",
      moduleOf('export default () => { throw new Error("bad options"); }'),
      "bad options",
    ],
  ])("that %s: the records wait, and that is told", async (_name, module, expected) => {
    const troubles = troublesOfTest();
    const handler = endWithTest(new FemtoBatchLogRecordProcessor({ exporter: { module } }));
    logNumbers(loggerOf(handler), { to: 10 });
    await vi.waitFor(() => expect(troubles.at(-1)).toContain("served by nobody"), 15_000);
    expect(troubles.join("\n")).toContain(expected);
    await expect(handler.forceFlush({ timeoutMillis: 50 })).rejects.toThrow("10 records left");
    await expect(handler.shutdown({ timeoutMillis: 100 })).rejects.toThrow(FlushTimeoutError);
    expect(handler.stats().dropped.exit_deadline).toBe(10);
  });
});

describe("FemtoBatchLogRecordProcessor: wrong options", () => {
  test.each([
    ["no exporter", undefined, "missing"],
    ["null", null, "null"],
    ["an exporter without shutdown()", { export: () => {}, forceFlush: () => {} }, "an object"],
    ["a class", FemtoInMemoryExporter, "a function"],
  ])("%s", (_name, exporter, described) => {
    const text = configErrorOf(
      () => new FemtoBatchLogRecordProcessor({ exporter } as unknown as BatchLogRecordProcessorOptions),
    );
    expect(text).toBe(
      `Cannot start handler "batch": "exporter" is ${described}, must be an object with export(), forceFlush() and shutdown(), or { module, options }`,
    );
  });

  test("a relative module", () => {
    const text = configErrorOf(
      () => new FemtoBatchLogRecordProcessor({ exporter: { module: "./exporter.js" } }),
    );
    expect(text).toContain(
      '"exporter" is "./exporter.js", must be an absolute path or a file: URL of the exporter\'s module',
    );
  });

  test("an absolute path, and a URL object, are taken as they are", () => {
    for (const module of ["/nowhere/ex porter.js", pathToFileURL("/nowhere/exporter.js")]) {
      troublesOfTest();
      endWithTest(new FemtoBatchLogRecordProcessor({ exporter: { module } }));
    }
  });

  test("no options at all", () => {
    const make = (): unknown =>
      new FemtoBatchLogRecordProcessor(undefined as unknown as BatchLogRecordProcessorOptions);
    expect(configErrorOf(make)).toContain('Cannot start handler "batch"');
  });

  test("an option that there is not", () => {
    const options = { exporter: new FemtoInMemoryExporter(), maxQueSize: 1 };
    expect(configErrorOf(() => new FemtoBatchLogRecordProcessor(options))).toContain(
      'did you mean "maxQueueSize"?',
    );
  });
});
