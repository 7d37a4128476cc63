import type { Arena } from "./arena.ts";
import { consumerCounters } from "./counters.ts";
import { exportFloats, reasonAtOf, reasonName, ringPlaceOf, sequenceWord } from "./export-counts.ts";
import {
  ABANDONED_TOTAL,
  IN_FLIGHT_TOTAL,
  OTHER_NAME,
  OTHER_REASON,
  REASON_FAILED,
  REASON_NAME_AT,
  REASON_NAME_BYTES_MAX,
  REASON_OPERATIONS,
  REASON_SECONDS,
  SUBMITTED_TOTAL,
  SUCCESS_REASON,
} from "./export-layout.ts";
import {
  DELIVERED_COUNTER,
  FAILED_COUNTER,
  RECOVERED_COUNTER,
  REJECTED_COUNTER,
  SPOOL_FULL_COUNTER,
  SPOOLED_COUNTER,
  type QueueGeometry,
} from "./queue-layout.ts";

/** How an operation of an exporter ended. */
export interface OperationEnd {
  /** Records that were given up. */
  readonly failed: number;
  /** `error.type`; undefined for success. */
  readonly reason: string | undefined;
}

interface Operation {
  readonly recordCount: number;
  readonly startMillis: number;
}

/**
 * Counts the exports of a queue: what its exporter was given, has, and how it ended. The owner's; a new owner has a ledger of its
 * own, and begins with nothing in flight.
 */
export class ExportLedger {
  readonly #arena: Arena;
  readonly #geometry: QueueGeometry;
  readonly #totals: number;
  /** By the serial of the batch: those under way. */
  readonly #operations = new Map<number, Operation>();
  readonly #reasons = new Map<string, number>();
  #inFlight = 0;

  constructor(arena: Arena, geometry: QueueGeometry) {
    this.#arena = arena;
    this.#geometry = geometry;
    this.#totals = exportFloats(geometry);
    arena.floats[this.#totals + IN_FLIGHT_TOTAL] = 0;
  }

  /** The exporter is given a batch. A batch that it has already, and is to go on with, is counted once. */
  begin(serial: number, recordCount: number): void {
    if (recordCount === 0 || this.#operations.has(serial)) return;
    this.#operations.set(serial, { recordCount, startMillis: performance.now() });
    this.#inFlight += recordCount;
    const { floats } = this.#arena;
    floats[this.#totals + IN_FLIGHT_TOTAL] = this.#inFlight;
    // What an owner before was given and did not end with is given out again: it is not counted again.
    const submitted = this.#endedCount() + this.#inFlight;
    if (submitted > (floats[this.#totals + SUBMITTED_TOTAL] as number))
      floats[this.#totals + SUBMITTED_TOTAL] = submitted;
  }

  /** The exporter has ended with a batch. To be called before the queue's own counters say so. */
  end(serial: number, end: OperationEnd): void {
    const operation = this.#operations.get(serial);
    if (operation === undefined) return;
    this.#operations.delete(serial);
    const reason = this.#reasonOf(end);
    const seconds = (performance.now() - operation.startMillis) / 1000;
    this.#note(reason, seconds);
    const { floats } = this.#arena;
    const at = reasonAtOf(this.#geometry, reason) / 8;
    floats[at + REASON_OPERATIONS]! += 1;
    floats[at + REASON_SECONDS]! += seconds;
    floats[at + REASON_FAILED]! += end.failed;
    this.#inFlight -= operation.recordCount;
    floats[this.#totals + IN_FLIGHT_TOTAL] = this.#inFlight;
  }

  /** Records that are given up long after the operation they were part of: those of a persistent queue. */
  noteLost(end: OperationEnd): void {
    if (end.failed === 0) return;
    const at = reasonAtOf(this.#geometry, this.#reasonOf(end)) / 8;
    this.#arena.floats[at + REASON_FAILED]! += end.failed;
  }

  /** What was found on the disk was given to an exporter by another process. */
  #endedCount(): number {
    const { floats } = this.#arena;
    const at = consumerCounters(this.#geometry);
    return (
      (floats[at + DELIVERED_COUNTER] as number) +
      (floats[at + REJECTED_COUNTER] as number) +
      (floats[at + FAILED_COUNTER] as number) +
      (floats[at + SPOOLED_COUNTER] as number) +
      (floats[at + SPOOL_FULL_COUNTER] as number) -
      (floats[at + RECOVERED_COUNTER] as number) +
      (floats[this.#totals + ABANDONED_TOTAL] as number)
    );
  }

  #note(reason: number, seconds: number): void {
    const word = sequenceWord(this.#geometry);
    const { floats, words } = this.#arena;
    const sequence = words[word] as number;
    const place = ringPlaceOf(this.#geometry, sequence);
    floats[place.float] = seconds;
    words[place.word] = reason;
    Atomics.store(words, word, sequence + 1);
  }

  #reasonOf({ failed, reason }: OperationEnd): number {
    if (reason === undefined || reason === "") return failed > 0 ? OTHER_REASON : SUCCESS_REASON;
    const known = this.#reasons.get(reason);
    if (known !== undefined) return known;
    const found = this.#findOrAdd(nameOf(reason));
    this.#reasons.set(reason, found);
    return found;
  }

  /** The place of a name: its own, a free one, or that of all for which there is none. */
  #findOrAdd(name: string): number {
    if (name === OTHER_NAME) return OTHER_REASON;
    for (let reason = SUCCESS_REASON + 1; reason < OTHER_REASON; reason++) {
      const taken = reasonName(this.#arena, this.#geometry, reason);
      if (taken === name) return reason;
      if (taken === undefined) {
        this.#write(reason, name);
        return reason;
      }
    }
    return OTHER_REASON;
  }

  #write(reason: number, name: string): void {
    const at = reasonAtOf(this.#geometry, reason) + REASON_NAME_AT;
    const { bytes } = this.#arena;
    for (let index = 0; index < name.length; index++) bytes[at + 1 + index] = name.charCodeAt(index);
    Atomics.store(bytes, at, name.length);
  }
}

/** At the end of the process: of the `left` records that nobody will export, those that an exporter had been given are counted as such. */
export function countAbandoned(arena: Arena, geometry: QueueGeometry, left: number): void {
  const totals = exportFloats(geometry);
  const inFlight = arena.floats[totals + IN_FLIGHT_TOTAL] as number;
  arena.floats[totals + ABANDONED_TOTAL]! += Math.min(left, inFlight);
  arena.floats[totals + IN_FLIGHT_TOTAL] = 0;
}

/** A name that fits: printable ASCII, cut to its place. */
function nameOf(reason: string): string {
  return reason.replace(/[^!-~]/gu, "_").slice(0, REASON_NAME_BYTES_MAX);
}
