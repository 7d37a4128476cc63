/** Full batches go out before the delay is over, though nobody wakes the handler's thread for each of their records. */
import { expect, onTestFinished, test } from "vitest";

import { createLogging, FemtoOtlpHttpHandler } from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";

const DELAY_MILLIS = 600_000;

test.each([
  { what: "records of one size", sizeOf: () => 13 },
  {
    what: "a first record that is much longer than the others",
    sizeOf: (i: number) => (i === 0 ? 40_000 : 1),
  },
  { what: "a first record that is much shorter", sizeOf: (i: number) => (i === 0 ? 0 : 200) },
])("$what: full batches go out", async ({ sizeOf }) => {
  const receiver = await OtlpReceiver.start();
  const handler = new FemtoOtlpHttpHandler({
    url: receiver.url,
    maxExportBatchSize: 1000,
    scheduledDelayMillis: DELAY_MILLIS,
  });
  onTestFinished(async () => {
    await handler.shutdown();
    await receiver.stop();
  });
  const log = createLogging({ handlers: [handler] }).getLogger("gathering");
  await handler.forceFlush();
  // More than the segments that a thread fills unasked hold: with the last one opened, at least one batch is known to be full.
  for (let i = 0; i < 20_000; i++) log.info("text", { text: "x".repeat(sizeOf(i)) });
  await receiver.waitFor(10_000);
  expect(handler.stats().droppedTotal).toBe(0);
  await handler.forceFlush();
  expect(receiver.counts.records).toBe(20_000);
});
