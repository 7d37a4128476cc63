/** A reader of a named pipe that takes so many bytes a second while it is slow, in a process of its own. Parses each line. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import { monotonicMillis } from "../clock.ts";
import { isSlow, type Schedule } from "./schedule.ts";
import { onOrder, report } from "./sink-messages.ts";
import { type ReceivedValues, Tally } from "./tally.ts";

const NEWLINE = 10;
const CHUNK_BYTES = 65_536;
const POLL_MILLIS = 1;

const path = process.argv[2] ?? "";
execFileSync("mkfifo", [path]);
const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
const chunk = Buffer.alloc(CHUNK_BYTES);
let rest: Buffer = Buffer.alloc(0);
let hasEnded = false;

/** How many bytes may be read: while the sink is slow, what its share of the offered ones allows. */
class Allowance {
  readonly #schedule: Schedule;
  /** Of a line that came while the sink was fast. 0 before the first of them, which never wait. */
  #recordBytes = 0;
  #bytes = 0;
  #slowBytes = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** @param recordCount Records read so far. */
  now(nowMillis: number, recordCount: number): number {
    const { slowFromMillis, share, ratePerSecond } = this.#schedule;
    if (this.#recordBytes === 0 || !isSlow(this.#schedule, nowMillis)) {
      this.#slowBytes = 0;
      this.#recordBytes = recordCount === 0 ? 0 : this.#bytes / recordCount;
      return CHUNK_BYTES;
    }
    const bytesPerMilli = (share * ratePerSecond * this.#recordBytes) / 1000;
    const allowed = Math.floor((nowMillis - slowFromMillis) * bytesPerMilli) - this.#slowBytes;
    return Math.max(0, Math.min(CHUNK_BYTES, allowed));
  }

  take(byteCount: number): void {
    this.#bytes += byteCount;
    this.#slowBytes += byteCount;
  }
}

/** Bytes read; -1 when there are none at the moment, 0 when nobody has the pipe open for writing. */
function readSome(byteCount: number): number {
  try {
    return readSync(descriptor, chunk, 0, byteCount, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return -1;
    throw error;
  }
}

function takeLines(tally: Tally, bytes: Buffer, nowMillis: number): void {
  const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
  let begin = 0;
  for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, begin)) {
    tally.take(JSON.parse(all.toString("utf8", begin, end)) as ReceivedValues, nowMillis);
    begin = end + 1;
  }
  rest = Buffer.from(all.subarray(begin));
}

async function readAll(schedule: Schedule): Promise<void> {
  const tally = new Tally(schedule, true);
  const allowance = new Allowance(schedule);
  for (;;) {
    const now = monotonicMillis();
    const allowed = allowance.now(now, tally.received);
    const byteCount = allowed === 0 ? -1 : readSome(allowed);
    if (byteCount > 0) {
      allowance.take(byteCount);
      takeLines(tally, chunk.subarray(0, byteCount), now);
      await nextTurn();
      continue;
    }
    // The writers were told to finish before this process was.
    if (byteCount === 0 && hasEnded) break;
    await sleep(POLL_MILLIS);
  }
  closeSync(descriptor);
  if (rest.length > 0) throw new Error(`The pipe ends in the middle of a line: ${rest.toString("utf8")}`);
  report({ kind: "finished", result: tally.result() });
}

onOrder((order) => {
  if (order.kind === "finish") hasEnded = true;
  else return readAll(order.schedule);
});
report({ kind: "ready", target: path });
