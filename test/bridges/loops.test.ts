// Nothing that a record sets off is captured, or it would make another record for ever.
import { setTimeout as wait } from "node:timers/promises";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { BatchLogRecordProcessor, ConsoleLogRecordExporter } from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { captureConsole, captureWarnings } from "../../src/bridges/index.ts";
import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoLoggerProvider,
  setTroubleListener,
} from "../../src/index.ts";
import { collect } from "../logger/collect.ts";
import { runProgram, untilTestEnd } from "./captured.ts";

/** Several times what a loop needs for its next turn. */
const LOOP_MILLIS = 300;

describe("a record of the console sets off no other", () => {
  test("by a filter that prints", async () => {
    const { logging, take } = collect();
    untilTestEnd(captureConsole({ logging, forward: false }));
    logging.getLogger("console").addFilter(() => {
      console.log("the filter is asked");
      return true;
    });
    console.log("first");
    expect((await take()).map(({ body }) => body)).toEqual(["first"]);
  });

  test("by an exporter of the application that prints what it gets", async () => {
    const batches: number[] = [];
    const exporter = {
      export: (records: readonly unknown[], done: (result: { code: number }) => void) => {
        batches.push(records.length);
        console.log("exporting", records.length);
        // Later, too: what it starts is its own.
        setTimeout(() => {
          console.log("exported", records.length);
          done({ code: 0 });
        }, 1);
      },
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    const handler = new FemtoBatchLogRecordProcessor({ exporter });
    onTestFinished(() => handler.shutdown());
    const logging = createLogging({ handlers: [handler] });
    untilTestEnd(captureConsole({ logging, forward: false }));
    console.log("first");
    await handler.forceFlush();
    await wait(LOOP_MILLIS);
    expect(batches).toEqual([1]);
  });

  test("by the console exporter of OpenTelemetry behind a stock batch processor", async () => {
    const exporter = new ConsoleLogRecordExporter();
    const exported = vi.spyOn(exporter, "export");
    const provider = new FemtoLoggerProvider({
      processors: [new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 5 })],
    });
    onTestFinished(() => provider.shutdown());
    const logger = provider.getLogger("shop");
    const logging = {
      getLogger: () => Object.assign(logger, { isEnabledFor: () => true }),
      flush: () => provider.forceFlush(),
      flushSync: () => true,
    };
    untilTestEnd(captureConsole({ logging, forward: false }));
    console.log("first");
    await vi.waitFor(() => expect(exported).toHaveBeenCalled(), { timeout: 10_000 });
    await wait(LOOP_MILLIS);
    expect(exported).toHaveBeenCalledTimes(1);
  });

  test("by trouble of ours that is told to OpenTelemetry's diag, which prints to the console", async () => {
    setTroubleListener(undefined);
    const { logging, take } = collect();
    untilTestEnd(captureConsole({ logging, forward: false }));
    // Made after the capture, it prints by the methods that capture.
    const printer = {
      error: () => {},
      warn: (...values: unknown[]) => console.warn(...values),
      info: () => {},
      debug: () => {},
      verbose: () => {},
    };
    diag.setLogger(printer, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    onTestFinished(() => diag.disable());
    const exporter = {
      export: (_records: unknown, done: (result: { code: number; error: Error }) => void) =>
        done({ code: 1, error: new Error("refused") }),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    const failing = new FemtoBatchLogRecordProcessor({ exporter });
    onTestFinished(() => failing.shutdown());
    logging.root.addHandler(failing);
    console.log("first");
    await failing.forceFlush();
    await wait(LOOP_MILLIS);
    expect((await take()).map(({ body }) => body)).toEqual(["first"]);
  });

  test("by a stream handler on stdout, in a process whose OTLP collector is not there and whose diag prints to the console", async () => {
    const { code, stdout, stderr } = await runProgram("console-loop.ts");
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.includes("first"))).toHaveLength(2);
    // Why, or how many, by who comes first before the end.
    const trouble = /Cannot send|dropped/;
    expect(stderr).toMatch(trouble);
    expect(stdout).not.toMatch(trouble);
  });
});

test("a warning that a filter gives for a record of a warning makes no record, though it comes later", async () => {
  const { logging, take } = collect();
  untilTestEnd(captureWarnings({ logging, forward: false }));
  let askedCount = 0;
  logging.getLogger("process.warnings").addFilter(() => {
    askedCount++;
    process.emitWarning("the filter is old");
    return true;
  });
  process.emitWarning("first");
  await vi.waitFor(() => expect(askedCount).toBe(1), { timeout: 10_000 });
  await wait(LOOP_MILLIS);
  expect((await take()).map(({ body }) => body)).toEqual(["first"]);
});
