/**
 * Where the scenarios log to. A handler that is added to the package adds its row to `DESTINATIONS`: how to open so many of them, and how
 * to see that each has delivered everything.
 */
import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type FemtoHandler,
  FemtoOtlpHttpHandler,
  FemtoStreamHandler,
} from "femtologging";

import { FifoReader } from "../fifo-reader.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { forEachLine, SAMPLE_STRIDE } from "../verify.ts";
import type { LineCheck } from "./messages.ts";

/** Kinds of handlers. */
export type DestinationName = "null" | "batch" | "stream" | "file" | "otlp";

/** Handlers of one kind, open. */
export interface Destination {
  readonly handlers: readonly FemtoHandler[];
  /**
   * Checks what has arrived, once the handlers are shut down.
   *
   * @param expected Records that each handler must have delivered, and what they must be like.
   * @throws {Error} There are more or fewer, or one is none of those that were logged.
   */
  readonly verify: (expected: ExpectedRecords) => Promise<void>;
}

/** What must have arrived at each handler. */
export interface ExpectedRecords {
  readonly count: number;
  readonly lines: LineCheck;
}

/** How many handlers, and a directory for what they need. */
export interface DestinationPlace {
  readonly directory: string;
  readonly handlerCount: number;
}

interface DestinationKind {
  readonly settings: string;
  readonly open: (place: DestinationPlace) => Promise<Destination>;
}

/** The caller waits when the queue is full: by default some handlers drop then, and some calls give up after a second. */
const BLOCKING = { overflow: "block", blockTimeoutMillis: 60_000 } as const;
const COUNTING_EXPORTER: URL = new URL("counting-exporter.ts", import.meta.url);

const DESTINATIONS: Readonly<Record<DestinationName, DestinationKind>> = {
  null: { settings: 'FemtoFileHandler({ path: "/dev/null" })', open: openNull },
  batch: {
    settings: "FemtoBatchLogRecordProcessor({ exporter: { module } }), the exporter counts",
    open: openBatch,
  },
  stream: {
    settings: 'FemtoStreamHandler({ stream: descriptor, format: "json" }), a FIFO each',
    open: openStreams,
  },
  file: { settings: "FemtoFileHandler({ path })", open: openFiles },
  otlp: { settings: "FemtoOtlpHttpHandler({ url }), one receiver for all", open: openOtlp },
};

/** Names of all kinds, in the order of the tables. */
export const destinationNames: readonly DestinationName[] = Object.keys(DESTINATIONS) as DestinationName[];

/** The settings of a kind, in words. */
export function destinationSettings(name: DestinationName): string {
  return `${DESTINATIONS[name].settings}, overflow "block", all else default`;
}

/** Opens handlers of a kind. */
export function openDestination(name: DestinationName, place: DestinationPlace): Promise<Destination> {
  return DESTINATIONS[name].open(place);
}

function pathsOf({ directory, handlerCount }: DestinationPlace): string[] {
  return Array.from({ length: handlerCount }, (_, index) => join(directory, `out-${index}.log`));
}

/** Formats and writes like a file handler, but to nowhere: the handler's own counter is all there is to look at. */
function openNull({ handlerCount }: DestinationPlace): Promise<Destination> {
  const handlers = Array.from(
    { length: handlerCount },
    () => new FemtoFileHandler({ path: "/dev/null", ...BLOCKING }),
  );
  return Promise.resolve({ handlers, verify: () => Promise.resolve() });
}

function openBatch(place: DestinationPlace): Promise<Destination> {
  const paths = pathsOf(place);
  const handlers = paths.map((countPath) => {
    const exporter = { module: COUNTING_EXPORTER, options: { countPath } };
    return new FemtoBatchLogRecordProcessor({ exporter, ...BLOCKING });
  });
  const verify = async ({ count }: ExpectedRecords): Promise<void> => {
    for (const path of paths) checkCount(path, Number(readFileSync(path, "utf8")), count);
    await Promise.resolve();
  };
  return Promise.resolve({ handlers, verify });
}

async function openStreams(place: DestinationPlace): Promise<Destination> {
  const reader = await FifoReader.start(pathsOf(place));
  const descriptors = reader.paths.map((path) => openSync(path, constants.O_WRONLY));
  const handlers = descriptors.map(
    (stream) => new FemtoStreamHandler({ stream, format: "json", ...BLOCKING }),
  );
  const verify = async ({ count, lines }: ExpectedRecords): Promise<void> => {
    for (const descriptor of descriptors) closeSync(descriptor);
    for (const [index, content] of (await reader.finish()).entries()) {
      checkCount(reader.paths[index] as string, content.lineCount, count);
      for (const line of content.samples) lines.take(line);
    }
  };
  return { handlers, verify };
}

function openFiles(place: DestinationPlace): Promise<Destination> {
  const paths = pathsOf(place);
  const handlers = paths.map((path) => new FemtoFileHandler({ path, ...BLOCKING }));
  const verify = async ({ count, lines }: ExpectedRecords): Promise<void> => {
    for (const path of paths) checkCount(path, checkLines(path, lines), count);
    await Promise.resolve();
  };
  return Promise.resolve({ handlers, verify });
}

function checkLines(path: string, lines: LineCheck): number {
  let count = 0;
  forEachLine(path, (line) => {
    if (count++ % SAMPLE_STRIDE === 0) lines.take(line.toString());
  });
  return count;
}

async function openOtlp({ handlerCount }: DestinationPlace): Promise<Destination> {
  const receiver = await ReceiverProcess.start();
  const { url } = receiver;
  const handlers = Array.from({ length: handlerCount }, () => new FemtoOtlpHttpHandler({ url, ...BLOCKING }));
  const verify = async ({ count }: ExpectedRecords): Promise<void> => {
    try {
      await receiver.expect(count * handlerCount);
    } finally {
      await receiver.stop();
    }
  };
  return { handlers, verify };
}

function checkCount(where: string, arrived: number, expected: number): void {
  if (arrived !== expected) throw new Error(`${expected} records were logged, ${arrived} are in ${where}`);
}
