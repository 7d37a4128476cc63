/**
 * What does it cost the caller to have the consumer look, how long does a record wait for it, and what does waiting cost a process that
 * does nothing? All policies use the product's queue. Does not show work: the consumer only reads, and the caller only sleeps between
 * its calls, so that its caches are cold.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { createArena } from "../../processors/queue/arena.ts";
import { DRAIN_AND_END, readGeometry, STOP_WORD, WAKE_WORD } from "../../processors/queue/queue-layout.ts";
import { runCase } from "../case-program.ts";
import { median } from "../statistics.ts";
import { makeMeeting, reached, READY, RECEIVED } from "./meeting.ts";
import { RecordWriter } from "./record-writer.ts";
import { checkReceived, type Received } from "./standard-record.ts";
import { sharedMillis, type WakePolicy, type WakeStart } from "./wake-policies.ts";

/** Arguments of the case. */
export interface WakeArguments {
  readonly policy: WakePolicy;
  /** Records before the clock starts. */
  readonly warmCount: number;
  /** Turns of each load. */
  readonly steadyTurns: number;
  readonly burstTurns: number;
  readonly sparseTurns: number;
  readonly idleMillis: number;
}

/** So many records a turn, and then so long a pause. */
interface Load {
  readonly turns: number;
  readonly recordsPerTurn: number;
  readonly pauseMillis: number;
}

const QUEUE_BYTES = 4 * 2 ** 20;
const WARM_BATCH = 100;
const MICROS_PER_MILLI = 1000;
const PERCENT = 100;

function percentile(values: readonly number[] | Float64Array, part: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
}

/** The mean of each turn's calls. */
function turnMeans(calls: readonly number[], perTurn: number): number[] {
  const means: number[] = [];
  for (let at = 0; at < calls.length; at += perTurn) {
    means.push(calls.slice(at, at + perTurn).reduce((sum, time) => sum + time, 0) / perTurn);
  }
  return means;
}

/** The wake by which a producer follows a policy. */
function wakeOf(
  policy: WakePolicy,
  writer: RecordWriter,
  queue: { readonly words: Int32Array; readonly control: number },
): () => void {
  const { words, control } = queue;
  if (policy === "poll") return () => {};
  if (policy !== "notify-each") return () => writer.lane.nudge(false);
  return () => {
    Atomics.add(words, control + WAKE_WORD, 1);
    Atomics.notify(words, control + WAKE_WORD);
  };
}

/** The calling side of a comparison. */
class Caller {
  readonly #writer: RecordWriter;
  readonly #wake: () => void;
  sent = 0;

  constructor(writer: RecordWriter, wake: () => void) {
    this.#writer = writer;
    this.#wake = wake;
  }

  /** Sends a record. Returns how long that took, milliseconds; the record says when it began. */
  call(): number {
    const begin = sharedMillis();
    this.#writer.write(this.sent, begin);
    this.#wake();
    this.sent++;
    return sharedMillis() - begin;
  }

  /** Sends a load. Returns the times of all calls, and the share of a core that the process took. */
  async run({
    turns,
    recordsPerTurn,
    pauseMillis,
  }: Load): Promise<{ readonly calls: number[]; readonly cpuPercent: number }> {
    const calls: number[] = [];
    const cpu = startCpu();
    for (let turn = 0; turn < turns; turn++) {
      for (let i = 0; i < recordsPerTurn; i++) calls.push(this.call());
      await delay(pauseMillis);
    }
    return { calls, cpuPercent: cpu() };
  }
}

/** Starts to count. The result says the share of one core that the process has taken since, in percent. */
function startCpu(): () => number {
  const begin = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / MICROS_PER_MILLI / (performance.now() - begin)) * PERCENT;
  };
}

await runCase<WakeArguments>(async (args) => {
  const arena = createArena();
  const handlerSlot = arena.openHandler(QUEUE_BYTES);
  const { words } = arena;
  const control = readGeometry(words, handlerSlot).at / 4;
  const meeting = makeMeeting();
  const { policy, warmCount, steadyTurns, burstTurns, sparseTurns } = args;
  const steady = { turns: steadyTurns, recordsPerTurn: 1, pauseMillis: 1 };
  const bursts = { turns: burstTurns, recordsPerTurn: 100, pauseMillis: 10 };
  const sparse = { turns: sparseTurns, recordsPerTurn: 1, pauseMillis: 100 };
  const total = warmCount + steadyTurns + burstTurns * bursts.recordsPerTurn + sparseTurns;
  const latencies = new Float64Array(new SharedArrayBuffer(total * 8));
  const start: WakeStart = { policy, meeting, memory: arena.memory, handlerSlot, latencies };
  const worker = new Worker(new URL("wake-thread.ts", import.meta.url), { workerData: start });
  const [reported, exited] = [once(worker, "message"), once(worker, "exit")];
  await reached(meeting, READY, 1);
  const writer = new RecordWriter(arena, handlerSlot);
  const caller = new Caller(writer, wakeOf(policy, writer, { words, control }));
  await caller.run({ turns: warmCount / WARM_BATCH, recordsPerTurn: WARM_BATCH, pauseMillis: 1 });
  const steadyRun = await caller.run(steady);
  const burstRun = await caller.run(bursts);
  const sparseRun = await caller.run(sparse);
  await reached(meeting, RECEIVED, total);
  const idle = startCpu();
  await delay(args.idleMillis);
  const idleCpuPercent = idle();
  Atomics.store(words, control + STOP_WORD, DRAIN_AND_END);
  Atomics.add(words, control + WAKE_WORD, 1);
  Atomics.notify(words, control + WAKE_WORD);
  const [received] = (await reported) as [Received];
  await exited;
  const steadyLatencies = latencies.subarray(warmCount, warmCount + steadyTurns);
  return {
    measures: {
      steadyCallMicros: percentile(steadyRun.calls, 0.5) * MICROS_PER_MILLI,
      steadyCallMicros99: percentile(steadyRun.calls, 0.99) * MICROS_PER_MILLI,
      steadyLatencyMillis: percentile(steadyLatencies, 0.5),
      steadyLatencyMillis99: percentile(steadyLatencies, 0.99),
      steadyCpuPercent: steadyRun.cpuPercent,
      burstCallMicros: median(turnMeans(burstRun.calls, bursts.recordsPerTurn)) * MICROS_PER_MILLI,
      sparseCallMicros: percentile(sparseRun.calls, 0.5) * MICROS_PER_MILLI,
      sparseLatencyMillis: percentile(latencies.subarray(total - sparseTurns), 0.5),
      idleCpuPercent,
    },
    recordCount: total,
    checksum: checkReceived(received, total),
    settings: "one record each ms; 100 records each 10 ms; one record each 100 ms; nothing",
  };
});
