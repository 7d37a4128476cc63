import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { FemtoOtlpHttpHandler } from "../../../src/index.ts";
import { OtlpReceiver } from "../../../src/receiver/index.ts";
import { numbers } from "../../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../../handlers/fixture.ts";
import { makeFolder } from "./folder.ts";
import type { TellingPlan } from "./programs/log-and-tell.ts";

vi.setConfig({ testTimeout: 120_000 });
const LONG = { timeout: 90_000, interval: 10 };
const PROGRAM = fileURLToPath(new URL("./programs/log-and-tell.ts", import.meta.url));
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9/v1/logs";

/** A process that logs, and the number up to which it says that its records are safe. */
class TellingProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #told = Promise.withResolvers<void>();
  safeTo: number;

  constructor(plan: TellingPlan) {
    this.safeTo = plan.from;
    const env = { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" };
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(plan)], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    this.#exited = once(child, "close");
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    createInterface(child.stdout).on("line", (line) => {
      this.safeTo = Number(line);
      this.#told.resolve();
    });
  }

  /** Resolves when something is safe. */
  get begun(): Promise<void> {
    return this.#told.promise;
  }

  get ended(): Promise<unknown> {
    return this.#exited;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  return receiver;
}

function numbersAt(receiver: OtlpReceiver, process = 0): number[] {
  return receiver.records
    .filter(({ attributes }) => Number(attributes.get("p")) === process)
    .map(({ attributes }) => Number(attributes.get("i")));
}

/** Sends what is in the directory, and nothing else. */
async function drain(directory: string, receiver: OtlpReceiver): Promise<void> {
  const handler = endWithTest(
    new FemtoOtlpHttpHandler({ url: receiver.url, persistentQueue: { directory } }),
  );
  await vi.waitFor(() => {
    expect(handler.stats().recovered).toBeGreaterThan(0);
    expect(handler.stats().spooled).toBe(0);
  }, LONG);
  await handler.shutdown();
  expect(readdirSync(directory)).toEqual([]);
}

/** What was called safe is there; nothing is in it twice or out of order but what was sent again as a whole. */
function expectSafe(found: readonly number[], safeTo: number): void {
  expect([...new Set(found)].toSorted((left, right) => left - right)).toEqual(
    numbers({ to: Math.max(safeTo, Math.max(...found) + 1) }),
  );
}

test.each(["never", "batch"] as const)(
  "kill -9 in the middle of writing, six times over: all that was called safe arrives, in order (fsync: %s)",
  async (fsync) => {
    troublesOfTest();
    const directory = makeFolder();
    let safeTo = 0;
    const killed: number[] = [];
    for (let round = 0; round < 6; round++) {
      const process = new TellingProcess({
        url: NOWHERE,
        directory,
        fsync,
        from: 0,
        count: 1_000_000,
        round: 500,
        process: round,
      });
      await process.begun;
      // Another moment each time, from in the middle of one write to in the middle of another.
      const killAt = performance.now() + round * 5.3;
      await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(killAt), { interval: 1 });
      await process.kill();
      killed.push(process.safeTo);
      safeTo += process.safeTo;
    }
    expect(safeTo).toBeGreaterThanOrEqual(3_000);
    const receiver = await startReceiver();
    await drain(directory, receiver);
    for (const [round, to] of killed.entries()) {
      const found = numbersAt(receiver, round);
      expect(found).toEqual(numbers({ to: found.length }));
      expect(found.length).toBeGreaterThanOrEqual(to);
    }
  },
);

test("kill -9 while the peer takes records: what was called safe has arrived, or does with the next process", async () => {
  troublesOfTest();
  const directory = makeFolder();
  const receiver = await startReceiver();
  let from = 0;
  for (let round = 0; round < 4; round++) {
    const process = new TellingProcess({ url: receiver.url, directory, from, count: 1_000_000, round: 100 });
    await process.begun;
    const target = from + 1000 + round * 333;
    await vi.waitFor(() => expect(process.safeTo).toBeGreaterThan(target), { ...LONG, interval: 1 });
    await process.kill();
    from = process.safeTo;
  }
  const last = new TellingProcess({
    url: receiver.url,
    directory,
    from,
    count: 100,
    round: 100,
    shutsDown: true,
  });
  await last.ended;
  // Its end did not wait for more than a moment.
  if (readdirSync(directory).length > 0) await drain(directory, receiver);
  expectSafe(numbersAt(receiver), from + 100);
});

test("two processes on one directory: neither disturbs the other, and one takes over what the killed one left", async () => {
  troublesOfTest();
  const directory = makeFolder();
  const receiver = await startReceiver();
  receiver.respond({ status: 503, times: Number.POSITIVE_INFINITY });
  const plan = { url: receiver.url, directory, from: 0, round: 200 };
  const killed = new TellingProcess({ ...plan, count: 1_000_000, process: 1 });
  const living = new TellingProcess({ ...plan, count: 2000, process: 2 });
  await vi.waitFor(() => expect(Math.min(killed.safeTo, living.safeTo)).toBeGreaterThan(1000), LONG);
  await killed.kill();
  receiver.resetAnswers();
  const third = new TellingProcess({ ...plan, count: 100, process: 3, shutsDown: true });
  await vi.waitFor(() => {
    expect(numbersAt(receiver, 1).length).toBeGreaterThanOrEqual(killed.safeTo);
    expect(numbersAt(receiver, 2)).toEqual(numbers({ to: 2000 }));
    expect(numbersAt(receiver, 3)).toEqual(numbers({ to: 100 }));
  }, LONG);
  await third.ended;
  // A request that its end cut off was sent once more, by whoever took over next.
  const found = [...new Set(numbersAt(receiver, 1))];
  expect(found).toEqual(numbers({ to: found.length }));
});
