import { afterAll, describe, expect, test } from "vitest";
import { OtlpReceiver, type ReceiverAnswer } from "../../src/receiver/index.ts";
import type { Ending, Plan } from "./programs/plan.ts";
import { type Ended, endOf, runPlan, upTo } from "./run-program.ts";

type Kind = "otlp" | "otlp-grpc";

interface SendOptions {
  /** OTLP over HTTP when left out. */
  readonly kind?: Kind;
  readonly answer?: ReceiverAnswer;
  readonly exitTimeoutMillis?: number;
}

const receivers: OtlpReceiver[] = [];

/** Runs a program that logs to a receiver of its own. */
async function send(
  ending: Ending,
  { kind = "otlp", answer, exitTimeoutMillis = 10_000, ...plan }: Partial<Plan> & SendOptions = {},
): Promise<{ readonly ended: Ended; readonly receiver: OtlpReceiver; readonly numbers: readonly number[] }> {
  const receiver = await OtlpReceiver.start({ grpcPort: 0 });
  receivers.push(receiver);
  if (answer !== undefined) receiver.respond(answer);
  const url = kind === "otlp" ? receiver.url : receiver.grpcUrl;
  const handlers = [{ kind, options: { url, maxConcurrentRequests: 1, exitTimeoutMillis } }];
  const ended = await runPlan({ handlers, count: 1000, ending, code: 7, ...plan });
  return { ended, receiver, numbers: receiver.records.map(({ attributes }) => Number(attributes.get("i"))) };
}

afterAll(() => Promise.all(receivers.map((receiver) => receiver.stop())));

// A thread takes its time to start, and a peer to answer, on a busy machine: hence exitTimeoutMillis.
describe.concurrent.each(["otlp", "otlp-grpc"] as const)("1000 records just logged by %s", (kind) => {
  test.each([
    ["natural", 1000, 7],
    ["exit", 1000, 7],
    ["late-exit", 1010, 7],
    ["throw", 1000, 1],
    ["reject", 1000, 1],
    ["shutdown", 1000, 0],
    ["shutdown-and-exit", 1000, 7],
  ] as const)("ending %s: %i records, exit code %i", async (ending, count, code) => {
    const { ended, numbers } = await send(ending, { kind });
    expect(ended).toMatchObject({ code, signal: null });
    expect(numbers).toEqual(upTo(count));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: count, queued: 0 });
    expect(endOf(ended).stats[0]?.dropped.exit_deadline).toBe(0);
  });

  test("a peer that takes its time gets each record once", async () => {
    const { ended, receiver, numbers } = await send("exit-when-up", {
      kind,
      answer: { delayMillis: 1200 },
    });
    expect(numbers).toEqual(upTo(1000));
    expect(receiver.counts.requests).toBe(1);
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 1000, replayed: 0 });
  });

  test("a resource whose attributes never come holds nothing up", async () => {
    const { ended, numbers } = await send("exit-when-up", { kind, hasPendingResource: true });
    expect(numbers).toEqual(upTo(1000));
    // Longer than the threads' 5 s for a resource: it was not waited for.
    expect(endOf(ended).waitedMillis).toBeLessThan(4500);
  });

  test.each([1, 2])("a thread that is terminated before the end has a successor (%i)", async () => {
    const { ended, numbers } = await send("terminate-and-exit", { kind });
    expect([...new Set(numbers)]).toEqual(upTo(2000));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 2000, queued: 0, droppedTotal: 0 });
  });

  test("a thread that is terminated while it starts has a successor", async () => {
    const { ended, numbers } = await send("terminate-at-once-and-exit", { kind });
    expect(numbers).toEqual(upTo(1000));
    expect(endOf(ended).waitedMillis).toBeLessThan(9000);
  });

  test("records that listeners of 'exit' log too late are counted", async () => {
    const { ended, numbers } = await send("exit", { kind, logsInExitListeners: true });
    expect(numbers).toEqual(upTo(1001));
    expect(endOf(ended).stats[0]).toMatchObject({ emitted: 1002, delivered: 1001, queued: 0 });
    expect(endOf(ended).stats[0]?.dropped.already_shutdown).toBe(1);
  });
});
