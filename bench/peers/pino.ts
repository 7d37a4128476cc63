/** pino: as a program that wants speed sets it up, without pid and hostname, with the name that all subjects write. */
import { once } from "node:events";

import { pino, type LoggerOptions } from "pino";

import { compileBurst, type CallSource } from "../sites.ts";
import { type LineReader, verifyLines } from "../verify.ts";
import { nothing, type OpenSubject, type Subject, type SubjectOptions } from "./subject.ts";

export const PINO_OPTIONS: LoggerOptions = { base: { name: "bench.call" } };
export const PINO_SETTINGS = "base: { name }, time and level as numbers (default)";
/** pino's own recommendation for `minLength`. */
const MIN_LENGTH_BYTES = 4096;
const CHUNK_SIZE = 1000;

export const pinoCall: CallSource = (text, attributes) => `log.info(${attributes}, ${text})`;

const readLine: LineReader = (line) => {
  const attributes = JSON.parse(line) as Record<string, unknown>;
  return { message: attributes["msg"], attributes };
};

/** The default destination: each call writes to the file. */
export const openPinoSync: OpenSubject = (options) => openSync(options, 0);

/** Writes when 4,096 bytes have come together: the fastest of pino's settings on one thread. */
export const openPinoSyncBuffered: OpenSubject = (options) => openSync(options, MIN_LENGTH_BYTES);

function openSync({ path, sites }: SubjectOptions, minLength: number): Promise<Subject> {
  const destination = pino.destination({ dest: path, sync: true, minLength });
  const flush = (): Promise<void> => {
    destination.flushSync();
    return nothing();
  };
  return Promise.resolve({
    settings: `pino.destination({ sync: true, minLength: ${minLength} }), ${PINO_SETTINGS}`,
    burst: compileBurst(pino(PINO_OPTIONS, destination), sites, pinoCall),
    chunkSize: Number.POSITIVE_INFINITY,
    settle: flush,
    finish: flush,
    close: async () => {
      const closed = once(destination, "close");
      destination.end();
      await closed;
    },
    verify: (logged) => verifyLines(path, { logged, sites, readLine }),
  });
}

/** Writes by the event loop when 4,096 bytes have come together. */
export const openPinoAsync: OpenSubject = async ({ path, sites }) => {
  const destination = pino.destination({ dest: path, sync: false, minLength: MIN_LENGTH_BYTES });
  await once(destination, "ready");
  const flush = (): Promise<void> => callFlush((done) => destination.flush(done));
  return {
    settings: `pino.destination({ sync: false, minLength: ${MIN_LENGTH_BYTES} }), flushed after each ${CHUNK_SIZE} records, ${PINO_SETTINGS}`,
    burst: compileBurst(pino(PINO_OPTIONS, destination), sites, pinoCall),
    chunkSize: CHUNK_SIZE,
    settle: flush,
    finish: flush,
    close: nothing,
    verify: (logged) => verifyLines(path, { logged, sites, readLine }),
  };
};

/** Formats on the calling thread, writes in a worker. */
export const openPinoTransport: OpenSubject = async ({ path, sites }) => {
  const transport = pino.transport({ target: "pino/file", options: { destination: path } });
  await once(transport, "ready");
  // A stream's type that pino keeps to itself.
  const stream = transport as { flush(done: (error?: Error) => void): void; end(): void };
  return {
    settings: `pino.transport({ target: "pino/file" }), a turn of the event loop after each ${CHUNK_SIZE} records, ${PINO_SETTINGS}`,
    burst: compileBurst(pino(PINO_OPTIONS, transport), sites, pinoCall),
    chunkSize: CHUNK_SIZE,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    finish: async () => {
      const closed = once(transport, "close");
      stream.end();
      await closed;
    },
    close: nothing,
    verify: (logged) => verifyLines(path, { logged, sites, readLine }),
  };
};

function callFlush(flush: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    flush((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}
