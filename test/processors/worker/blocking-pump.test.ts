import { describe, expect, onTestFinished, test, vi } from "vitest";

import type { ByteSink } from "../../../exporters/byte-sink.ts";
import type { Arena } from "../../../processors/queue/arena.ts";
import type { BatchRenderer } from "../../../processors/shape/renderer.ts";
import { BlockingPump } from "../../../processors/worker/blocking-pump.ts";
import { type BatchLimits, Consumer } from "../../../processors/worker/consumer.ts";
import { ConsumerFilters } from "../../../processors/worker/consumer-filters.ts";
import { Ownership } from "../../../processors/worker/ownership.ts";
import { RecordPipe } from "../../support/frames.ts";
import { TestQueue } from "../queue/queue-fixture.ts";

const BATCH_BYTES = 10;

/** Ten bytes, whatever the records. */
const renderer: BatchRenderer = { add: () => {}, byteCount: 0, finish: () => new Uint8Array(BATCH_BYTES) };

/** Takes as many bytes at each write as the list says: like a pipe, whose reader makes room now and then. */
class ScriptedSink implements ByteSink {
  readonly target = "a pipe";
  readonly #answers: number[];

  constructor(answers: readonly number[]) {
    this.#answers = [...answers];
  }

  get answersLeft(): number {
    return this.#answers.length;
  }

  write(): number {
    const taken = this.#answers.shift();
    if (taken === undefined) throw new Error("The pump has written more often than it had to");
    return taken;
  }

  open(): void {}

  state(): { fileBytes: number; inode: number } {
    return { fileBytes: -1, inode: -1 };
  }

  sync(): void {}

  close(): void {}
}

/** Writes one batch to the sink. @returns How long the pump waited each time, in milliseconds. */
function pausesOf(answers: readonly number[]): number[] {
  const pauses: number[] = [];
  vi.spyOn(Atomics, "wait").mockImplementation((...args: readonly unknown[]) => {
    pauses.push(args[3] as number);
    return "timed-out";
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const queue = new TestQueue();
  const { arena, geometry } = queue;
  queue.offer(queue.writer(), 64, { thread: 0, index: 0 });
  const limits = { maxExportBatchSize: 10, maxExportBatchBytes: 1000 };
  const consumer = consumerOf(queue, limits);
  const ownership = new Ownership(arena, geometry);
  ownership.takeOver(0);
  const sink = new ScriptedSink(answers);
  const pump = new BlockingPump({ arena, consumer, ownership, sink, fsync: "never", report: () => {} });
  expect(pump.step()).toBe(true);
  expect(sink.answersLeft).toBe(0);
  expect(queue.stats()).toMatchObject({ emitted: 1, queued: 0, bytes: BATCH_BYTES });
  return pauses;
}

/** A kilobyte for each record. */
class KilobyteRenderer implements BatchRenderer {
  byteCount = 0;

  add(): void {
    this.byteCount += 1000;
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.byteCount);
    this.byteCount = 0;
    return bytes;
  }
}

/** Takes all at once, and so long. Notes how much that was. */
class SlowSink extends ScriptedSink {
  readonly batchBytes: number[] = [];
  millis = 0;
  #now = 0;

  constructor() {
    super([]);
    vi.spyOn(performance, "now").mockImplementation(() => this.#now);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
  }

  override write(bytes: Uint8Array = new Uint8Array()): number {
    this.#now += this.millis;
    this.batchBytes.push(bytes.length);
    return bytes.length;
  }
}

/** A queue with so many real records. */
function pipeWith(recordCount: number): { readonly arena: Arena; readonly handlerSlot: number } {
  const pipe = new RecordPipe();
  for (let i = 0; i < recordCount; i++) pipe.publish({ template: "a record" });
  return { arena: pipe.arena, handlerSlot: 0 };
}

function consumerOf(
  { arena, handlerSlot }: Pick<TestQueue, "arena" | "handlerSlot">,
  limits: BatchLimits,
  batchRenderer: BatchRenderer = renderer,
): Consumer {
  const none = { handlerSlot, filters: { version: 0, filters: [] } };
  const filters = ConsumerFilters.open(arena, none, { report: () => {} });
  return new Consumer(arena, { handlerSlot, renderer: batchRenderer, limits, filters });
}

describe("BlockingPump", () => {
  test("step() of a pump that was replaced takes nothing: what it took would be nobody's", () => {
    const queue = new TestQueue();
    const { arena, geometry } = queue;
    const [replaced, successor] = [0, 1].map(() => new Ownership(arena, geometry)) as [Ownership, Ownership];
    replaced.takeOver(0);
    const limits = { maxExportBatchSize: 10, maxExportBatchBytes: 1000 };
    const consumer = consumerOf(queue, limits);
    const sink = new ScriptedSink([]);
    const pump = new BlockingPump({
      arena,
      consumer,
      ownership: replaced,
      sink,
      fsync: "never",
      report: () => {},
    });
    successor.takeOver(1);
    const next = queue.reader();
    queue.offerMany(queue.writer(), 3, { byteCount: 64 });
    expect([pump.step(), pump.isOwner]).toEqual([false, false]);
    expect(queue.take(next)).toHaveLength(3);
  });

  test("step() makes batches smaller for a slow destination, and larger again for a fast one", () => {
    const { arena, ...pipe } = pipeWith(1000);
    const limits = { maxExportBatchSize: 10_000, maxExportBatchBytes: 100_000 };
    const consumer = consumerOf({ arena, ...pipe }, limits, new KilobyteRenderer());
    const ownership = new Ownership(arena, consumer.geometry);
    ownership.takeOver(0);
    const sink = new SlowSink();
    const pump = new BlockingPump({ arena, consumer, ownership, sink, fsync: "never", report: () => {} });
    sink.millis = 100;
    for (let i = 0; i < 4; i++) pump.step();
    sink.millis = 1;
    for (let i = 0; i < 4; i++) pump.step();
    expect(sink.batchBytes).toEqual([100_000, 50_000, 25_000, 17_000, 17_000, 33_000, 66_000, 100_000]);
  });

  test("step() waits for nothing when the destination takes the batch, in one piece or in several", () => {
    expect(pausesOf([BATCH_BYTES])).toEqual([]);
    expect(pausesOf([3, 3, 4])).toEqual([]);
  });

  test("step() tries a full pipe again after 50 us, and each time after twice as long, up to 20 ms", () => {
    const pauses = pausesOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BATCH_BYTES]);
    expect(pauses).toEqual([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20]);
  });

  test("step() begins with 50 us again when a full pipe has taken something: its reader is awake", () => {
    expect(pausesOf([4, 0, 0, 4, 0, 2])).toEqual([0.05, 0.1, 0.05]);
  });
});
