/** What metrics say of records that stay on the disk for a while. */
import { onTestFinished, expect, test, vi } from "vitest";
import { FemtoOtlpHttpHandler } from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { endWithTest, makeFolder, troublesOfTest } from "../handlers/fixture.ts";
import { meter } from "../support/metric-reader.ts";
import { expectBalance, EXPORTED, IN_FLIGHT, PROCESSED, QUEUE_SIZE, WAIT } from "./fixture.ts";

const AWAY = { destroy: true, times: Number.POSITIVE_INFINITY } as const;

vi.setConfig({ testTimeout: 90_000 });

test("records on the disk are processed and in flight, then exported, with their reason where they are refused", async () => {
  troublesOfTest();
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  receiver.respond(AWAY);
  const { meterProvider, collect } = meter();
  const handler = endWithTest(
    new FemtoOtlpHttpHandler({
      url: receiver.url,
      persistentQueue: { directory: makeFolder() },
      maxExportBatchSize: 10,
      meterProvider,
    }),
  );
  logNumbers(loggerOf(handler), { to: 100 });
  await handler.forceFlush();
  const away = await collect();
  expect(away.byError(PROCESSED)).toEqual({ "": 100 });
  expect([away.sum(IN_FLIGHT), away.sum(QUEUE_SIZE), away.sum(EXPORTED)]).toEqual([100, 0, 0]);
  expectBalance(away, handler.stats());

  // Ten batches that go as one request: refused together, then one of them alone.
  receiver.resetAnswers();
  receiver.respond({ status: 400, times: 2 });
  await vi.waitFor(() => expect(handler.stats()).toMatchObject({ queued: 0, spooled: 0 }), WAIT);
  // The handler itself may tell of them by now, in a record that is counted as all others are.
  const { back, stats } = await vi.waitFor(async () => {
    const before = handler.stats();
    const seen = await collect();
    expect(handler.stats()).toEqual(before);
    expect(before).toMatchObject({ queued: 0, spooled: 0 });
    return { back: seen, stats: before };
  }, WAIT);
  const own = stats.emitted - 100;
  expect([0, 1]).toContain(own);
  expect(stats).toMatchObject({ delivered: 90 + own, failures: { 400: 10 } });
  expect(back.byError(PROCESSED)).toEqual({ "": 100 + own });
  expect(back.byError(EXPORTED)).toEqual({ "": 90 + own, 400: 10 });
  expectBalance(back, stats);
});
