import { parentPort, workerData } from "node:worker_threads";

import { Arena } from "../../../processors/queue/arena.ts";
import { LaneWriter, PUBLISHED } from "../../../processors/queue/writer.ts";
import { makeSource, writeFrame } from "../checked-frame.ts";
import type { ProgramData } from "../meeting.ts";

/** A thread that fills a queue, then waits for room once. */
export interface WaiterData extends ProgramData {
  readonly handlerSlot: number;
  readonly lane: number;
  readonly waitMillis: number;
}

/** What it says: what `waitForRoom` returned, and whether there was room. */
export interface WaiterReport {
  readonly hasWaited: boolean;
  readonly result: number;
}

const data = workerData as WaiterData;
const writer = new LaneWriter(new Arena(data.memory), data);
const record = makeSource(writer.frameBytesMax);
let index = 0;

function offer(): number {
  writeFrame(record, writer.frameBytesMax, { thread: data.lane, index: index++ });
  return writer.offer(record, writer.frameBytesMax);
}

while (offer() === PUBLISHED);
const hasWaited = writer.waitForRoom(data.waitMillis);
const report: WaiterReport = { hasWaited, result: offer() };
parentPort?.postMessage(report);
