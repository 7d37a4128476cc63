import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { allNumbersIn, backupsOf } from "../handlers/rotating-fixture.ts";
import type { Plan } from "./programs/plan.ts";
import { endOf, type Ended, makeFolder, runPlan, upTo } from "./run-program.ts";

const receivers: OtlpReceiver[] = [];

/** Runs a program that sends from its own thread, to a receiver of its own. */
async function send(
  plan: Pick<Plan, "ending"> & Partial<Plan>,
): Promise<{ readonly ended: Ended; readonly receiver: OtlpReceiver; readonly numbers: readonly number[] }> {
  const receiver = await OtlpReceiver.start();
  receivers.push(receiver);
  const options = { url: receiver.url, maxConcurrentRequests: 1, thread: "inline" as const };
  const ended = await runPlan({ handlers: [{ kind: "otlp", options }], count: 1000, code: 7, ...plan });
  return { ended, receiver, numbers: receiver.records.map(({ attributes }) => Number(attributes.get("i"))) };
}

afterAll(() => Promise.all(receivers.map((receiver) => receiver.stop())));

describe.concurrent("thread 'inline', 1000 records just logged to an OTLP receiver", () => {
  test.each([
    ["natural", 7],
    ["shutdown", 0],
  ] as const)("ending %s: delivered, exit code %i", async (ending, code) => {
    const { ended, numbers } = await send({ ending });
    expect(ended).toMatchObject({ code, signal: null });
    expect(numbers).toEqual(upTo(1000));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 1000, queued: 0 });
  });

  test.each([
    ["exit", 7],
    ["throw", 1],
    ["shutdown-and-exit", 7],
  ] as const)("ending %s: nobody can send them; they are counted at once, and said", async (ending, code) => {
    const { ended, numbers } = await send({ ending });
    expect(ended).toMatchObject({ code, signal: null });
    expect(numbers).toEqual([]);
    const { stats, waitedMillis } = endOf(ended);
    expect(stats[0]).toMatchObject({ delivered: 0, queued: 0 });
    expect(stats[0]?.dropped.exit_deadline).toBe(1000);
    // exitTimeoutMillis is 2 s: it is not waited for what cannot come.
    expect(waitedMillis).toBeLessThan(1500);
    expect(ended.stderr).toContain("left 1000 records behind at the end of the process");
  });

  test("a queue that blocks waits for nobody: what has no room is counted, which is said once", async () => {
    const receiver = await OtlpReceiver.start();
    receivers.push(receiver);
    const options = {
      url: receiver.url,
      thread: "inline" as const,
      queueBytes: 65_536,
      overflow: "block" as const,
      blockTimeoutMillis: 20_000,
    };
    const count = 5000;
    const ended = await runPlan({ handlers: [{ kind: "otlp", options }], count, ending: "natural" });
    const [stats] = endOf(ended).stats;
    expect(stats?.dropped.queue_full).toBeGreaterThan(0);
    expect((stats?.delivered ?? 0) + (stats?.droppedTotal ?? 0)).toBe(stats?.emitted);
    expect(ended.stderr.match(/"overflow" is drop-newest instead of block/g)).toHaveLength(1);
  });
});

test("a natural end waits until rotated files are compressed, inline too", async () => {
  const path = join(makeFolder(), "app.log");
  const options = { path, thread: "inline", maxBytes: 20_000, backupCount: 100, compress: "gzip" } as const;
  const handlers = [{ kind: "rotating" as const, options }];
  const ended = await runPlan({ handlers, count: 1000, ending: "natural", code: 7 });
  expect(ended).toMatchObject({ code: 7, stderr: "" });
  expect(endOf(ended).stats[0]).toMatchObject({ delivered: 1000, droppedTotal: 0 });
  expect(allNumbersIn(path)).toEqual(upTo(1000));
  expect(backupsOf(path)).toEqual([".5.gz", ".4.gz", ".3.gz", ".2.gz", ".1.gz"]);
});
