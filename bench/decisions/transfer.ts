/**
 * What does a record cost that crosses from one thread to another, the sender and in all? Encoding and decoding included: the sender
 * begins with values, the receiver ends with values. Does not show formatting or output, nor several senders.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { DRAIN_AND_END, readGeometry, STOP_WORD, WAKE_WORD } from "../../processors/queue/queue-layout.ts";
import { timeBursts, type BurstPlan } from "../bursts.ts";
import { runCase } from "../case-program.ts";
import { Stopwatch } from "../stopwatch.ts";
import { makeMeeting, reached, READY, RECEIVED } from "./meeting.ts";
import { openWay, type OpenWay, type Sender } from "./senders.ts";
import { checkReceived, type Received } from "./standard-record.ts";
import type { TransferStart, TransferWay } from "./transfer-ways.ts";

/** Arguments of the case. */
export interface TransferArguments extends BurstPlan {
  readonly way: TransferWay;
  /** Records of the sustained part. */
  readonly count: number;
}

const SETTINGS: Readonly<Record<TransferWay, string>> = {
  segments: "queue of 4 MiB, batches of 512 given back",
  ring: "ring of 4 MiB, given back after each 512 records",
  "post-each": "an object a record, at most 50,000 ahead of the receiver",
  "post-batch": "an array of 512 objects, at most 50,000 ahead of the receiver",
  "post-buffer": "encoded records in a buffer of 64 KiB, transferred, at most 50,000 ahead of the receiver",
};

/** Ends the receiver, and returns what it has got. */
async function stop(worker: Worker, { way, memory, handlerSlot }: TransferStart): Promise<Received> {
  const reported = once(worker, "message");
  // At once: a thread that ends hands its last message over in the same turn.
  const exited = once(worker, "exit");
  if (way === "segments" || way === "ring") {
    const words = new Int32Array(memory);
    const control = way === "ring" ? 0 : readGeometry(words, handlerSlot).at / 4;
    Atomics.store(words, control + STOP_WORD, DRAIN_AND_END);
    Atomics.add(words, control + WAKE_WORD, 1);
    Atomics.notify(words, control + WAKE_WORD);
  } else {
    worker.postMessage(null);
  }
  const [received] = (await reported) as [Received];
  await exited;
  return received;
}

async function connect(
  open: OpenWay,
  start: TransferStart,
): Promise<{ readonly worker: Worker; readonly sender: Sender }> {
  const worker = new Worker(new URL("transfer-thread.ts", import.meta.url), { workerData: start });
  await reached(start.meeting, READY, 1);
  return { worker, sender: open.connect(worker, start.meeting) };
}

await runCase<TransferArguments>(async (args) => {
  const meeting = makeMeeting();
  const { start, ...open } = openWay(args.way, meeting);
  const { worker, sender } = await connect(open, start);
  let sent = 0;
  const burst = (begin: number, end: number): void => {
    sender.send(begin, end);
    sender.flush();
    sent = end;
  };
  const settle = (): Promise<void> => reached(meeting, RECEIVED, sent);
  const times = await timeBursts(
    { burst, chunkSize: Number.POSITIVE_INFINITY, settle, finish: settle },
    args,
  );
  const watch = new Stopwatch();
  burst(times.recordCount, times.recordCount + args.count);
  await settle();
  const { nsPerRecord, cpuNsPerRecord } = watch.read(args.count);
  const received = await stop(worker, start);
  return {
    measures: { nsPerCall: times.nsPerCall, nsPerCallBest: times.nsPerCallBest, nsPerRecord, cpuNsPerRecord },
    recordCount: sent,
    checksum: checkReceived(received, sent),
    settings: SETTINGS[args.way],
  };
});
