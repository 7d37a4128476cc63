/** Providers whose records can be looked at. */
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { onTestFinished } from "vitest";

import { FemtoLoggerProvider, type FemtoLogRecord, type LoggerProviderOptions } from "../../src/index.ts";
import { keeper, untyped, type AnyLogger } from "../logger/collect.ts";

/** A provider with a handler that keeps its records. */
export interface Provided {
  readonly provider: FemtoLoggerProvider;
  readonly log: AnyLogger;
  readonly take: () => Promise<readonly FemtoLogRecord[]>;
  /** The only record since the last call. @throws {Error} There is none, or more than one. */
  readonly takeOne: () => Promise<FemtoLogRecord>;
}

/** A provider with one handler that keeps its records, and the processors of `options` before it. */
export function provide(options: LoggerProviderOptions = {}): Provided {
  const { handler, take } = keeper();
  const provider = new FemtoLoggerProvider({
    ...options,
    processors: [...(options.processors ?? []), handler],
  });
  return {
    provider,
    log: untyped(provider.getLogger("shop")),
    take,
    takeOne: async () => {
      const records = await take();
      if (records.length !== 1) throw new Error(`Expected 1 record, got ${records.length}`);
      return records[0]!;
    },
  };
}

/** A processor that does nothing but what is given. */
export function processor(parts: Partial<LogRecordProcessor> = {}): LogRecordProcessor {
  return {
    onEmit: () => {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    ...parts,
  };
}

/** A provider that is shut down when the test is over. */
export function endWithTest<T extends { shutdown(): Promise<void> }>(provider: T): T {
  onTestFinished(() => provider.shutdown());
  return provider;
}
