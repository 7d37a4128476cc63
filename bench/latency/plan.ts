/** Which latencies are measured, of whom, under what load. */
import type { LatencyCallArguments } from "../cases/latency-call.ts";
import type { LatencyWrittenArguments } from "../cases/latency-written.ts";
import type { PlannedCase } from "../plan.ts";
import type { Load } from "./load.ts";

/** Names of loads. */
export type LoadName = "sparse" | "steady" | "bursts";

const WARM_COUNT = 20_000;
const SMOKE_WARM_COUNT = 1000;
/** Before the clock counts what is written: of the load, so much more. */
const WARM_SHARE = 1 / 5;
/** Of the seconds of a load, so much is left in a smoke run. */
const SMOKE_SHARE = 1 / 25;

const LOADS: Readonly<Record<LoadName, Load>> = {
  // Further apart than a worker polls for: it has to be woken each time.
  sparse: { burstSize: 1, intervalMillis: 100, bursts: 100 },
  steady: { burstSize: 10, intervalMillis: 1, bursts: 5000 },
  bursts: { burstSize: 1000, intervalMillis: 100, bursts: 50 },
};

const CALL_SUBJECTS: readonly LatencyCallArguments["subject"][] = [
  "femtologging",
  "pino-sync",
  "pino-sync-4096",
  "pino-transport",
  "sdk-logs",
];
const CALL_LOADS: readonly LoadName[] = ["steady", "bursts"];

/** `pino-sync` writes in the call: what it shows is the reader. */
const FIFO_SUBJECTS: readonly LatencyWrittenArguments["subject"][] = [
  "femtologging",
  "pino-sync",
  "pino-transport",
];
const FIFO_LOADS: readonly LoadName[] = ["sparse", "steady", "bursts"];
const OTLP_SUBJECTS = ["otlp/femtologging", "otlp/sdk-logs"] as const;
const OTLP_LOADS: readonly LoadName[] = ["steady", "bursts"];
const SHORT_DELAY_MILLIS = 10;

type WrittenSubject = Pick<LatencyWrittenArguments, "subject" | "scheduledDelayMillis">;

/** A load in words, for people. */
export function loadText(name: LoadName): string {
  const { burstSize, intervalMillis } = LOADS[name];
  return `${burstSize} ${burstSize === 1 ? "call" : "calls"} each ${intervalMillis} ms`;
}

function shorter(load: Load, share: number): Load {
  return { ...load, bursts: Math.ceil(load.bursts * share) };
}

/** All cases; short ones for a smoke run. */
export function planLatency({ isSmoke }: { readonly isSmoke: boolean }): readonly PlannedCase[] {
  const loadOf = (name: LoadName): Load => shorter(LOADS[name], isSmoke ? SMOKE_SHARE : 1);
  const loads = (name: LoadName): { readonly load: Load; readonly warmLoad: Load } => ({
    load: loadOf(name),
    warmLoad: shorter(loadOf(name), WARM_SHARE),
  });
  // In a smoke run each subject has one load: they take turns.
  const take = (names: readonly LoadName[], index: number): readonly LoadName[] =>
    isSmoke ? [names[index % names.length] as LoadName] : names;
  const written = (load: LoadName, args: WrittenSubject): PlannedCase => {
    const { subject, scheduledDelayMillis } = args;
    const suffix = scheduledDelayMillis === undefined ? "" : `-${scheduledDelayMillis}ms`;
    const id = `written-${load}/${subject}${suffix}`;
    return { id, program: "latency-written", args: { ...args, ...loads(load) } };
  };
  const calls = CALL_SUBJECTS.flatMap((subject, index) =>
    take(CALL_LOADS, index).map((load) => ({
      id: `call-${load}/${subject}`,
      program: "latency-call",
      args: { subject, warmCount: isSmoke ? SMOKE_WARM_COUNT : WARM_COUNT, load: loadOf(load) },
    })),
  );
  const fifos = FIFO_SUBJECTS.flatMap((subject, index) =>
    take(FIFO_LOADS, index).map((load) => written(load, { subject })),
  );
  const requests = OTLP_SUBJECTS.flatMap((subject, index) =>
    take(OTLP_LOADS, index).flatMap((load) => [
      written(load, { subject }),
      written(load, { subject, scheduledDelayMillis: SHORT_DELAY_MILLIS }),
    ]),
  );
  return [...calls, ...fifos, ...requests];
}
