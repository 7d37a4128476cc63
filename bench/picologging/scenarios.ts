/** picologging's scenarios, as this package does the same things. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  createLogging,
  FemtoFileHandler,
  type FemtoHandler,
  type FemtoLogger,
  FemtoMemoryHandler,
  FemtoRotatingFileHandler,
  type FileHandlerOptions,
  type LevelName,
} from "femtologging";

import { FormatLoop, RecordLoop } from "./engine-loops.ts";

/** Loops of the published scenarios: of a logger, and of a handler. */
export const LOGGER_LOOPS = 10_000;
export const HANDLER_LOOPS = 1000;

/** A scenario, set up. */
export interface OpenScenario {
  /** The published loop. */
  readonly loop: (count: number) => void;
  /** Resolves when everything is where it has to go. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Counts what has arrived since it was opened. @throws {Error} It is something else than what was logged. */
  readonly countArrived: () => number;
}

/** A published scenario that this package can do. */
export interface Scenario {
  readonly loops: number;
  /** Whether records of the loop arrive anywhere. */
  readonly isDelivering: boolean;
  /** Whether a run opens and closes a handler. */
  readonly hasHandler: boolean;
  readonly open: (folder: string) => OpenScenario;
}

const NEWLINE = 10;
const BACKUP_COUNT = 5;
/** Records that the memory handler keeps. */
const CAPACITY = 100;

/** A logger at a level with one file handler, and a loop over its calls. */
function logging(
  loops: number,
  options: {
    readonly level?: LevelName;
    readonly handler: Omit<FileHandlerOptions, "path">;
    /** Makes the handler; left out, a file handler. */
    readonly make?: (options: FileHandlerOptions) => FemtoHandler | FemtoMemoryHandler;
    readonly loopOver: (log: FemtoLogger) => OpenScenario["loop"];
    /** What each line ends with. */
    readonly lineEnd: string;
  },
): Scenario {
  const { level = "DEBUG", loopOver, lineEnd } = options;
  const make = options.make ?? ((file: FileHandlerOptions) => new FemtoFileHandler(file));
  const open = (folder: string): OpenScenario => {
    const path = join(folder, "out.log");
    const handler = make({ ...options.handler, path });
    const system = createLogging({ level, handlers: [handler] });
    return {
      loop: loopOver(system.getLogger("test")),
      settle: () => system.flush(),
      close: () => system.shutdown(),
      countArrived: () => countAllLines(path, { lineEnd, deliveredCount: handler.stats().delivered }),
    };
  };
  return { loops, isDelivering: level === "DEBUG", hasHandler: true, open };
}

function withoutHandler(open: () => OpenScenario): Scenario {
  return { loops: LOGGER_LOOPS, isDelivering: true, hasHandler: false, open };
}

/** Lines of a file and of those that were put away; where some of these have been deleted, what the handler has delivered. */
function countAllLines(
  path: string,
  expected: { readonly lineEnd: string; readonly deliveredCount: number },
): number {
  const backups = Array.from({ length: BACKUP_COUNT }, (_, index) => `${path}.${index + 1}`).filter(
    existsSync,
  );
  const lineCount = [path, ...backups].reduce((sum, file) => sum + countLines(file, expected.lineEnd), 0);
  return backups.length < BACKUP_COUNT ? lineCount : expected.deliveredCount;
}

/** @throws {Error} A line ends with something else. */
function countLines(path: string, lineEnd: string): number {
  const bytes = readFileSync(path);
  const end = Buffer.from(`${lineEnd}\n`);
  let count = 0;
  let at = 0;
  for (let next = bytes.indexOf(NEWLINE); next >= 0; next = bytes.indexOf(NEWLINE, at)) {
    if (
      !bytes
        .subarray(at, next + 1)
        .subarray(-end.length)
        .equals(end)
    ) {
      throw new Error(`A line is ${bytes.toString("utf8", at, next)}, must end with ${lineEnd}`);
    }
    at = next + 1;
    count++;
  }
  return count;
}

const TEXT = "There has been a logging issue";

/** The published calls, each in a loop of its own. */
const plain = (log: FemtoLogger) => (count: number) => {
  for (let i = 0; i < count; i++) log.debug("There has been a logging issue");
};
const withArguments = (log: FemtoLogger) => (count: number) => {
  for (let i = 0; i < count; i++) log.debug("There has been a logging issue %s %s %s", 1, 2, 3);
};
const short = (log: FemtoLogger) => (count: number) => {
  for (let i = 0; i < count; i++) log.debug("test");
};

const text = { format: "text" } as const;

/** All scenarios that picologging publishes, by its names; undefined where this package has nothing of the kind. */
export const SCENARIOS: Readonly<Record<string, Scenario | undefined>> = {
  "LogRecord()": withoutHandler(() => new RecordLoop()),
  "Formatter().format()": withoutHandler(() => new FormatLoop()),
  "Formatter().format() with date": withoutHandler(() => new FormatLoop()),
  "Logger(level=DEBUG).debug()": logging(LOGGER_LOOPS, { handler: text, loopOver: plain, lineEnd: TEXT }),
  "Logger(level=DEBUG).debug() with args": logging(LOGGER_LOOPS, {
    handler: text,
    loopOver: withArguments,
    lineEnd: `${TEXT} 1 2 3`,
  }),
  "Logger(level=INFO).debug()": logging(LOGGER_LOOPS, {
    level: "INFO",
    handler: text,
    loopOver: plain,
    lineEnd: "",
  }),
  "Logger(level=INFO).debug() with args": logging(LOGGER_LOOPS, {
    level: "INFO",
    handler: text,
    loopOver: withArguments,
    lineEnd: "",
  }),
  "FileHandler()": logging(HANDLER_LOOPS, { handler: text, loopOver: plain, lineEnd: TEXT }),
  // Every file handler of ours follows its path.
  "WatchedFileHandler()": logging(HANDLER_LOOPS, { handler: text, loopOver: plain, lineEnd: TEXT }),
  "RotatingFileHandler()": logging(HANDLER_LOOPS, {
    handler: text,
    make: ({ path, format }) =>
      new FemtoRotatingFileHandler({ path, format, maxBytes: 10_000, backupCount: BACKUP_COUNT }),
    loopOver: plain,
    lineEnd: TEXT,
  }),
  "QueueHandler()": logging(LOGGER_LOOPS, { handler: text, loopOver: short, lineEnd: "test" }),
  "QueueListener() + QueueHandler()": logging(HANDLER_LOOPS, {
    handler: text,
    loopOver: short,
    lineEnd: "test",
  }),
  "MemoryHandler()": logging(HANDLER_LOOPS, {
    handler: text,
    make: (file) => new FemtoMemoryHandler({ target: new FemtoFileHandler(file), capacity: CAPACITY }),
    loopOver: plain,
    lineEnd: TEXT,
  }),
};
