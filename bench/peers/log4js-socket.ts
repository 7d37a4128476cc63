/** log4js with its own `tcp` appender and layout. */
import { setImmediate as nextTurn } from "node:timers/promises";

import log4js from "log4js";

import { compileBurst, type CallSource } from "../sites.ts";
import type { SocketSubject, SocketSubjectOptions } from "./socket-subject.ts";

/** Ten and a hundred times as many at once take up to 1.5 times as long: what the socket does not take waits in an array. */
const CHUNK_SIZE = 100;

const call: CallSource = (text, attributes) => `log.info(${text}, ${attributes})`;

/**
 * The appender keeps what its socket does not take in an array, and tells nobody: it gets a turn of the event loop after each
 * chunk, and only the receiver knows when all has come.
 */
export async function openLog4jsSocket({ target, sites }: SocketSubjectOptions): Promise<SocketSubject> {
  log4js.configure({
    // In place of "__LOG4JS__", so that records are lines. Events are JSON, which has no line feeds.
    appenders: { tcp: { type: "tcp", ...target, endMsg: "\n" } },
    categories: { default: { appenders: ["tcp"], level: "info" } },
  });
  const settle = async (): Promise<void> => {
    await nextTurn();
  };
  return {
    settings: `appender tcp (of log4js itself), endMsg "\\n", its own layout (serialise()), a turn of the event loop after each ${CHUNK_SIZE} records`,
    burst: compileBurst(log4js.getLogger("bench.call"), sites, call),
    chunkSize: CHUNK_SIZE,
    settle,
    finish: settle,
    close: () =>
      new Promise((resolve, reject) => {
        log4js.shutdown((error) => (error instanceof Error ? reject(error) : resolve()));
      }),
  };
}
