import type { Arena } from "../queue/arena.ts";
import { consumerCounters, queuedCount, readStats, type HandlerStats } from "../queue/counters.ts";
import {
  readExportCounts,
  readOperations,
  sequenceWord,
  type ExportCounts,
  type ExportOperation,
} from "../queue/export-counts.ts";
import { RING_COUNT } from "../queue/export-layout.ts";
import { countAbandoned } from "../queue/export-ledger.ts";
import { EXIT_DEADLINE_COUNTER, type QueueGeometry } from "../queue/queue-layout.ts";

interface LatestOperations {
  readonly sequence: number;
  readonly operations: readonly ExportOperation[];
}

interface FinalCounts {
  readonly stats: HandlerStats;
  readonly exports: ExportCounts;
  readonly latest: LatestOperations;
}

/** What is counted of a handler: in its queue, and kept when that has gone to another one. */
export class HandlerCounts {
  readonly #arena: Arena;
  readonly #geometry: QueueGeometry;
  #final: FinalCounts | undefined;

  constructor(arena: Arena, geometry: QueueGeometry) {
    this.#arena = arena;
    this.#geometry = geometry;
  }

  /** Records in the queue or under way. */
  get queued(): number {
    return this.#final?.stats.queued ?? queuedCount(this.#arena, this.#geometry);
  }

  stats(): HandlerStats {
    return this.#final?.stats ?? readStats(this.#arena, this.#geometry);
  }

  exports(): ExportCounts {
    return this.#final?.exports ?? readExportCounts(this.#arena, this.#geometry);
  }

  /** Operations of the exporter from number `sequence` on, as far as they are still known one by one. */
  latestOperations(sequence: number): LatestOperations {
    if (this.#final === undefined) return readOperations(this.#arena, this.#geometry, sequence);
    const { latest } = this.#final;
    const count = Math.min((latest.sequence - sequence) >>> 0, latest.operations.length);
    return { ...latest, operations: latest.operations.slice(latest.operations.length - count) };
  }

  /** Counts what is left as `exit_deadline`. Only when the consumer has ended, or will count nothing more. Returns the count. */
  countLeft(): number {
    const left = this.queued;
    this.#arena.floats[consumerCounters(this.#geometry) + EXIT_DEADLINE_COUNTER]! += left;
    countAbandoned(this.#arena, this.#geometry, left);
    return left;
  }

  /** Keeps what is counted by now: the queue will be another handler's. */
  keep(): void {
    const end = this.#arena.words[sequenceWord(this.#geometry)] as number;
    this.#final = {
      stats: this.stats(),
      exports: this.exports(),
      latest: this.latestOperations(end - Math.min(end >>> 0, RING_COUNT)),
    };
  }
}
