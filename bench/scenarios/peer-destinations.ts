/** Destinations that came after the first five: files that rotate, and peers that count. */
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";

import {
  type FemtoHandler,
  FemtoHttpHandler,
  FemtoRotatingFileHandler,
  FemtoSocketHandler,
  FemtoSysLogHandler,
} from "femtologging";

import { SinkProcess } from "../sink-process.ts";
import { SocketReceiverProcess } from "../socket-receiver-process.ts";
import {
  BLOCKING,
  checkCount,
  checkLines,
  type Destination,
  type DestinationPlace,
  type ExpectedRecords,
  pathsOf,
} from "./destination.ts";

const ROTATION = { maxBytes: 1_048_576, backupCount: 10_000 } as const;
const HOST = "127.0.0.1";

/** All files of each log are looked at. */
export function openRotating(place: DestinationPlace): Promise<Destination> {
  const paths = pathsOf(place);
  const handlers = paths.map((path) => new FemtoRotatingFileHandler({ path, ...ROTATION, ...BLOCKING }));
  const verify = async ({ count, lines }: ExpectedRecords): Promise<void> => {
    for (const path of paths) {
      const lineCount = filesOf(path).reduce((sum, file) => sum + checkLines(file, lines), 0);
      checkCount(path, lineCount, count);
    }
    await Promise.resolve();
  };
  return Promise.resolve({ handlers, verify });
}

function filesOf(path: string): string[] {
  const folder = dirname(path);
  const isOurs = (name: string): boolean => name === basename(path) || name.startsWith(`${basename(path)}.`);
  return readdirSync(folder)
    .filter(isOurs)
    .map((name) => `${folder}/${name}`);
}

/** A peer that counts what all handlers send. */
interface CountingPeer {
  expect(recordCount: number): Promise<unknown>;
  stop(): Promise<void>;
}

function countedBy(
  peer: CountingPeer,
  { handlerCount }: DestinationPlace,
  makeHandler: () => FemtoHandler,
): Destination {
  const verify = async ({ count }: ExpectedRecords): Promise<void> => {
    try {
      await peer.expect(count * handlerCount);
    } finally {
      await peer.stop();
    }
  };
  return { handlers: Array.from({ length: handlerCount }, makeHandler), verify };
}

/** Frames of MessagePack. */
export async function openSockets(place: DestinationPlace): Promise<Destination> {
  const receiver = await SocketReceiverProcess.start("frames");
  return countedBy(receiver, place, () => new FemtoSocketHandler({ ...receiver.target, ...BLOCKING }));
}

/** Bodies of JSON lines. */
export async function openHttp(place: DestinationPlace): Promise<Destination> {
  const sink = await SinkProcess.start("http");
  const url = `http://${HOST}:${sink.port}/`;
  return countedBy(sink, place, () => new FemtoHttpHandler({ url, format: "ndjson", ...BLOCKING }));
}

/** RFC 5424 over TCP, a message a line. */
export async function openSyslog(place: DestinationPlace): Promise<Destination> {
  const sink = await SinkProcess.start("stream");
  const target = { transport: "tcp", host: HOST, port: sink.port, framing: "newline" } as const;
  return countedBy(sink, place, () => new FemtoSysLogHandler({ ...target, ...BLOCKING }));
}
