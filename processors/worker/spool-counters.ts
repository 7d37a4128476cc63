import type { Arena } from "../queue/arena.ts";
import { consumerCounters } from "../queue/counters.ts";
import {
  DELIVERED_COUNTER,
  FAILED_COUNTER,
  RECOVERED_COUNTER,
  REJECTED_COUNTER,
  SPOOLED_COUNTER,
  type QueueGeometry,
} from "../queue/queue-layout.ts";
import type { ExportLedger } from "../queue/export-ledger.ts";
import type { Ownership } from "./ownership.ts";
import type { BatchOutcome } from "./rendered-batch.ts";

/** Keeps account, in a handler's counters, of the records in its persistent queue. Counts nothing for a consumer that was replaced. */
export class SpoolCounters {
  readonly #arena: Arena;
  readonly #at: number;
  readonly #ownership: Ownership;
  readonly #exports: ExportLedger;
  readonly spooledBefore: number;

  constructor(
    arena: Arena,
    parts: {
      readonly geometry: QueueGeometry;
      readonly ownership: Ownership;
      readonly exports: ExportLedger;
    },
  ) {
    this.#arena = arena;
    this.#exports = parts.exports;
    this.#at = consumerCounters(parts.geometry);
    this.#ownership = parts.ownership;
    this.spooledBefore = arena.floats[this.#at + SPOOLED_COUNTER] as number;
  }

  noteRecovered(recordCount: number): void {
    this.#count(RECOVERED_COUNTER, recordCount);
    this.#count(SPOOLED_COUNTER, recordCount);
  }

  noteLeft({ delivered, rejected, failed, reason }: BatchOutcome): void {
    // Before the counters that it explains, as for batches that were never on the disk.
    if (this.#ownership.isOwner) this.#exports.noteLost({ failed: rejected + failed, reason });
    this.#count(SPOOLED_COUNTER, -(delivered + rejected + failed));
    this.#count(DELIVERED_COUNTER, delivered);
    this.#count(REJECTED_COUNTER, rejected);
    this.#count(FAILED_COUNTER, failed);
  }

  #count(counter: number, amount: number): void {
    if (amount !== 0 && this.#ownership.isOwner) this.#arena.floats[this.#at + counter]! += amount;
  }
}
