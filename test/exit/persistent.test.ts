import { readdirSync } from "node:fs";
import { afterAll, describe, expect, test, vi } from "vitest";
import { FemtoOtlpHttpHandler, setTroubleListener } from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import type { Ending } from "./programs/plan.ts";
import { endOf, makeFolder, runPlan, upTo } from "./run-program.ts";

vi.setConfig({ testTimeout: 90_000 });
const LONG = { timeout: 60_000, interval: 10 };
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9/v1/logs";

type Peer = "up" | "hung" | "absent";

const receivers: OtlpReceiver[] = [];
setTroubleListener(() => {});

afterAll(() => Promise.all(receivers.map((receiver) => receiver.stop())));

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  receivers.push(receiver);
  return receiver;
}

function numbersAt(receiver: OtlpReceiver): number[] {
  return receiver.records.map(({ attributes }) => Number(attributes.get("i")));
}

/** What the next process sends of what is in the directory. */
async function nextProcess(directory: string): Promise<number[]> {
  const receiver = await startReceiver();
  const handler = new FemtoOtlpHttpHandler({ url: receiver.url, persistentQueue: { directory } });
  await vi.waitFor(() => {
    expect(handler.stats().recovered).toBeGreaterThan(0);
    expect(handler.stats().spooled).toBe(0);
  }, LONG);
  await handler.shutdown();
  expect(readdirSync(directory)).toEqual([]);
  return numbersAt(receiver);
}

/** Nothing is left but what a thread leaves that is cut off at the end: its lock, and a file in which nothing waits. */
async function expectEmptied(
  directory: string,
  { arrived, isLate }: { readonly arrived: readonly number[]; readonly isLate: boolean },
): Promise<void> {
  const receiver = await startReceiver();
  const handler = new FemtoOtlpHttpHandler({ url: receiver.url, persistentQueue: { directory } });
  await vi.waitFor(() => expect(readdirSync(directory)).toEqual([]), LONG);
  await handler.shutdown();
  const all = new Set([...arrived, ...numbersAt(receiver)]);
  expect([...all].toSorted((left, right) => left - right)).toEqual(upTo(1000));
  if (!isLate) expect(receiver.counts.records).toBe(0);
}

async function run(
  ending: Ending,
  { peer, hasQueue }: { readonly peer: Peer; readonly hasQueue: boolean },
): Promise<{
  readonly ended: Awaited<ReturnType<typeof runPlan>>;
  readonly directory: string;
  readonly arrived: readonly number[];
}> {
  const receiver = await startReceiver();
  if (peer === "hung") receiver.respond({ hang: true, times: Number.POSITIVE_INFINITY });
  const directory = makeFolder();
  const options = {
    url: peer === "absent" ? NOWHERE : receiver.url,
    exitTimeoutMillis: hasQueue || peer === "up" ? 10_000 : 1_000,
    ...(hasQueue ? { persistentQueue: { directory } } : {}),
  };
  const handlers = [{ kind: "otlp" as const, options }];
  const ended = await runPlan({ handlers, count: 1000, ending, code: 7 });
  return { ended, directory, arrived: numbersAt(receiver) };
}

const ENDINGS = ["natural", "exit", "exit-when-up", "throw", "shutdown-and-exit"] as const;

describe.concurrent("1000 records just logged over OTLP, and the end of the process", () => {
  test.each(ENDINGS.flatMap((ending) => [true, false].map((hasQueue) => ({ ending, hasQueue }))))(
    "the collector is up: it has all (%o)",
    async ({ ending, hasQueue }) => {
      const { ended, directory, arrived } = await run(ending, { peer: "up", hasQueue });
      expect(ended.code).toBe(ending === "throw" ? 1 : 7);
      const [stats] = endOf(ended).stats;
      expect((stats?.delivered ?? 0) + (stats?.spooled ?? 0)).toBe(1000);
      // On a busy machine a peer takes longer than the end waits for it.
      const isLate = stats?.spooled !== 0;
      if (!isLate) expect(arrived).toEqual(upTo(1000));
      if (hasQueue) await expectEmptied(directory, { arrived, isLate });
      else expect(isLate).toBe(false);
    },
  );

  test.each(ENDINGS.flatMap((ending) => (["hung", "absent"] as const).map((peer) => ({ ending, peer }))))(
    "with a persistent queue: all are on the disk, and the next process sends them (%o)",
    async ({ ending, peer }) => {
      const { ended, directory, arrived } = await run(ending, { peer, hasQueue: true });
      expect(ended.code).toBe(ending === "throw" ? 1 : 7);
      expect(ended.stderr).not.toContain("left");
      expect(arrived).toEqual([]);
      expect(endOf(ended).waitedMillis).toBeLessThan(9_000);
      expect(endOf(ended).stats[0]).toMatchObject({ spooled: 1000, delivered: 0, queued: 0 });
      expect(await nextProcess(directory)).toEqual(upTo(1000));
    },
  );

  test.each(["hung", "absent"] as const)(
    "without one, the collector %s: what is left is counted and said",
    async (peer) => {
      const { ended } = await run("exit-when-up", { peer, hasQueue: false });
      expect(endOf(ended).stats[0]?.dropped.exit_deadline).toBe(1000);
      expect(ended.stderr).toContain("left 1000 records behind at the end of the process");
    },
  );
});
