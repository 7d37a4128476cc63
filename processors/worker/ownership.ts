import type { Arena } from "../queue/arena.ts";
import { consumerCounters } from "../queue/counters.ts";
import {
  BATCH_COUNTERS,
  INTENT_AT,
  INTENT_OUTCOME_WORD,
  INTENT_RUNS_AT,
  INTENT_RUNS_WORD,
  OUTCOME_UNKNOWN,
  OUTCOME_WRITTEN,
  OWNER_WORD,
  SEGMENT_DONE,
  SEGMENT_HEAD_BYTES,
  type QueueGeometry,
} from "../queue/queue-layout.ts";
import type { Batch } from "../queue/reader.ts";
import { isThreadGone, ownThread } from "./system-thread.ts";

const EXPORTING = 1;
const INTENT_FLOATS = INTENT_AT / 8;
const OFFSET = 0;
const BYTES = 1;
const INODE = 2;
const WRITER = 3;
const COUNTERS_IF_WRITTEN = 8;
const COUNTERS_IF_FAILED = 16;

/** Where a write was to go: enough to find out, after a death, whether it happened. */
export interface WriteIntent {
  /** Bytes of the file before the write. */
  readonly fileBytes: number;
  readonly inode: number;
  readonly byteCount: number;
  /** What BATCH_COUNTERS are when the batch is settled. Left out where there is no batch. */
  readonly counters?: { readonly ifWritten: readonly number[]; readonly ifFailed: readonly number[] };
}

/**
 * Who may write for a handler. The owner word holds an epoch and whether a write is under way; it moves from idle to
 * exporting by compare-and-swap, so a consumer that was replaced never writes again: its epoch is over.
 */
export class Ownership {
  readonly #arena: Arena;
  readonly #geometry: QueueGeometry;
  readonly #word: number;
  readonly #thread: number = ownThread();
  #epoch = 0;

  constructor(arena: Arena, geometry: QueueGeometry) {
    this.#arena = arena;
    this.#geometry = geometry;
    this.#word = geometry.at / 4 + OWNER_WORD;
  }

  /** This consumer's own epoch; it is the owner while that is the one in force. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The epoch in force: who starts a consumer tells it, so that a late one does not take over from its successor. */
  static currentEpoch(arena: Arena, geometry: QueueGeometry): number {
    return Atomics.load(arena.words, geometry.at / 4 + OWNER_WORD) >> 1;
  }

  /**
   * Takes over from the owner of `epoch`. False while that one is writing (it may still be alive), and when another
   * has taken over already.
   */
  takeOver(epoch: number): boolean {
    this.#epoch = epoch + 1;
    const before = epoch << 1;
    return Atomics.compareExchange(this.#arena.words, this.#word, before, this.#epoch << 1) === before;
  }

  /**
   * Takes over from the owner of `epoch`, who is proven dead, perhaps in the middle of a write.
   * @returns Whether this consumer owns the handler now, and the intent of that write, to be looked into.
   */
  takeOverFromDead(epoch: number): { readonly isOwner: boolean; readonly intent: WriteIntent | undefined } {
    if (this.takeOver(epoch)) return { isOwner: true, intent: undefined };
    const before = (epoch << 1) | EXPORTING;
    const { floats, words } = this.#arena;
    const at = this.#floatAt();
    const intent = {
      fileBytes: floats[at + OFFSET] as number,
      byteCount: floats[at + BYTES] as number,
      inode: floats[at + INODE] as number,
    };
    const isOwner = Atomics.compareExchange(words, this.#word, before, this.#epoch << 1) === before;
    return { isOwner, intent: isOwner ? intent : undefined };
  }

  /** Notes what is about to be written, and begins. False when another consumer has taken over: do not write. */
  begin(batch: Pick<Batch, "runs">, intent: WriteIntent): boolean {
    const { floats, words } = this.#arena;
    const mine = this.#epoch << 1;
    if (Atomics.load(words, this.#word) !== mine) return false;
    const at = this.#floatAt();
    floats[at + OFFSET] = intent.fileBytes;
    floats[at + BYTES] = intent.byteCount;
    floats[at + INODE] = intent.inode;
    floats[at + WRITER] = this.#thread;
    if (intent.counters !== undefined) {
      floats.set(intent.counters.ifWritten, at + COUNTERS_IF_WRITTEN);
      floats.set(intent.counters.ifFailed, at + COUNTERS_IF_FAILED);
    }
    words[this.#geometry.at / 4 + INTENT_OUTCOME_WORD] = OUTCOME_UNKNOWN;
    const runsWord = (this.#geometry.at + INTENT_RUNS_AT) / 4;
    for (let i = 0; i < batch.runs.length; i++) {
      const run = batch.runs[i] as Batch["runs"][number];
      words[runsWord + i * 2] = run.segmentIndex;
      words[runsWord + i * 2 + 1] = run.doneBytes;
    }
    words[this.#geometry.at / 4 + INTENT_RUNS_WORD] = batch.runs.length;
    return Atomics.compareExchange(words, this.#word, mine, mine | EXPORTING) === mine;
  }

  /** The write is over, and its batch settled. */
  end(): void {
    Atomics.compareExchange(this.#arena.words, this.#word, (this.#epoch << 1) | EXPORTING, this.#epoch << 1);
  }

  /** True while this consumer may write. */
  get isOwner(): boolean {
    return Atomics.load(this.#arena.words, this.#word) >> 1 === this.#epoch;
  }

  /** True until the first write of this handler has begun. */
  get isUntouched(): boolean {
    return this.#arena.floats[this.#floatAt() + WRITER] === 0;
  }

  /** Notes the calling thread as the owner's: for owners that note no writes. */
  noteThread(): void {
    this.#arena.floats[this.#floatAt() + WRITER] = this.#thread;
  }

  /** True when the owner's thread, as noted last, is gone: proven dead, where the system can tell. */
  get isOwnerGone(): boolean {
    return isThreadGone(this.#arena.floats[this.#floatAt() + WRITER] as number);
  }

  /** True when a write is noted as under way and its thread is gone: nobody will end it. */
  get isWriterGone(): boolean {
    return (Atomics.load(this.#arena.words, this.#word) & EXPORTING) !== 0 && this.isOwnerGone;
  }

  /** The runs of the noted intent: how far each segment is done if the write has happened. */
  intentRuns(): { readonly segmentIndex: number; readonly doneBytes: number }[] {
    const { words } = this.#arena;
    const count = words[this.#geometry.at / 4 + INTENT_RUNS_WORD] as number;
    const runsWord = (this.#geometry.at + INTENT_RUNS_AT) / 4;
    const runs: { segmentIndex: number; doneBytes: number }[] = [];
    for (let i = 0; i < count; i++) {
      runs.push({
        segmentIndex: words[runsWord + i * 2] as number,
        doneBytes: words[runsWord + i * 2 + 1] as number,
      });
    }
    return runs;
  }

  /** Notes what has become of the write, before any of it is counted or marked: from here on a successor only has to finish that. */
  noteOutcome(outcome: number): void {
    Atomics.store(this.#arena.words, this.#geometry.at / 4 + INTENT_OUTCOME_WORD, outcome);
  }

  /** What the owner before has noted. */
  get notedOutcome(): number {
    return Atomics.load(this.#arena.words, this.#geometry.at / 4 + INTENT_OUTCOME_WORD);
  }

  /**
   * Settles the batch of the noted intent, however much of that its owner had done: counters get the values that they were to
   * have, and its runs are marked as done.
   */
  completeIntent(outcome: number): void {
    const { floats, words } = this.#arena;
    const from = this.#floatAt() + (outcome === OUTCOME_WRITTEN ? COUNTERS_IF_WRITTEN : COUNTERS_IF_FAILED);
    const counters = consumerCounters(this.#geometry);
    for (const [index, counter] of BATCH_COUNTERS.entries())
      floats[counters + counter] = floats[from + index] as number;
    for (const run of this.intentRuns()) {
      const done = (this.#geometry.headsAt + run.segmentIndex * SEGMENT_HEAD_BYTES) / 4 + SEGMENT_DONE;
      Atomics.store(words, done, run.doneBytes);
    }
  }

  #floatAt(): number {
    return this.#geometry.at / 8 + INTENT_FLOATS;
  }
}
