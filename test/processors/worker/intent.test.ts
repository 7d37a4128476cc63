import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ByteSink } from "../../../exporters/byte-sink.ts";
import { FileSink } from "../../../exporters/file/file-sink.ts";
import { DescriptorSink } from "../../../exporters/stream/descriptor-sink.ts";
import { readStats } from "../../../processors/queue/counters.ts";
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

function dieWriting(
  sinkOf: (path: string) => ByteSink = fileSink,
  counts: Pick<WriteIntent, "filteredCount" | "summaryCount"> = {},
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
  dead.begin(reader.endBatch() as Batch, { ...sink.state(), byteCount: RECORDS.length, ...counts });
  const succeed = (): number[] => {
    const ownership = new Ownership(queue.arena, queue.geometry);
    const intent = ownership.takeOverFromDead(1).intent as WriteIntent;
    completeIntent({
      arena: queue.arena,
      ownership,
      sink: sinkOf(path),
      intent,
      handlerSlot: queue.handlerSlot,
    });
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
    const { queue, path, succeed } = dieWriting(fileSink, { filteredCount: 2, summaryCount: 1 });
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
