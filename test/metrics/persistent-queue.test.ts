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
  const back = await collect();
  expect(handler.stats()).toMatchObject({ delivered: 90, failures: { 400: 10 } });
  expect(back.byError(PROCESSED)).toEqual({ "": 100 });
  expect(back.byError(EXPORTED)).toEqual({ "": 90, 400: 10 });
  expectBalance(back, handler.stats());
});
