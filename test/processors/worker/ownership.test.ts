import { describe, expect, test } from "vitest";
import {
  BATCH_COUNTERS,
  DELIVERED_COUNTER,
  INTENT_AT,
  OUTCOME_WRITTEN,
} from "../../../processors/queue/queue-layout.ts";
import type { Batch } from "../../../processors/queue/reader.ts";
import { Ownership } from "../../../processors/worker/ownership.ts";
import { TestQueue } from "../queue/queue-fixture.ts";

const NOWHERE = { fileBytes: -1, inode: -1, byteCount: 0 };
const NO_RECORDS: Batch = { serial: 1, recordCount: 0, runs: [] };

function ownershipsOf(queue: TestQueue, count: number): Ownership[] {
  return Array.from({ length: count }, () => new Ownership(queue.arena, queue.geometry));
}

function epochOf(queue: TestQueue): number {
  return Ownership.currentEpoch(queue.arena, queue.geometry);
}

describe("Ownership", () => {
  test("takeOver() makes an owner, and each a new epoch", () => {
    const queue = new TestQueue();
    const [first, second] = ownershipsOf(queue, 2) as [Ownership, Ownership];
    expect(first.takeOver(epochOf(queue))).toBe(true);
    expect([first.isOwner, epochOf(queue)]).toEqual([true, 1]);
    expect(second.takeOver(epochOf(queue))).toBe(true);
    expect([first.isOwner, second.isOwner, epochOf(queue)]).toEqual([false, true, 2]);
  });

  test("takeOver() from an epoch that is over fails: a late consumer does not take over from its successor", () => {
    const queue = new TestQueue();
    const [late, successor] = ownershipsOf(queue, 2) as [Ownership, Ownership];
    successor.takeOver(0);
    expect(late.takeOver(0)).toBe(false);
    expect(successor.begin(NO_RECORDS, NOWHERE)).toBe(true);
  });

  test("takeOver() fails while a write is under way, and not after", () => {
    const queue = new TestQueue();
    const [writer, other] = ownershipsOf(queue, 2) as [Ownership, Ownership];
    writer.takeOver(0);
    expect(writer.begin(NO_RECORDS, NOWHERE)).toBe(true);
    expect(other.takeOver(1)).toBe(false);
    writer.end();
    expect(other.takeOver(1)).toBe(true);
  });

  test("begin() fails for who was replaced: it writes no more", () => {
    const queue = new TestQueue();
    const [replaced, successor] = ownershipsOf(queue, 2) as [Ownership, Ownership];
    replaced.takeOver(0);
    successor.takeOver(1);
    expect(replaced.begin(NO_RECORDS, NOWHERE)).toBe(false);
    replaced.end();
    expect(successor.begin(NO_RECORDS, NOWHERE)).toBe(true);
  });

  test("takeOverFromDead() takes a write under way too, and gives its intent", () => {
    const queue = new TestQueue();
    const [dead, successor, another] = ownershipsOf(queue, 3) as [Ownership, Ownership, Ownership];
    dead.takeOver(0);
    dead.begin(NO_RECORDS, { fileBytes: 100, inode: 7, byteCount: 50 });
    expect(successor.takeOverFromDead(1)).toEqual({
      isOwner: true,
      intent: { fileBytes: 100, inode: 7, byteCount: 50 },
    });
    expect(another.takeOverFromDead(1)).toEqual({ isOwner: false, intent: undefined });
  });

  test("takeOverFromDead() of one that was idle has no intent", () => {
    const queue = new TestQueue();
    const [dead, successor] = ownershipsOf(queue, 2) as [Ownership, Ownership];
    dead.takeOver(0);
    dead.begin(NO_RECORDS, NOWHERE);
    dead.end();
    expect(successor.takeOverFromDead(1)).toEqual({ isOwner: true, intent: undefined });
  });

  test("isUntouched until the first write", () => {
    const queue = new TestQueue();
    const [ownership] = ownershipsOf(queue, 1) as [Ownership];
    ownership.takeOver(0);
    expect(ownership.isUntouched).toBe(true);
    ownership.begin(NO_RECORDS, NOWHERE);
    ownership.end();
    expect(ownership.isUntouched).toBe(false);
  });

  test("isOwnerGone is said of a noted thread that has ended, and of no other", () => {
    const queue = new TestQueue();
    const [ownership] = ownershipsOf(queue, 1) as [Ownership];
    ownership.takeOver(0);
    expect(ownership.isOwnerGone).toBe(false);
    ownership.noteThread();
    expect(ownership.isOwnerGone).toBe(false);
    // The number of no thread of this process: that of another.
    queue.arena.floats[(queue.geometry.at + INTENT_AT) / 8 + 3] = process.ppid;
    expect([ownership.isOwnerGone, ownership.isWriterGone]).toEqual([process.platform === "linux", false]);
  });

  test("isWriterGone is not said of a thread that lives", () => {
    const queue = new TestQueue();
    const [ownership] = ownershipsOf(queue, 1) as [Ownership];
    ownership.takeOver(0);
    expect(ownership.isWriterGone).toBe(false);
    ownership.begin(NO_RECORDS, NOWHERE);
    expect(ownership.isWriterGone).toBe(false);
  });

  test("completeIntent() marks the records of the write as done, and may do so twice", () => {
    const queue = new TestQueue();
    queue.offerMany(queue.writer(), 5, { byteCount: 64 });
    const reader = queue.reader();
    queue.take(reader, 3);
    const batch = reader.endBatch() as Batch;
    const [dead, successor] = ownershipsOf(queue, 2) as [Ownership, Ownership];
    dead.takeOver(0);
    const ifWritten = BATCH_COUNTERS.map((counter) => (counter === DELIVERED_COUNTER ? 3 : 0));
    dead.begin(batch, { ...NOWHERE, counters: { ifWritten, ifFailed: ifWritten } });
    successor.takeOverFromDead(1);
    successor.completeIntent(OUTCOME_WRITTEN);
    successor.completeIntent(OUTCOME_WRITTEN);
    expect(queue.stats()).toMatchObject({ emitted: 5, delivered: 3, queued: 2 });
    expect(queue.take(queue.reader()).map(({ index }) => index)).toEqual([3, 4]);
  });
});
