/** The sending halves of the ways from thread to thread. */
import type { Worker } from "node:worker_threads";

import { Arena, createArena } from "../../processors/queue/arena.ts";
import { epochMillis } from "../../processors/shape/clock.ts";
import { RECEIVED, waitUntil } from "./meeting.ts";
import { RecordWriter } from "./record-writer.ts";
import { makeRing, RingWriter } from "./ring.ts";
import { attributesOf, LEVEL, SEVERITY, TEXT } from "./standard-record.ts";
import {
  AHEAD_MAX,
  BATCH_SIZE,
  BUFFER_BYTES,
  QUEUE_BYTES,
  type PostedBuffer,
  type PostedRecord,
  type TransferStart,
  type TransferWay,
} from "./transfer-ways.ts";

const ROOM_MILLIS = 10_000;

/** What sends records 0, 1, … to the other thread. */
export interface Sender {
  /** Sends the records from `begin` to `end`, `end` not included, each as soon as the way allows. */
  readonly send: (begin: number, end: number) => void;
  /** Hands over what has been kept back, and sees to it that the receiver looks. */
  readonly flush: () => void;
}

/** A way, set up: what the receiver is told, and the sender once the receiver is there. */
export interface OpenWay {
  readonly memory: SharedArrayBuffer;
  readonly handlerSlot: number;
  readonly connect: (worker: Worker, meeting: Int32Array) => Sender;
}

const NO_MEMORY = new SharedArrayBuffer(0);

/** The product: one copy into the thread's segment of the queue, one store that publishes. */
function openSegments(): OpenWay {
  const arena = createArena();
  const handlerSlot = arena.openHandler(QUEUE_BYTES);
  const connect = (): Sender => {
    const writer = new RecordWriter(new Arena(arena.memory), handlerSlot);
    return {
      send: (begin, end) => {
        for (let i = begin; i < end; i++) {
          writer.write(i, epochMillis());
          writer.lane.nudge(false);
        }
      },
      flush: () => writer.lane.wake(true),
    };
  };
  return { memory: arena.memory, handlerSlot, connect };
}

/** The same records into one contiguous ring. */
function openRing(): OpenWay {
  const memory = makeRing(QUEUE_BYTES);
  const connect = (): Sender => {
    const encoder = detachedWriter();
    const ring = new RingWriter(memory);
    return {
      send: (begin, end) => {
        for (let i = begin; i < end; i++) {
          const byteCount = encoder.encode(i, epochMillis());
          while (!ring.offer(encoder.encoder, byteCount)) {
            if (!ring.waitForRoom(ROOM_MILLIS)) throw new Error(`Record ${i}: the ring stays full`);
          }
          ring.nudge();
        }
      },
      flush: () => ring.wake(true),
    };
  };
  return { memory, handlerSlot: 0, connect };
}

/** An encoder whose queue nobody uses. */
function detachedWriter(): RecordWriter {
  const arena = createArena();
  return new RecordWriter(arena, arena.openHandler(65_536));
}

function recordOf(index: number): PostedRecord {
  return {
    time: epochMillis(),
    severity: SEVERITY,
    level: LEVEL,
    text: TEXT,
    attributes: attributesOf(index),
  };
}

/** Waits where the receiver is too far behind: every way has a bound. */
function keepNear(meeting: Int32Array, sent: number): void {
  if (sent - (meeting[RECEIVED] as number) > AHEAD_MAX) waitUntil(meeting, RECEIVED, sent - AHEAD_MAX);
}

/** An object a record, a message each. */
function connectPostEach(worker: Worker, meeting: Int32Array): Sender {
  return {
    send: (begin, end) => {
      for (let i = begin; i < end; i++) {
        worker.postMessage(recordOf(i));
        keepNear(meeting, i + 1);
      }
    },
    flush: () => {},
  };
}

/** An object a record, a message for 512 of them. */
function connectPostBatch(worker: Worker, meeting: Int32Array): Sender {
  let batch: PostedRecord[] = [];
  const flush = (): void => {
    if (batch.length > 0) worker.postMessage(batch);
    batch = [];
  };
  return {
    send: (begin, end) => {
      for (let i = begin; i < end; i++) {
        batch.push(recordOf(i));
        if (batch.length < BATCH_SIZE) continue;
        flush();
        keepNear(meeting, i + 1);
      }
    },
    flush,
  };
}

/** The product's encoded records in a buffer of 64 KiB, which is handed over, not copied, when it is full. */
function connectPostBuffer(worker: Worker, meeting: Int32Array): Sender {
  const { encoder, encode } = bindEncode(detachedWriter());
  let words = new Int32Array(BUFFER_BYTES / 4);
  let at = 0;
  const flush = (): void => {
    if (at === 0) return;
    const posted: PostedBuffer = { buffer: words.buffer, byteCount: at };
    worker.postMessage(posted, [words.buffer]);
    words = new Int32Array(BUFFER_BYTES / 4);
    at = 0;
  };
  return {
    send: (begin, end) => {
      for (let i = begin; i < end; i++) {
        const byteCount = encode(i, epochMillis());
        if (at + byteCount > BUFFER_BYTES) {
          flush();
          keepNear(meeting, i);
        }
        const from = encoder.words;
        const to = at >> 2;
        for (let word = 0; word < byteCount >> 2; word++) words[to + word] = from[word] as number;
        at += byteCount;
      }
    },
    flush,
  };
}

function bindEncode(writer: RecordWriter): Pick<RecordWriter, "encoder" | "encode"> {
  return { encoder: writer.encoder, encode: (index, millis) => writer.encode(index, millis) };
}

function openPosting(connect: OpenWay["connect"]): OpenWay {
  return { memory: NO_MEMORY, handlerSlot: 0, connect };
}

const WAYS: Readonly<Record<TransferWay, () => OpenWay>> = {
  segments: openSegments,
  ring: openRing,
  "post-each": () => openPosting(connectPostEach),
  "post-batch": () => openPosting(connectPostBatch),
  "post-buffer": () => openPosting(connectPostBuffer),
};

/** Sets a way up. */
export function openWay(
  way: TransferWay,
  meeting: Int32Array<SharedArrayBuffer>,
): OpenWay & { readonly start: TransferStart } {
  const open = WAYS[way]();
  return { ...open, start: { way, meeting, memory: open.memory, handlerSlot: open.handlerSlot } };
}
