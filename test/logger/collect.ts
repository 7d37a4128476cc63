/** Logging systems whose records can be looked at. */
import { onTestFinished } from "vitest";

import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoInMemoryExporter,
  setTroubleListener,
  type FemtoLogger,
  type FemtoLogRecord,
  type Logging,
  type LoggingOptions,
  type Trouble,
} from "../../src/index.ts";

/** A handler that keeps what it is given. */
export interface Keeper {
  readonly handler: FemtoBatchLogRecordProcessor;
  /** The records since the last call, all that were logged before. */
  readonly take: () => Promise<readonly FemtoLogRecord[]>;
}

/** An isolated system with one handler that keeps all records. */
export interface Collected extends Keeper {
  readonly logging: Logging;
  readonly log: AnyLogger;
  /** The only record since the last call. @throws {Error} There is none, or more than one. */
  readonly takeOne: () => Promise<FemtoLogRecord>;
}

/** A logger that takes any arguments, as in JavaScript. */
export type AnyLogger = Record<
  Exclude<keyof FemtoLogger, "with" | "getChild">,
  (...values: readonly unknown[]) => void
> & {
  with(attributes: unknown): AnyLogger;
  getChild(suffix: string): AnyLogger;
};

/** A logger as JavaScript sees it. */
export function untyped(logger: unknown): AnyLogger {
  return logger as AnyLogger;
}

/** A handler that keeps its records; shut down when the test is over. */
export function keeper(options: { readonly name?: string; readonly level?: "TRACE" | "ERROR" } = {}): Keeper {
  const exporter = new FemtoInMemoryExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter, ...options });
  onTestFinished(() => handler.shutdown());
  return {
    handler,
    take: async () => {
      await handler.forceFlush();
      const records = exporter.getFinishedLogRecords() as unknown as FemtoLogRecord[];
      exporter.reset();
      return records;
    },
  };
}

/** A system at level TRACE whose root has one handler that keeps its records. */
export function collect(options: LoggingOptions = {}): Collected {
  const kept = keeper();
  const logging = createLogging({ level: "TRACE", handlers: [kept.handler], ...options });
  return {
    ...kept,
    logging,
    log: untyped(logging.getLogger("shop.checkout")),
    takeOne: async () => {
      const records = await kept.take();
      if (records.length !== 1) throw new Error(`Expected 1 record, got ${records.length}`);
      return records[0]!;
    },
  };
}

/** What is said of trouble from now to the end of the test, in place of stderr. */
export function collectTrouble(): readonly Trouble[] {
  const said: Trouble[] = [];
  const before = setTroubleListener((trouble) => said.push(trouble));
  onTestFinished(() => {
    setTroubleListener(before);
  });
  return said;
}

/** A proxy that refuses whatever is asked of it. */
export function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
