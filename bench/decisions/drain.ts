/**
 * What do records cost the thread that renders them, and how large are they? The main thread fills the queue, another takes and renders
 * what is there, in batches of 512: processor time of that thread, taking the records out of the queue included. Does not show writing or
 * sending the bytes, nor records of many shapes.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { createArena } from "../../processors/queue/arena.ts";
import { runCase } from "../case-program.ts";
import { median } from "../statistics.ts";
import type { DrainReport, DrainStart, Rendering, RoundTimes } from "./drain-ways.ts";
import { announce, makeMeeting, reached, READY, RECEIVED } from "./meeting.ts";
import { RecordWriter } from "./record-writer.ts";
import { checkReceived } from "./standard-record.ts";

/** Arguments of the case. */
export interface DrainArguments {
  readonly rendering: Rendering;
  readonly isWire: boolean;
  /** Rounds before those that count. */
  readonly warmRounds: number;
  readonly rounds: number;
  /** Records of a round, at most 30,000: they must fit the queue. */
  readonly recordCount: number;
}

const QUEUE_BYTES = 4 * 2 ** 20;
/** 2026-11-22T17:28:06Z: times are the same in each run, so that the bytes are. */
const FIRST_MILLIS: number = Date.UTC(2026, 10, 22, 17, 28, 6);
const STEP_MILLIS = 0.125;

function measuresOf(
  report: DrainReport,
  rounds: readonly RoundTimes[],
  isWire: boolean,
): Record<string, number> {
  const renderNs = median(rounds.map((round) => round.renderNs));
  const { bytesPerRecord, gzipBytesPerRecord } = report;
  if (!isWire) return { renderNs, bytesPerRecord };
  const decodeNs = median(rounds.map((round) => round.decodeNs));
  const gzipNs = median(rounds.map((round) => round.gzipNs));
  return { renderNs, decodeNs, gzipNs, bytesPerRecord, gzipBytesPerRecord };
}

await runCase<DrainArguments>(async (args) => {
  const { rendering, isWire, warmRounds, recordCount } = args;
  const rounds = warmRounds + args.rounds;
  const arena = createArena();
  const handlerSlot = arena.openHandler(QUEUE_BYTES);
  const meeting = makeMeeting();
  const start: DrainStart = {
    rendering,
    meeting,
    memory: arena.memory,
    handlerSlot,
    rounds,
    recordCount,
    isWire,
  };
  const worker = new Worker(new URL("drain-thread.ts", import.meta.url), { workerData: start });
  const [reported, exited] = [once(worker, "message"), once(worker, "exit")];
  await reached(meeting, READY, 1);
  const writer = new RecordWriter(arena, handlerSlot);
  for (let round = 1; round <= rounds; round++) {
    for (let i = 0; i < recordCount; i++) writer.write(i, FIRST_MILLIS + i * STEP_MILLIS);
    announce(meeting, READY, round + 1);
    await reached(meeting, RECEIVED, round);
  }
  const [report] = (await reported) as [DrainReport];
  await exited;
  return {
    measures: measuresOf(report, report.rounds.slice(warmRounds), isWire),
    recordCount: recordCount * rounds,
    checksum: `${checkReceived(report, recordCount)}-${report.digest}`,
    settings: `batches of 512, ${args.rounds} rounds of ${recordCount} records`,
  };
});
