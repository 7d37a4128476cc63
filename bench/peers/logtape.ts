/** LogTape with the file sink of @logtape/file, JSON lines. */
import { setImmediate as nextTurn } from "node:timers/promises";

import { getFileSink } from "@logtape/file";
import { configure, dispose, getLogger, jsonLinesFormatter } from "@logtape/logtape";

import { compileBurst, type CallSource } from "../sites.ts";
import { type LineReader, verifyLines } from "../verify.ts";
import { nothing, type OpenSubject } from "./subject.ts";

const CHUNK_SIZE = 5000;
const BUFFER_BYTES = 65_536;

const call: CallSource = (text, attributes) => `log.info(${text}, ${attributes})`;

const readLine: LineReader = (line) => {
  const { message, properties } = JSON.parse(line) as Record<string, unknown>;
  return { message, attributes: properties as Record<string, unknown> };
};

/** The blocking sink asks for an fsync at each write, which is 20 times slower: not measured. */
export const openLogTape: OpenSubject = async ({ path, sites }) => {
  const file = getFileSink(path, {
    formatter: jsonLinesFormatter,
    nonBlocking: true,
    bufferSize: BUFFER_BYTES,
  });
  await configure({
    sinks: { file },
    loggers: [
      { category: ["bench", "call"], sinks: ["file"], lowestLevel: "info" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  return {
    settings: `getFileSink({ nonBlocking: true, bufferSize: ${BUFFER_BYTES} }), jsonLinesFormatter, a turn of the event loop after each ${CHUNK_SIZE} records`,
    burst: compileBurst(getLogger(["bench", "call"]), sites, call),
    chunkSize: CHUNK_SIZE,
    settle: () => nextTurn(),
    finish: () => dispose(),
    close: nothing,
    verify: (logged) => verifyLines(path, { logged, sites, readLine }),
  };
};
