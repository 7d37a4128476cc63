/**
 * Where the scenarios log to. A handler that is added to the package adds its row to `DESTINATIONS`: how to open so many of them, and how
 * to see that each has delivered everything.
 */
import { closeSync, constants, openSync, readFileSync } from "node:fs";

import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  FemtoOtlpHttpHandler,
  FemtoStreamHandler,
} from "femtologging";

import { FifoReader } from "../fifo-reader.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import {
  BLOCKING,
  checkCount,
  checkLines,
  type Destination,
  type DestinationKind,
  type DestinationPlace,
  type ExpectedRecords,
  pathsOf,
} from "./destination.ts";
import { openHttp, openRotating, openSockets, openSyslog } from "./peer-destinations.ts";

/** Kinds of handlers. */
export type DestinationName =
  | "null"
  | "batch"
  | "stream"
  | "file"
  | "otlp"
  | "rotating"
  | "socket"
  | "http"
  | "syslog";

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
  rotating: {
    settings: "FemtoRotatingFileHandler({ path, maxBytes: 1 MiB, backupCount: 10,000 })",
    open: openRotating,
  },
  socket: { settings: "FemtoSocketHandler({ host, port }), one receiver for all", open: openSockets },
  http: { settings: 'FemtoHttpHandler({ url, format: "ndjson" }), one receiver for all', open: openHttp },
  syslog: {
    settings: 'FemtoSysLogHandler({ transport: "tcp", framing: "newline" }), one receiver for all',
    open: openSyslog,
  },
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
