/** Handlers whose metrics are looked at. */
import { join } from "node:path";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import { expect, onTestFinished } from "vitest";

import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type FemtoHandler,
  type FemtoLogger,
  type HandlerStats,
} from "../../src/index.ts";
import { OtlpReceiver, type ReceiverAnswer } from "../../src/receiver/index.ts";
import { endWithTest, makeFolder } from "../handlers/fixture.ts";
import { meter, type Collected } from "../support/metric-reader.ts";

export const CREATED = "otel.sdk.log.created";
export const PROCESSED = "otel.sdk.processor.log.processed";
export const EXPORTED = "otel.sdk.exporter.log.exported";
export const IN_FLIGHT = "otel.sdk.exporter.log.inflight";
export const QUEUE_SIZE = "otel.sdk.processor.log.queue.size";
export const FILTERED = "femtologging.processor.log.filtered";
export const DURATION = "otel.sdk.exporter.operation.duration";
/** Conditions are waited for so long, on a machine that is busy with other things. */
export const WAIT = { timeout: 20_000 };

/** A handler that reports itself, and a logger that has it. */
export interface Metered<Handler extends FemtoHandler> {
  readonly handler: Handler;
  readonly log: FemtoLogger;
  readonly collect: () => Promise<Collected>;
}

/** A logger with one handler that reports itself. */
export function metered<Handler extends FemtoHandler>(
  make: (own: { readonly meterProvider: ReturnType<typeof meter>["meterProvider"] }) => Handler,
): Metered<Handler> {
  const { meterProvider, collect } = meter();
  const handler = endWithTest(make({ meterProvider }));
  const log = createLogging({ level: "TRACE", handlers: [handler] }).getLogger("metrics");
  return { handler, log, collect };
}

/** A handler of a new file. */
export function fileHandler(options: object): FemtoFileHandler {
  return new FemtoFileHandler({ path: join(makeFolder(), "app.log"), ...options });
}

/** A handler whose exporter answers once it is opened. */
export function gatedHandler(options: object): {
  readonly handler: FemtoBatchLogRecordProcessor;
  readonly open: () => void;
} {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const exporter = exporterOf((done) => void answerAfter(gate, done));
  onTestFinished(() => open());
  return { handler: new FemtoBatchLogRecordProcessor({ exporter, ...options }), open };
}

/** How an exporter answers. */
export type Done = (result: { readonly code: number; readonly error?: Error }) => void;

/** An exporter that does nothing but answer. */
export function exporterOf(answer: (done: Done) => void): LogRecordExporter {
  return {
    export: (_records, done) => answer(done),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** A receiver that gives these answers first. */
export async function receive(...answers: readonly ReceiverAnswer[]): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  for (const answer of answers) receiver.respond(answer);
  return receiver;
}

/** Where all records of a handler are, by the metrics and by its own counters. */
export function expectBalance(collected: Collected, stats: HandlerStats): void {
  const parts = [PROCESSED, FILTERED, QUEUE_SIZE].map((name) => collected.sum(name));
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(stats.emitted);
  const processed = collected.byError(PROCESSED)[""];
  expect(collected.sum(EXPORTED) + collected.sum(IN_FLIGHT)).toBe(processed);
  expect(collected.byError(EXPORTED)[""]).toBe(stats.delivered);
}

async function answerAfter(gate: Promise<void>, done: Done): Promise<void> {
  await gate;
  done({ code: 0 });
}
