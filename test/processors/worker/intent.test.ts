import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ByteSink } from "../../../exporters/byte-sink.ts";
import { FileSink } from "../../../exporters/file/file-sink.ts";
import { DescriptorSink } from "../../../exporters/stream/descriptor-sink.ts";
import { consumerCounters, readStats } from "../../../processors/queue/counters.ts";
import {
  BATCH_COUNTERS,
  DELIVERED_COUNTER,
  FAILED_COUNTER,
  FILTERED_COUNTER,
  OUTCOME_FAILED,
  OUTCOME_UNKNOWN,
  OUTCOME_WRITTEN,
  SUMMARIES_COUNTER,
} from "../../../processors/queue/queue-layout.ts";
import type { Batch } from "../../../processors/queue/reader.ts";
import { completeIntent } from "../../../processors/worker/intent.ts";
import { Ownership, type WriteIntent } from "../../../processors/worker/ownership.ts";
import { TestQueue } from "../queue/queue-fixture.ts";

const RECORDS = "three records' bytes";

/** A queue whose consumer died in the middle of a write of three of its five records. */
interface Death {
  readonly queue: TestQueue;
  readonly path: string;
  readonly sink: ByteSink;
  /** What the successor finds, and does. Returns the indices that it will export. */
  readonly succeed: () => number[];
}

interface Amounts {
  readonly delivered?: number;
  readonly failed?: number;
  readonly filtered?: number;
  readonly summaries?: number;
}

/** What BATCH_COUNTERS are, from 0, after a batch of these. */
function countersOf({ delivered = 0, failed = 0, filtered = 0, summaries = 0 }: Amounts): number[] {
  const amounts = new Map([
    [DELIVERED_COUNTER, delivered],
    [FAILED_COUNTER, failed],
    [FILTERED_COUNTER, filtered],
    [SUMMARIES_COUNTER, summaries],
  ]);
  return BATCH_COUNTERS.map((counter) => amounts.get(counter) ?? 0);
}

/** @param settled What the dead one had done of settling the batch, beside its write. */
function dieWriting(
  sinkOf: (path: string) => ByteSink = fileSink,
  amounts: Amounts = { delivered: 3 },
  settled: { readonly outcome?: number; readonly counterCount?: number; readonly isMarked?: boolean } = {},
): Death {
  const folder = mkdtempSync(join(tmpdir(), "femto-intent-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "app.log");
  writeFileSync(path, "before\n");
  const queue = new TestQueue();
  queue.offerMany(queue.writer(), 5, { byteCount: 64 });
  const reader = queue.reader();
  queue.take(reader, 3);
  const dead = new Ownership(queue.arena, queue.geometry);
  dead.takeOver(0);
  const sink = sinkOf(path);
  onTestFinished(() => sink.close());
  sink.open();
  const batch = reader.endBatch() as Batch;
  const counters = { ifWritten: countersOf(amounts), ifFailed: countersOf({ failed: 3 }) };
  dead.begin(batch, { ...sink.state(), byteCount: RECORDS.length, counters });
  const { outcome = OUTCOME_UNKNOWN, counterCount = 0, isMarked = false } = settled;
  dead.noteOutcome(outcome);
  const values = outcome === OUTCOME_FAILED ? counters.ifFailed : counters.ifWritten;
  for (const [index, counter] of BATCH_COUNTERS.slice(0, counterCount).entries())
    queue.arena.floats[consumerCounters(queue.geometry) + counter] = values[index] as number;
  if (isMarked) reader.markDone(batch);
  const succeed = (): number[] => {
    const ownership = new Ownership(queue.arena, queue.geometry);
    const intent = ownership.takeOverFromDead(1).intent as WriteIntent;
    completeIntent({ ownership, sink: sinkOf(path), intent });
    return queue.take(queue.reader()).map(({ index }) => index);
  };
  return { queue, path, sink, succeed };
}

function fileSink(path: string): ByteSink {
  return new FileSink({ path, truncate: false, fileMode: 0o666, mkdir: false, reopenWhenMoved: false });
}

describe("completeIntent()", () => {
  test("a write that has happened is counted as delivered and not repeated", () => {
    const { queue, path, succeed } = dieWriting();
    appendFileSync(path, RECORDS);
    expect(succeed()).toEqual([3, 4]);
    expect(readStats(queue.arena, queue.geometry).delivered).toBe(3);
  });

  test("of a write that has happened, what filters left out and made is counted as that", () => {
    const { queue, path, succeed } = dieWriting(fileSink, { delivered: 2, filtered: 2, summaries: 1 });
    appendFileSync(path, RECORDS);
    expect(succeed()).toEqual([3, 4]);
    expect(readStats(queue.arena, queue.geometry)).toMatchObject({
      emitted: 6,
      delivered: 2,
      filtered: 2,
      summaries: 1,
      queued: 2,
    });
  });

  const stages = [0, 1, 3, BATCH_COUNTERS.length].flatMap((counterCount) =>
    [false, true].map((isMarked) => ({ counterCount, isMarked })),
  );

  test.each(stages)(
    "a write that was noted as done is counted once, wherever its owner died: %j",
    (stage) => {
      const { queue, succeed } = dieWriting(
        fileSink,
        { delivered: 3 },
        { outcome: OUTCOME_WRITTEN, ...stage },
      );
      expect(succeed()).toEqual([3, 4]);
      expect(readStats(queue.arena, queue.geometry)).toMatchObject({ emitted: 5, delivered: 3, queued: 2 });
    },
  );

  test.each(stages)("a write that was given up is counted once as that: %j", (stage) => {
    const { queue, succeed } = dieWriting(fileSink, { delivered: 3 }, { outcome: OUTCOME_FAILED, ...stage });
    expect(succeed()).toEqual([3, 4]);
    expect(readStats(queue.arena, queue.geometry)).toMatchObject({
      emitted: 5,
      delivered: 0,
      droppedTotal: 3,
    });
  });

  test("a destination that is no file is not written again where the write was noted as done", () => {
    const { succeed } = dieWriting(
      () => new DescriptorSink(2),
      { delivered: 3 },
      { outcome: OUTCOME_WRITTEN },
    );
    expect(succeed()).toEqual([3, 4]);
  });

  test("a write that has not happened is repeated", () => {
    const { queue, succeed } = dieWriting();
    expect(succeed()).toEqual([0, 1, 2, 3, 4]);
    expect(readStats(queue.arena, queue.geometry).delivered).toBe(0);
  });

  test.each([
    ["has happened in part", RECORDS.slice(0, 5)],
    ["cannot be told from another process's, which wrote more", `${RECORDS}and theirs`],
  ])("a write that %s is repeated: rather twice than not at all", (_name, appended) => {
    const { path, succeed } = dieWriting();
    appendFileSync(path, appended);
    expect(succeed()).toEqual([0, 1, 2, 3, 4]);
  });

  test("a file that was replaced meanwhile is written again", () => {
    const { path, succeed } = dieWriting();
    appendFileSync(path, RECORDS);
    renameSync(path, `${path}.1`);
    writeFileSync(path, `before\n${RECORDS}`);
    expect(succeed()).toEqual([0, 1, 2, 3, 4]);
  });

  test("a destination that is no file is written again", () => {
    const { succeed } = dieWriting(() => new DescriptorSink(2));
    expect(succeed()).toEqual([0, 1, 2, 3, 4]);
  });
});
