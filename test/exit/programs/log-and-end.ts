// Logs as its command line says, ends as that says, and tells on descriptor 3 what has become of the records.
import { writeSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  FemtoMemoryHandler,
  type FemtoHandler,
  FemtoHttpHandler,
  FemtoOtlpGrpcHandler,
  FemtoOtlpFileHandler,
  FemtoOtlpHttpHandler,
  FemtoSocketHandler,
  FemtoRotatingFileHandler,
  FemtoStreamHandler,
  FemtoSysLogHandler,
} from "../../../src/index.ts";
import type { Ending, HandlerPlan, Plan, Report } from "./plan.ts";

const REPORTS = 3;
const LATE_MILLIS = 500;
const LATE_COUNT = 10;

const plan = JSON.parse(process.argv[2] ?? "") as Plan;
const workers: Worker[] = [];
let exitingAt = 0;

function tell(report: Report): void {
  writeSync(REPORTS, `${JSON.stringify(report)}\n`);
}

function keepAll(target: FemtoHandler): FemtoHandler {
  return new FemtoMemoryHandler({ target, capacity: 1_000_000, flushOnClose: false }).target;
}

function makeHandler({ kind, options }: HandlerPlan): FemtoHandler {
  switch (kind) {
    case "file":
      return new FemtoFileHandler(options);
    case "memory":
      return keepAll(new FemtoFileHandler(options));
    case "memory-http":
      return keepAll(new FemtoHttpHandler(options));
    case "rotating":
      return new FemtoRotatingFileHandler(options);
    case "stream":
      return new FemtoStreamHandler(options);
    case "otlp-file":
      return new FemtoOtlpFileHandler(options);
    case "otlp":
      return new FemtoOtlpHttpHandler(options);
    case "otlp-grpc":
      return new FemtoOtlpGrpcHandler(options);
    case "http":
      return new FemtoHttpHandler(options);
    case "syslog":
      return new FemtoSysLogHandler(options);
    case "socket":
      return new FemtoSocketHandler(options);
    case "exporter":
    case "silent-exporter": {
      const answers = kind === "exporter";
      const done = (): Promise<void> => Promise.resolve();
      const exporter = {
        export: (_records: unknown, onResult: (result: { readonly code: number }) => void): void => {
          if (answers) setTimeout(() => onResult({ code: 0 }), 20);
        },
        forceFlush: done,
        shutdown: done,
      };
      return new FemtoBatchLogRecordProcessor({ ...options, exporter });
    }
  }
}

process.on("worker", (worker) => workers.push(worker));
process.on("exit", () => {
  exitingAt = performance.now();
  tell({ event: "exiting" });
  if (plan.logsInExitListeners === true) logger.info("in a listener from before", { i: plan.count });
});

const handlers = plan.handlers.map(makeHandler);
const resource = {
  attributes: {},
  asyncAttributesPending: true,
  waitForAsyncAttributes: (): Promise<void> => new Promise(() => {}),
};
const logger = createLogging({
  handlers,
  ...(plan.hasPendingResource === true ? { resource } : {}),
}).getLogger("exit");

process.on("exit", () => {
  const waitedMillis = performance.now() - exitingAt;
  if (plan.logsInExitListeners === true) logger.info("in a listener from after", { i: plan.count + 1 });
  tell({ event: "exited", waitedMillis, stats: handlers.map((handler) => handler.stats()) });
});

function logNumbers(from: number, to: number): void {
  for (let i = from; i < to; i++) logger.info("record {i}", { i });
}

function shutDown(): void {
  for (const handler of handlers) void handler.shutdown();
  logNumbers(plan.count, plan.count + LATE_COUNT);
}

const ENDINGS: Readonly<Record<Ending, () => void>> = {
  natural: () => {
    process.exitCode = plan.code;
  },
  exit: () => process.exit(plan.code),
  "exit-when-up": () => {
    setTimeout(() => process.exit(plan.code), LATE_MILLIS);
  },
  "late-exit": () => {
    setTimeout(() => {
      logNumbers(plan.count, plan.count + LATE_COUNT);
      process.exit(plan.code);
    }, LATE_MILLIS);
  },
  throw: () => {
    throw new Error("thrown by the program");
  },
  "throw-when-up": () => {
    setTimeout(() => {
      throw new Error("thrown by the program");
    }, LATE_MILLIS);
  },
  reject: () => {
    void Promise.reject(new Error("rejected by the program"));
  },
  "terminate-at-once-and-exit": () => {
    process.nextTick(() => {
      void workers.at(-1)?.terminate();
      process.exit(plan.code);
    });
  },
  "terminate-and-exit": () => {
    setTimeout(() => {
      logNumbers(plan.count, 2 * plan.count);
      void workers.at(-1)?.terminate();
      process.exit(plan.code);
    }, LATE_MILLIS);
  },
  shutdown: shutDown,
  "shutdown-and-exit": () => {
    shutDown();
    process.exit(plan.code);
  },
  wait: () => {
    setInterval(() => {}, 60_000);
  },
};

if (plan.startsThreadsFirst === true) await Promise.all(handlers.map((handler) => handler.forceFlush()));
logNumbers(0, plan.count);
tell({ event: "logged", count: plan.count });
ENDINGS[plan.ending]();
