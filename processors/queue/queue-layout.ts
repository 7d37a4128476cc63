import { HANDLERS_AT, HANDLER_QUEUE_AT, HANDLER_SLOT_BYTES, THREAD_COUNT } from "./layout.ts";

// A handler's queue: a piece of the arena. Offsets in bytes from the queue's start.
//   part       bytes                                    stored by
//   control    8 KiB                                    see the words below; the second half is in export-layout.ts
//   lanes      THREAD_COUNT x laneBytes                 one a thread: what it has opened, what it counted, which segments
//   heads      segmentCount x 128                       state of each segment
//   segments   segmentCount x segmentBytes              frames
//
// Control words (index into Int32Array, from the queue's start), a cache line each:
//   word  name             stored by      meaning
//      0  SLEEP            consumer       0 awake, 1 lingers (polls), 2 asleep (must be woken)
//     16  WAKE             anyone         counts wakes; what the consumer waits on
//     32  FLUSH_REQUESTED  anyone         counts calls of flush
//     48  FLUSH_SERVED     consumer       the last request that is done; what callers of flush wait on
//     64  OWNER            CAS            epoch << 1 | 1 while a write is under way
//     80  STOP             anyone         0 run, 1 drain and end, 2 end at once
//     96  CONSUMER_STATE   consumer       0 none, 1 starting, 2 running, 3 ended
//     97  CONSUMER_BEAT    consumer       counts rounds of its loop: progress, not proof of life
//     98  RETIRED          consumer       epoch of the last one that has ended because another had taken over
//    112  CLOSED           owner thread   records are refused as already_shutdown
//    128  FREED            consumer       counts segments given back; what blocked producers wait on
//    144  WAITERS          CAS            producers that wait for room
//    160  REOPEN_REQUESTED / 161 REOPEN_SERVED
//    176  SEGMENT_COUNT, 177 SEGMENT_BYTES, 178 LANE_BYTES: fixed when the queue is made
//    179  LANES_USED       CAS            lanes 0 to this one have been used at some time
//    208  URGENT           producers    1 when a record came that should not wait for its batch; the consumer sets it back
//    224  GATHER           CAS            segments that are still to be opened before a consumer that lingers is woken; below 1: the next one
//    240  FILTERS_VERSION  owner thread   counts changes of the filters that the consumer runs
//    192  INTENT_RUNS      consumer       runs in the noted intent, see intent.ts
//    193  INTENT_OUTCOME   consumer       0 not known, 1 the batch was written, 2 it was given up
export const SLEEP_WORD = 0;
export const WAKE_WORD = 16;
export const FLUSH_REQUESTED_WORD = 32;
export const FLUSH_SERVED_WORD = 48;
export const OWNER_WORD = 64;
export const STOP_WORD = 80;
export const CONSUMER_STATE_WORD = 96;
export const CONSUMER_BEAT_WORD = 97;
export const RETIRED_WORD = 98;
export const CLOSED_WORD = 112;
export const FREED_WORD = 128;
export const WAITERS_WORD = 144;
export const REOPEN_REQUESTED_WORD = 160;
export const REOPEN_SERVED_WORD = 161;
export const SEGMENT_COUNT_WORD = 176;
export const SEGMENT_BYTES_WORD = 177;
export const LANE_BYTES_WORD = 178;
export const LANES_USED_WORD = 179;
export const INTENT_RUNS_WORD = 192;
export const INTENT_OUTCOME_WORD = 193;
export const URGENT_WORD = 208;
export const GATHER_WORD = 224;
export const FILTERS_VERSION_WORD = 240;

export const AWAKE = 0;
export const LINGERING = 1;
export const ASLEEP = 2;

export const RUN = 0;
export const DRAIN_AND_END = 1;
export const END_NOW = 2;

export const CONSUMER_STARTING = 1;
export const CONSUMER_RUNNING = 2;
export const CONSUMER_ENDED = 3;

export const OUTCOME_UNKNOWN = 0;
export const OUTCOME_WRITTEN = 1;
export const OUTCOME_FAILED = 2;

// Counters of the consumer: float64, from byte 1024 of the control block. One writer at a time (the owner), never reset.
export const COUNTERS_AT = 1024;
export const DELIVERED_COUNTER = 0;
export const FILTERED_COUNTER = 1;
export const REJECTED_COUNTER = 2;
export const FAILED_COUNTER = 3;
export const EXIT_DEADLINE_COUNTER = 4;
export const REPLAYED_COUNTER = 5;
export const BATCHES_COUNTER = 6;
export const BYTES_COUNTER = 7;
export const RENDER_FAILED_COUNTER = 8;
/** Records that filters of the consumer have made: none of any lane, but delivered or lost like those. */
export const SUMMARIES_COUNTER = 9;
// The three of a persistent queue.
/** Records that are on the disk now: the one that goes down as well. */
export const SPOOLED_COUNTER = 10;
/** Records that were found on the disk, left by processes before: none of any lane, but delivered or lost like those. */
export const RECOVERED_COUNTER = 11;
export const SPOOL_FULL_COUNTER = 12;
/** Those that a settled batch changes; the first one first, so that who adds up in between finds no more done than there was. */
export const BATCH_COUNTERS: readonly number[] = [
  SUMMARIES_COUNTER,
  FILTERED_COUNTER,
  DELIVERED_COUNTER,
  REJECTED_COUNTER,
  FAILED_COUNTER,
  RENDER_FAILED_COUNTER,
  BATCHES_COUNTER,
  BYTES_COUNTER,
];

/** Counters that there is room for. */
export const COUNTERS_MAX = 16;

// The handler's name: a byte of length, and UTF-8, cut.
export const NAME_AT: number = COUNTERS_AT + COUNTERS_MAX * 8;
export const HANDLER_NAME_BYTES = 127;

// The intent of the write under way: float64 file offset, bytes, inode, writer, records filtered, summaries; then pairs of int32 (segment, bytes done after).
export const INTENT_AT = 1280;
export const INTENT_RUNS_AT = 1536;
export const INTENT_RUNS_MAX = 320;

/** What is counted of exports, see export-layout.ts. */
export const EXPORTS_AT = 4096;
export const CONTROL_BYTES = 8192;

// Lane: what one thread shares with the consumer.
//   line 0   the thread   OPENED word: segments it has opened, ever, modulo 2^32
//   line 1   CAS          TAKEN word: segments taken by the consumer, or taken back by the thread (drop-oldest), modulo 2^32
//   line 2   the thread   float64 counters, never reset
//   then     the thread   int32 ring: order modulo a power of two, at least segmentCount -> segment
export const LANE_OPENED = 0;
export const LANE_TAKEN = 16;
export const LANE_COUNTERS_AT = 128;
export const LANE_RING_AT = 192;
export const PUBLISHED_COUNTER = 0;
export const QUEUE_FULL_COUNTER = 1;
export const TOO_LARGE_COUNTER = 2;
export const ALREADY_SHUTDOWN_COUNTER = 3;
/** Published records that the thread took back: counted as queue_full too, but they were published. */
export const TAKEN_BACK_COUNTER = 4;
/** Records that filters of the thread have left out before they were queued. */
export const LANE_FILTERED_COUNTER = 5;

// Segment head: 128 bytes, a line for each side.
//   word  name       stored by
//      0  STATE      CAS by the taker, consumer at release: lane + 1, 0 when free
//      1  PUBLISHED  the thread: bytes of whole frames
//      2  SEALED     the thread: 1 when no more will come
//      3  ORDER      the thread: how many segments it had opened before, modulo 2^32
//     16  DONE       consumer: bytes whose records are delivered or counted
//     17  READ       consumer: 1 from when it has taken the segment until it gives it back
export const SEGMENT_HEAD_BYTES = 128;
export const SEGMENT_STATE = 0;
export const SEGMENT_PUBLISHED = 1;
export const SEGMENT_SEALED = 2;
export const SEGMENT_ORDER = 3;
export const SEGMENT_DONE = 16;
export const SEGMENT_READ = 17;

const SEGMENT_BYTES_MAX = 65_536;
const SEGMENT_COUNT_AIM = 32;
const SEGMENT_COUNT_MAX = 1024;

/** Where the parts of a queue stand, as byte offsets in the arena. */
export interface QueueGeometry {
  readonly at: number;
  readonly segmentCount: number;
  readonly segmentBytes: number;
  readonly laneBytes: number;
  /** Places in a lane's ring less one: a power of two less one, so that orders may pass 2^32. */
  readonly ringMask: number;
  readonly lanesAt: number;
  readonly headsAt: number;
  readonly segmentsAt: number;
  readonly end: number;
}

/** Sizes of the segments for `queueBytes` of frames: at least 16 segments of at least 4 KiB. */
export function segmentSizes(queueBytes: number): {
  readonly segmentBytes: number;
  readonly segmentCount: number;
} {
  let segmentBytes = 4096;
  while (
    (segmentBytes < SEGMENT_BYTES_MAX && queueBytes / segmentBytes >= SEGMENT_COUNT_AIM * 2) ||
    queueBytes / segmentBytes > SEGMENT_COUNT_MAX
  ) {
    segmentBytes *= 2;
  }
  return { segmentBytes, segmentCount: Math.floor(queueBytes / segmentBytes) };
}

function align(byteCount: number): number {
  return (byteCount + 127) & ~127;
}

/** Lays a queue out from byte `at` of the arena. */
export function layOutQueue(
  at: number,
  sizes: { readonly segmentBytes: number; readonly segmentCount: number },
): QueueGeometry {
  const ringMask = 2 ** Math.ceil(Math.log2(sizes.segmentCount)) - 1;
  const laneBytes = align(LANE_RING_AT + (ringMask + 1) * 4);
  const lanesAt = at + CONTROL_BYTES;
  const headsAt = lanesAt + laneBytes * THREAD_COUNT;
  const segmentsAt = headsAt + sizes.segmentCount * SEGMENT_HEAD_BYTES;
  const end = segmentsAt + sizes.segmentCount * sizes.segmentBytes;
  return { at, ...sizes, laneBytes, ringMask, lanesAt, headsAt, segmentsAt, end };
}

/** Index of the first word of a lane. */
export function laneWordOf(geometry: QueueGeometry, lane: number): number {
  return (geometry.lanesAt + lane * geometry.laneBytes) / 4;
}

/** Index of the word that names the segment which a lane opened after `order` others. */
export function ringWordOf(geometry: QueueGeometry, laneWord: number, order: number): number {
  return laneWord + LANE_RING_AT / 4 + (order & geometry.ringMask);
}

/** Index of the first word of a segment's head. */
export function headWordOf(geometry: QueueGeometry, segment: number): number {
  return (geometry.headsAt + segment * SEGMENT_HEAD_BYTES) / 4;
}

/** Where a segment's frames begin: byte offset in the arena. */
export function segmentAtOf(geometry: QueueGeometry, segment: number): number {
  return geometry.segmentsAt + segment * geometry.segmentBytes;
}

/** Reads the layout of a queue that some thread has made. */
export function readGeometry(words: Int32Array, handlerSlot: number): QueueGeometry {
  const at = (words[(HANDLERS_AT + handlerSlot * HANDLER_SLOT_BYTES) / 4 + HANDLER_QUEUE_AT] as number) * 64;
  const control = at / 4;
  return layOutQueue(at, {
    segmentBytes: words[control + SEGMENT_BYTES_WORD] as number,
    segmentCount: words[control + SEGMENT_COUNT_WORD] as number,
  });
}
