/**
 * Sends the requests of the service test, in a process of its own. Does one step at a time for the process that forked it, and ends with
 * it. Every answer is compared with the right one.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { Pool } from "undici";

import { monotonicMillis } from "../clock.ts";
import { type Percentiles, percentilesOf } from "../percentiles.ts";
import { median } from "../statistics.ts";
import { arrivalMillis } from "./arrivals.ts";
import type { PacerData } from "./pacer.ts";
import { makeExchanges } from "./work.ts";

/** Keep-alive connections; a request that finds none free waits, which counts. */
const CONNECTION_COUNT = 64;
/** Between the order to begin and the first request, so that the pacing thread is up. */
const HEAD_START_MILLIS = 200;
const PART_MILLIS = 500;

/** A step: as fast as `concurrency` users who wait for their answers can, or at a rate that nothing slows down. */
export type LoadStep =
  | { readonly kind: "closed"; readonly url: string; readonly count: number; readonly concurrency: number }
  | {
      readonly kind: "open";
      readonly url: string;
      readonly count: number;
      readonly ratePerSecond: number;
      readonly seed: number;
    };

/** What a step has found. */
export type StepResult =
  | { readonly kind: "closed"; readonly requestsPerSecond: number }
  | {
      readonly kind: "open";
      /** From the time a request was due until its answer was read, ms. */
      readonly latency: Percentiles;
      /** The same, of the half second that is the median of all by its p99: without those in which the machine did something else. */
      readonly partP99: number;
      /** From then until it was sent: what the generator itself adds. */
      readonly sendDelay: Percentiles;
    }
  | { readonly kind: "failed"; readonly reason: string };

const exchanges = makeExchanges();
let pool: Pool | undefined;

async function send(index: number): Promise<void> {
  const { body, answer } = exchanges[index % exchanges.length] as (typeof exchanges)[number];
  if (pool === undefined) throw new Error("There is no pool");
  const response = await pool.request({
    path: "/orders",
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const received = await response.body.text();
  if (response.statusCode !== 200 || received !== answer) {
    throw new Error(`Request ${index} was answered with ${response.statusCode}: ${received.slice(0, 200)}`);
  }
}

async function runClosed({ count, concurrency }: LoadStep & { kind: "closed" }): Promise<StepResult> {
  let next = 0;
  const user = async (): Promise<void> => {
    while (next < count) await send(next++);
  };
  const begin = monotonicMillis();
  await Promise.all(Array.from({ length: concurrency }, user));
  return { kind: "closed", requestsPerSecond: (count * 1000) / (monotonicMillis() - begin) };
}

async function runOpen({ count, ratePerSecond, seed }: LoadStep & { kind: "open" }): Promise<StepResult> {
  const arrivals = arrivalMillis(count, ratePerSecond, seed);
  const latency = new Float64Array(count);
  const sendDelay = new Float64Array(count);
  const beginMillis = monotonicMillis() + HEAD_START_MILLIS;
  const workerData: PacerData = { beginMillis, arrivals };
  const pacer = new Worker(new URL("pacer.ts", import.meta.url), { workerData });
  const exited = once(pacer, "exit");
  const sent: Promise<void>[] = [];
  pacer.on("message", (index: number) => {
    const dueMillis = beginMillis + (arrivals[index] as number);
    sendDelay[index] = monotonicMillis() - dueMillis;
    const answered = send(index).then(() => void (latency[index] = monotonicMillis() - dueMillis));
    // Looked at when all are sent.
    answered.catch(() => {});
    sent.push(answered);
  });
  await exited;
  await Promise.all(sent);
  if (sent.length !== count) throw new Error(`${sent.length} of ${count} requests were sent`);
  return {
    kind: "open",
    latency: percentilesOf(latency),
    partP99: median(partsOf(latency, arrivals).map((part) => percentilesOf(part).p99)),
    sendDelay: percentilesOf(sendDelay),
  };
}

/** Values by the half second in which their requests were due; those in which none was are left out. */
function partsOf(values: Float64Array, arrivals: Float64Array): Float64Array[] {
  const partOf = (at: number): number => Math.floor(at / PART_MILLIS);
  const lastPart = partOf(arrivals.at(-1) ?? 0);
  const parts = Array.from({ length: lastPart + 1 }, (_, part) =>
    values.filter((_value, index) => partOf(arrivals[index] as number) === part),
  );
  return parts.filter(({ length }) => length > 0);
}

async function runStep(step: LoadStep): Promise<StepResult> {
  pool ??= new Pool(step.url, { connections: CONNECTION_COUNT, pipelining: 1 });
  try {
    return await (step.kind === "closed" ? runClosed(step) : runOpen(step));
  } catch (error) {
    return { kind: "failed", reason: (error as Error).message };
  }
}

process.on("message", (step: LoadStep) => {
  void runStep(step).then((result) => process.send?.(result));
});
process.once("disconnect", () => void pool?.destroy());
