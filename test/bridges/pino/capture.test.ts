import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";

import {
  capturePino,
  pinoDestination,
  type Capture,
  type PinoBridgeOptions,
} from "../../../src/bridges/pino/index.ts";
import { ConfigError, FemtoCallbackFilter } from "../../../src/index.ts";
import { collect, collectTrouble } from "../../logger/collect.ts";
import { essence, keepLines } from "./bridged.ts";

/** Captures to the end of the test. */
function capture(options: PinoBridgeOptions): Capture {
  const made = capturePino(options);
  onTestFinished(() => made.release());
  return made;
}

test("capturePino() takes the records of loggers made before and after, and their own destinations get the same", async () => {
  const { logging, take } = collect();
  const before = keepLines();
  const early = pino({ redact: ["password"] }, before.stream);
  capture({ logging });
  const after = keepLines();
  const late = pino({ base: null, messageKey: "text", timestamp: false }, after.stream);
  early.info({ password: "secret", a: 1 }, "one");
  late.child({ b: 2 }).warn("two");
  expect((await take()).map(essence)).toEqual([
    { body: "one", attributes: { password: "[Redacted]", a: 1 }, severityNumber: 9, severityText: "info" },
    { body: "two", attributes: { b: 2 }, severityNumber: 13, severityText: "warn" },
  ]);
  expect(before.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ a: 1, msg: "one" }]);
  expect(after.lines).toEqual(['{"level":40,"b":2,"text":"two"}\n']);
});

test("capturePino() takes what pino's level lets through, and fields cannot stand for the level", async () => {
  const { logging, takeOne } = collect();
  capture({ logging });
  const log = pino({ level: "warn" }, keepLines().stream);
  log.info("below");
  log.error({ level: 10 }, "above");
  expect(essence(await takeOne())).toMatchObject({
    body: "above",
    severityText: "error",
    attributes: { level: 10 },
  });
});

test("capturePino() takes the span of the caller", async () => {
  const { logging, takeOne } = collect();
  capture({ logging });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => context.disable());
  const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
  const log = pino({}, keepLines().stream);
  context.with(trace.setSpanContext(context.active(), span), () => log.info("text"));
  expect((await takeOne()).spanContext).toEqual(span);
});

describe("no record comes twice", () => {
  test("from a logger that writes to a destination of ours", async () => {
    const { logging, takeOne } = collect();
    capture({ logging });
    pino(pinoDestination({ logging })).info("text");
    expect((await takeOne()).body).toBe("text");
  });

  test("from a logger that writes to a multistream with a destination of ours, as its level says", async () => {
    const { logging, take } = collect();
    capture({ logging });
    const streams = [
      { stream: keepLines().stream },
      { level: "error", stream: pinoDestination({ logging }) },
    ] as const;
    const log = pino({}, pino.multistream([...streams]));
    log.info("low");
    log.error("high");
    expect((await take()).map(({ body }) => body)).toEqual(["high"]);
  });

  test("from capturing twice: the first capture holds, and that is said once", async () => {
    const troubles = collectTrouble();
    const { logging, takeOne } = collect();
    const first = capture({ logging });
    expect(capture({})).toBe(first);
    expect(capture({})).toBe(first);
    pino({}, keepLines().stream).info("text");
    expect((await takeOne()).body).toBe("text");
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringContaining("pino is captured already"),
    ]);
  });

  test("from what our filters log by pino", async () => {
    const { logging, takeOne } = collect();
    capture({ logging });
    const log = pino({}, keepLines().stream);
    logging.getLogger("pino").addFilter(
      new FemtoCallbackFilter(() => {
        log.info("from the filter");
        return true;
      }),
    );
    log.info("text");
    expect((await takeOne()).body).toBe("text");
  });
});

test("release() ends the capture, may be called again, and another may begin", async () => {
  const first = collect();
  const second = collect();
  const log = pino({}, keepLines().stream);
  const made = capture({ logging: first.logging });
  log.info("one");
  made.release();
  made.release();
  log.info("two");
  {
    using _capture = capture({ logging: second.logging });
    log.info("three");
  }
  log.info("four");
  expect((await first.take()).map(({ body }) => body)).toEqual(["one"]);
  expect((await second.take()).map(({ body }) => body)).toEqual(["three"]);
});

test("release() of an earlier capture leaves a later one alone", async () => {
  const { logging, takeOne } = collect();
  const earlier = capture({ logging });
  earlier.release();
  capture({ logging });
  earlier.release();
  pino({}, keepLines().stream).info("text");
  expect((await takeOne()).body).toBe("text");
});

test("hooks.streamWrite changes what is captured as what is written", async () => {
  const { logging, takeOne } = collect();
  capture({ logging });
  const { lines, stream } = keepLines();
  const streamWrite = (line: string): string => line.replaceAll("secret", "***");
  pino({ base: null, hooks: { streamWrite } }, stream).info({ word: "secret" }, "text");
  expect((await takeOne()).attributes).toEqual({ word: "***" });
  expect(lines[0]).toContain('"word":"***"');
});

test("a hook that throws throws to the caller of pino, as without us, and that is said", async () => {
  const troubles = collectTrouble();
  const { logging, take } = collect();
  capture({ logging });
  const streamWrite = (): string => {
    throw new Error("no");
  };
  expect(() => pino({ hooks: { streamWrite } }, keepLines().stream).info("text")).toThrow("no");
  expect(await take()).toEqual([]);
  expect(troubles.map(({ message }) => message)).toEqual(["A line of pino could not be captured: Error: no"]);
});

test("a serializer that throws throws to the caller, as without us", async () => {
  const { logging, take } = collect();
  capture({ logging });
  const serializers = {
    bad: () => {
      throw new Error("no");
    },
  };
  expect(() => pino({ serializers }, keepLines().stream).info({ bad: 1 })).toThrow("no");
  expect(await take()).toEqual([]);
});

test("capturePino() of options that are wrong throws ConfigError", () => {
  expect(() => capturePino({ logger: 7 } as never)).toThrow(ConfigError);
});
