/** The thread that receives, by one of the ways: reads every value of every record, and says in the end what it has got. */
import { parentPort, workerData } from "node:worker_threads";

import { Arena } from "../../processors/queue/arena.ts";
import { readGeometry, RUN, STOP_WORD } from "../../processors/queue/queue-layout.ts";
import { QueueReader } from "../../processors/queue/reader.ts";
import { Sleep } from "../../processors/worker/sleep.ts";
import { FrameSum } from "./frame-sum.ts";
import { announce, READY, RECEIVED } from "./meeting.ts";
import { RingReader } from "./ring.ts";
import { Checksum, type Received } from "./standard-record.ts";
import { BATCH_SIZE, type PostedBuffer, type PostedRecord, type TransferStart } from "./transfer-ways.ts";

const start = workerData as TransferStart;
const { meeting } = start;
/** Message that ends the ways which receive messages. */
const END = null;

function report({ count, text }: { readonly count: number; readonly text: string }): void {
  const received: Received = { count, checksum: text };
  parentPort?.postMessage(received);
}

/** What the two ways through shared memory have in common. */
interface Source {
  readonly words: Int32Array;
  readonly control: number;
  readonly sum: FrameSum;
  readonly next: () => number;
  /** Gives back what was read since the last call. */
  readonly release: () => void;
  readonly hasMore: () => boolean;
}

function openSegments(): Source {
  const arena = new Arena(start.memory);
  const reader = new QueueReader(arena, { handlerSlot: start.handlerSlot });
  return {
    words: arena.words,
    control: readGeometry(arena.words, start.handlerSlot).at / 4,
    sum: new FrameSum(arena.bytes),
    next: () => reader.next(),
    release: () => {
      const batch = reader.endBatch();
      if (batch !== undefined) reader.finish(batch);
    },
    hasMore: () => reader.hasMore(),
  };
}

function openRing(): Source {
  const reader = new RingReader(start.memory);
  return {
    words: new Int32Array(start.memory),
    control: 0,
    sum: new FrameSum(Buffer.from(start.memory)),
    next: () => reader.next(),
    release: () => reader.release(),
    hasMore: () => reader.hasMore(),
  };
}

/** Reads in batches, and sleeps as the product's workers do, until told to stop. */
function drain(source: Source): void {
  const { words, control, sum, hasMore } = source;
  const sleep = new Sleep(words, { control, hasWork: hasMore, dueInMillis: () => Number.POSITIVE_INFINITY });
  announce(meeting, READY, 1);
  for (;;) {
    const mustStop = Atomics.load(words, control + STOP_WORD) !== RUN;
    if (drainBatch(source)) announce(meeting, RECEIVED, sum.count);
    else if (mustStop) break;
    else sleep.untilWork();
  }
  report({ count: sum.count, text: sum.text() });
}

function drainBatch({ sum, next, release }: Source): boolean {
  let taken = 0;
  for (let at = next(); at >= 0; at = taken < BATCH_SIZE ? next() : -1) {
    sum.addFrame(at);
    taken++;
  }
  release();
  return taken > 0;
}

/** Takes messages as they come. `take` adds one message up. */
function receive(take: (message: unknown, sum: Checksum) => void): void {
  const sum = new Checksum();
  parentPort?.on("message", (message: unknown) => {
    if (message === END) {
      report({ count: sum.count, text: sum.text() });
      parentPort?.close();
      return;
    }
    take(message, sum);
    announce(meeting, RECEIVED, sum.count);
  });
  announce(meeting, READY, 1);
}

function takeRecord(message: unknown, sum: Checksum): void {
  sum.addAttributes((message as PostedRecord).attributes);
}

function takeBatch(message: unknown, sum: Checksum): void {
  for (const record of message as readonly PostedRecord[]) takeRecord(record, sum);
}

/** Adds up what stands in a buffer, with a cursor of its own: buffers come and go. */
function takeBuffer(message: unknown, sum: Checksum): void {
  const { buffer, byteCount } = message as PostedBuffer;
  const words = new Int32Array(buffer);
  const frames = new FrameSum(Buffer.from(buffer));
  frames.follow(sum);
  for (let at = 0; at < byteCount; at += words[at >> 2] as number) frames.addFrame(at);
  sum.follow(frames);
}

switch (start.way) {
  case "segments":
    drain(openSegments());
    break;
  case "ring":
    drain(openRing());
    break;
  case "post-each":
    receive(takeRecord);
    break;
  case "post-batch":
    receive(takeBatch);
    break;
  case "post-buffer":
    receive(takeBuffer);
}
