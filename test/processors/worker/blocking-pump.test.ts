import { expect, test } from "vitest";
import type { ByteSink } from "../../../exporters/byte-sink.ts";
import { BlockingPump } from "../../../processors/worker/blocking-pump.ts";
import { Consumer } from "../../../processors/worker/consumer.ts";
import { Ownership } from "../../../processors/worker/ownership.ts";
import { FemtoJsonFormatter } from "../../../src/formatters/json-formatter.ts";
import { LineRenderer } from "../../../src/formatters/line-renderer.ts";
import { TestQueue } from "../queue/queue-fixture.ts";

const NOWHERE: ByteSink = {
  target: "nowhere",
  open: () => {},
  write: (bytes, from) => bytes.length - from,
  state: () => ({ fileBytes: -1, inode: -1 }),
  sync: () => {},
  close: () => {},
};

function pumpOf(queue: TestQueue, ownership: Ownership): BlockingPump {
  const { arena, handlerSlot } = queue;
  const renderer = new LineRenderer(new FemtoJsonFormatter());
  const limits = { maxExportBatchSize: 100, maxExportBatchBytes: 65_536 };
  const consumer = new Consumer(arena, { handlerSlot, renderer, limits });
  return new BlockingPump({ arena, consumer, ownership, sink: NOWHERE, fsync: "never", report: () => {} });
}

test("step() of a pump that was replaced takes nothing: what it took would be nobody's", () => {
  const queue = new TestQueue();
  const [replaced, successor] = [0, 1].map(() => new Ownership(queue.arena, queue.geometry));
  replaced?.takeOver(0);
  const pump = pumpOf(queue, replaced as Ownership);
  successor?.takeOver(1);
  const next = queue.reader();
  queue.offerMany(queue.writer(), 3, { byteCount: 64 });
  expect([pump.step(), pump.isOwner]).toEqual([false, false]);
  expect(queue.take(next)).toHaveLength(3);
});
