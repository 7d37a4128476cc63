import { laneCounters, type Arena } from "./arena.ts";
import { readExportCounts } from "./export-counts.ts";
import { OTHER_NAME } from "./export-layout.ts";
import {
  ALREADY_SHUTDOWN_COUNTER,
  BATCHES_COUNTER,
  BYTES_COUNTER,
  COUNTERS_AT,
  DELIVERED_COUNTER,
  EXIT_DEADLINE_COUNTER,
  FAILED_COUNTER,
  FILTERED_COUNTER,
  LANE_FILTERED_COUNTER,
  LANES_USED_WORD,
  PUBLISHED_COUNTER,
  QUEUE_FULL_COUNTER,
  RECOVERED_COUNTER,
  REJECTED_COUNTER,
  RENDER_FAILED_COUNTER,
  REPLAYED_COUNTER,
  SPOOL_FULL_COUNTER,
  SPOOLED_COUNTER,
  SUMMARIES_COUNTER,
  TAKEN_BACK_COUNTER,
  TOO_LARGE_COUNTER,
  type QueueGeometry,
} from "./queue-layout.ts";

/** Records left out, by reason. */
export interface DropCounts {
  /** No room in the queue, by the overflow policy. */
  readonly queue_full: number;
  /** Larger than `recordBytesMax`. */
  readonly too_large: number;
  /** Logged after `shutdown` began. */
  readonly already_shutdown: number;
  /** Given up by the exporter. */
  readonly export_failed: number;
  /** Refused by the peer in a partial success. */
  readonly rejected: number;
  /** No room in the persistent queue for longer than `retryTimeoutMillis`. */
  readonly spool_full: number;
  /** Left when the process had to end. */
  readonly exit_deadline: number;
}

/** What has become of a handler's records since it was made. Exact, never reset: `emitted` is the sum of the others. */
export interface HandlerStats {
  /** Records that a level let through to this handler, from all threads, the summaries of its filters, and `recovered`. */
  readonly emitted: number;
  readonly delivered: number;
  /** Records that filters of the handler have left out. Not a loss. */
  readonly filtered: number;
  /** Records by which filters of the handler tell of what they left out. Part of `emitted`. */
  readonly summaries: number;
  /** Records in the queue, or under way. */
  readonly queued: number;
  /** Records that are in the persistent queue on the disk, and that the peer has not acknowledged. */
  readonly spooled: number;
  /** Records that were found in the persistent queue, left by processes before. Part of `emitted`. */
  readonly recovered: number;
  readonly dropped: DropCounts;
  /** Sum of `dropped`. */
  readonly droppedTotal: number;
  /**
   * Why records were given up or refused: by `error.type` of the semantic conventions, such as `503`, `ECONNREFUSED`, `timeout`, `rejected`,
   * `render_failed`; `_OTHER` for all beyond 30 of them. Their sum is `dropped.export_failed` and `dropped.rejected`.
   */
  readonly failures: Readonly<Record<string, number>>;
  /** Records that were exported, perhaps for the second time, after a worker had died. Part of `delivered`. */
  readonly replayed: number;
  /** Writes or requests. */
  readonly batches: number;
  /** Bytes written or sent. */
  readonly bytes: number;
}

/** Index, in float64s, of the consumer's counters of a queue. */
export function consumerCounters(geometry: QueueGeometry): number {
  return (geometry.at + COUNTERS_AT) / 8;
}

function sumOfLanes(arena: Arena, geometry: QueueGeometry, counter: number): number {
  const used = arena.words[geometry.at / 4 + LANES_USED_WORD] as number;
  let sum = 0;
  for (let lane = 0; lane < used; lane++)
    sum += arena.floats[laneCounters(geometry, lane) + counter] as number;
  return sum;
}

function doneCount(arena: Arena, geometry: QueueGeometry): number {
  const at = consumerCounters(geometry);
  const floats = arena.floats;
  return (
    (floats[at + DELIVERED_COUNTER] as number) +
    (floats[at + FILTERED_COUNTER] as number) +
    (floats[at + REJECTED_COUNTER] as number) +
    (floats[at + FAILED_COUNTER] as number) +
    (floats[at + RENDER_FAILED_COUNTER] as number) +
    (floats[at + EXIT_DEADLINE_COUNTER] as number) +
    (floats[at + SPOOL_FULL_COUNTER] as number) +
    // Last: what leaves the disk is taken off here before it is added above, so it may be missing for a moment, never be there twice.
    (floats[at + SPOOLED_COUNTER] as number)
  );
}

/** Records in the queue or under way. A moment's view where other threads log. */
export function queuedCount(arena: Arena, geometry: QueueGeometry): number {
  // What is done is read first: the difference is never negative.
  const done = doneCount(arena, geometry);
  const at = consumerCounters(geometry);
  const made =
    (arena.floats[at + SUMMARIES_COUNTER] as number) + (arena.floats[at + RECOVERED_COUNTER] as number);
  const published = sumOfLanes(arena, geometry, PUBLISHED_COUNTER) + made;
  return Math.max(0, published - sumOfLanes(arena, geometry, TAKEN_BACK_COUNTER) - done);
}

/** Reads all counters of a queue. */
export function readStats(arena: Arena, geometry: QueueGeometry): HandlerStats {
  const at = consumerCounters(geometry);
  const own = (counter: number): number => arena.floats[at + counter] as number;
  const queued = queuedCount(arena, geometry);
  const dropped: DropCounts = {
    queue_full: sumOfLanes(arena, geometry, QUEUE_FULL_COUNTER),
    too_large: sumOfLanes(arena, geometry, TOO_LARGE_COUNTER),
    already_shutdown: sumOfLanes(arena, geometry, ALREADY_SHUTDOWN_COUNTER),
    export_failed: own(FAILED_COUNTER) + own(RENDER_FAILED_COUNTER),
    rejected: own(REJECTED_COUNTER),
    spool_full: own(SPOOL_FULL_COUNTER),
    exit_deadline: own(EXIT_DEADLINE_COUNTER),
  };
  const droppedTotal = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const published = sumOfLanes(arena, geometry, PUBLISHED_COUNTER);
  const takenBack = sumOfLanes(arena, geometry, TAKEN_BACK_COUNTER);
  const delivered = own(DELIVERED_COUNTER);
  const summaries = own(SUMMARIES_COUNTER);
  const recovered = own(RECOVERED_COUNTER);
  const filteredBefore = sumOfLanes(arena, geometry, LANE_FILTERED_COUNTER);
  const refused = dropped.queue_full + dropped.too_large + dropped.already_shutdown + filteredBefore;
  return {
    emitted: published - takenBack + refused + summaries + recovered,
    delivered,
    filtered: own(FILTERED_COUNTER) + filteredBefore,
    summaries,
    queued,
    spooled: own(SPOOLED_COUNTER),
    recovered,
    dropped,
    droppedTotal,
    failures: readFailures(arena, geometry),
    replayed: own(REPLAYED_COUNTER),
    batches: own(BATCHES_COUNTER),
    bytes: own(BYTES_COUNTER),
  };
}

/** Totals are read first, and are counted last: no reason is ever less than it will be. */
function readFailures(arena: Arena, geometry: QueueGeometry): Readonly<Record<string, number>> {
  const at = consumerCounters(geometry);
  const failures = new Map<string, number>();
  const add = (reason: string, count: number): void => {
    if (count > 0) failures.set(reason, (failures.get(reason) ?? 0) + count);
  };
  add("rejected", arena.floats[at + REJECTED_COUNTER] as number);
  add("render_failed", arena.floats[at + RENDER_FAILED_COUNTER] as number);
  let unnamed = arena.floats[at + FAILED_COUNTER] as number;
  for (const { reason, failed } of readExportCounts(arena, geometry).reasons) {
    add(reason ?? OTHER_NAME, failed);
    unnamed -= failed;
  }
  // Of a thread that died between its word that a batch had failed and its word why.
  add(OTHER_NAME, unnamed);
  return Object.fromEntries(failures);
}
