import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createArena, type Arena } from "../../../processors/queue/arena.ts";
import type { Batch, QueueReader } from "../../../processors/queue/reader.ts";
import { markThreadDead, takeThreadSlot } from "../../../processors/queue/threads.ts";
import { FULL, PUBLISHED, type LaneWriter } from "../../../processors/queue/writer.ts";
import { readFrame } from "../../threads/checked-frame.ts";
import { SEGMENT_BYTES, TestQueue } from "./queue-fixture.ts";

const LANE_COUNT = 3;

/** What has become of a record: it waits, it is in a batch under way, it is delivered, its writer dropped it. */
type Fate = "waiting" | "taken" | "delivered" | "dropped";

interface ModelRecord {
  readonly index: number;
  fate: Fate;
}

interface ModelBatch {
  readonly batch: Batch;
  readonly records: readonly ModelRecord[];
}

type Step =
  | { readonly kind: "offer"; readonly lane: number; readonly units: number; readonly count: number }
  | { readonly kind: "take"; readonly count: number }
  | { readonly kind: "finish"; readonly which: number }
  | { readonly kind: "drop"; readonly lane: number }
  | { readonly kind: "seal"; readonly lane: number }
  | { readonly kind: "die"; readonly lane: number }
  | { readonly kind: "restart" };

const anyLane = fc.nat(LANE_COUNT - 1);
/** Frames of 24 bytes to a whole segment. */
const anyUnits = fc.oneof(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 3, max: SEGMENT_BYTES / 8 }));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("offer"),
      lane: anyLane,
      units: anyUnits,
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("take"), count: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("finish"), which: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop"), lane: anyLane }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("seal"), lane: anyLane }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("die"), lane: anyLane }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

/** The queue and what ought to be in it. Lanes are those of threads, which die and are followed by others. */
class Model {
  readonly queue: TestQueue;
  readonly #writers: LaneWriter[] = [];
  readonly #slots: number[] = [];
  readonly #records: ModelRecord[][] = [];
  #reader: QueueReader;
  #underWay: ModelBatch[] = [];
  #nextIndex = 0;

  constructor(arena: Arena) {
    this.queue = new TestQueue({ arena });
    for (let lane = 0; lane < LANE_COUNT; lane++) this.#begin(lane);
    this.#reader = this.queue.reader();
  }

  run(step: Step): void {
    switch (step.kind) {
      case "offer":
        for (let i = 0; i < step.count; i++) this.#offer(step.lane, step.units * 8);
        break;
      case "take":
        this.#take(step.count);
        break;
      case "finish":
        this.#finish(step.which);
        break;
      case "drop":
        this.#drop(step.lane);
        break;
      case "seal":
        (this.#writers[step.lane] as LaneWriter).seal();
        break;
      case "die":
        markThreadDead(this.queue.arena, this.#slots[step.lane] as number);
        this.#begin(step.lane);
        break;
      case "restart":
        this.#restart();
    }
  }

  /** All counters add up, and say what the model says. */
  check(): void {
    const stats = this.queue.stats();
    const all = this.#records.flat();
    expect(stats.emitted).toBe(stats.delivered + stats.filtered + stats.queued + stats.droppedTotal);
    expect(stats.emitted).toBe(all.length);
    expect(stats.delivered).toBe(all.filter(({ fate }) => fate === "delivered").length);
    expect(stats.dropped.queue_full).toBe(all.filter(({ fate }) => fate === "dropped").length);
    expect(this.#reader.countLeft()).toBe(stats.queued);
  }

  /** Reads everything; then all slots of dead threads and all segments but the open ones have come back. */
  drain(): void {
    while (this.#take(1000) > 0);
    while (this.#underWay.length > 0) this.#finish(this.#underWay.length * 3 + 1);
    expect(this.#take(1)).toBe(0);
    const live = new Set(this.#slots.map((slot) => slot + 1));
    const used = this.queue.owners().filter((owner) => owner !== 0);
    expect(used.every((owner) => live.has(owner))).toBe(true);
    expect(new Set(used).size).toBe(used.length);
    expect(takeThreadSlot(this.queue.arena)).toBe(firstNotIn(this.#slots));
    this.check();
  }

  #begin(lane: number): void {
    const slot = takeThreadSlot(this.queue.arena);
    this.#slots[lane] = slot;
    this.#records[slot] ??= [];
    this.#writers[lane] = this.queue.writer(slot);
  }

  #offer(lane: number, byteCount: number): void {
    const writer = this.#writers[lane] as LaneWriter;
    const slot = this.#slots[lane] as number;
    const index = this.#nextIndex;
    const result = this.queue.offer(writer, byteCount, { thread: slot, index });
    if (result === PUBLISHED) {
      this.#records[slot]?.push({ index, fate: "waiting" });
      this.#nextIndex++;
      return;
    }
    expect(result).toBe(FULL);
    expect(writer.usedSegments()).toBe(this.queue.geometry.segmentCount);
  }

  #take(count: number): number {
    const records: ModelRecord[] = [];
    while (records.length < count) {
      const at = this.#reader.next();
      if (at < 0) break;
      const { thread, index } = readFrame(this.queue.arena.words, at);
      expect(this.#reader.lane).toBe(thread);
      const record = this.#records[thread]?.find(({ fate }) => fate === "waiting");
      expect(index).toBe(record?.index);
      (record as ModelRecord).fate = "taken";
      records.push(record as ModelRecord);
    }
    if (records.length < count)
      expect(this.#records.flat().some(({ fate }) => fate === "waiting")).toBe(false);
    const batch = this.#reader.endBatch();
    expect(batch?.recordCount ?? 0).toBe(records.length);
    if (batch !== undefined) this.#underWay.push({ batch, records });
    return records.length;
  }

  #finish(which: number): void {
    const [ended] = this.#underWay.splice(which % Math.max(1, this.#underWay.length), 1);
    if (ended === undefined) return;
    for (const record of ended.records) record.fate = "delivered";
    this.queue.finish(this.#reader, ended.batch);
  }

  #drop(lane: number): void {
    const slot = this.#slots[lane] as number;
    const dropped: number[] = [];
    const count = (this.#writers[lane] as LaneWriter).dropOldest((at) => {
      dropped.push(readFrame(this.queue.arena.words, at).index);
    });
    expect(count).toBe(dropped.length);
    const waiting = (this.#records[slot] ?? []).filter(({ fate }) => fate === "waiting");
    // The oldest that wait, but for those of a segment that the reader has begun: those go before.
    const from = waiting.findIndex(({ index }) => index === dropped[0]);
    const taken = waiting.slice(Math.max(0, from), Math.max(0, from) + count);
    expect(taken.map(({ index }) => index)).toStrictEqual(dropped);
    for (const record of taken) record.fate = "dropped";
  }

  /** The batches under way are nobody's now: their records are read again. */
  #restart(): void {
    for (const { records } of this.#underWay) for (const record of records) record.fate = "waiting";
    this.#underWay = [];
    this.#reader = this.queue.reader();
  }
}

function firstNotIn(slots: readonly number[]): number {
  let slot = 0;
  while (slots.includes(slot)) slot++;
  return slot;
}

test("a queue gives what it took, in order within each thread, once; counters add up at each step", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 200, size: "max" }), (steps) => {
      const model = new Model(createArena());
      for (const step of steps) {
        model.run(step);
        model.check();
      }
      model.drain();
    }),
    { numRuns: 120 },
  );
});
