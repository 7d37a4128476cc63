/** winston with its File transport, JSON with a timestamp. */
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";

import { createLogger, format, transports } from "winston";

import { compileBurst, type CallSource } from "../sites.ts";
import { type LineReader, verifyLines } from "../verify.ts";
import { nothing, type OpenSubject } from "./subject.ts";

/** More at once wait in streams of objects, which takes twice as long. */
const CHUNK_SIZE = 100;

const call: CallSource = (text, attributes) => `log.info(${text}, ${attributes})`;

const readLine: LineReader = (line) => {
  const attributes = JSON.parse(line) as Record<string, unknown>;
  return { message: attributes["message"], attributes };
};

/** Call cost alone says little: nearly all of winston's work comes after the call. */
export const openWinston: OpenSubject = ({ path, sites }) => {
  const file = new transports.File({ filename: path });
  const log = createLogger({
    level: "info",
    format: format.combine(format.timestamp(), format.json()),
    defaultMeta: { name: "bench.call" },
    transports: [file],
  });
  const counts = { begun: 0, written: 0 };
  file.on("logged", () => counts.written++);
  const burst = compileBurst(log, sites, call);
  return Promise.resolve({
    settings: `transports.File, combine(timestamp(), json()), caught up with after each ${CHUNK_SIZE} records`,
    burst: (begin: number, end: number) => {
      burst(begin, end);
      counts.begun = end;
    },
    chunkSize: CHUNK_SIZE,
    settle: async () => {
      while (counts.written < counts.begun) await nextTurn();
    },
    finish: async () => {
      const finished = once(file, "finish");
      log.end();
      await finished;
    },
    close: nothing,
    verify: (logged: number) => verifyLines(path, { logged, sites, readLine }),
  });
};
