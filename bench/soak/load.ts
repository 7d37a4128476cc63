/** The load of the soak: a steady stream, bursts on top, and a look at the memory now and then. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Burst } from "../sites.ts";
import { type Sample, takeSample } from "./samples.ts";

const STEP_MILLIS = 10;
/** Calls of one step: 2,000 a second. */
const STEP_CALLS = 20;
const BURST_CALLS = 20_000;
const BURST_MILLIS_MAX = 10_000;
/** In a short run too there are so many bursts. */
const BURST_COUNT_MIN = 6;
const SAMPLE_MILLIS_MAX = 1000;
const SAMPLE_COUNT_MIN = 120;
const MILLIS_PER_SECOND = 1000;

/** The load in words, for people. */
export const LOAD_TEXT: string = `${STEP_CALLS} calls each ${STEP_MILLIS} ms, ${BURST_CALLS} calls at once each ${BURST_MILLIS_MAX / MILLIS_PER_SECOND} s`;

/** What was logged, and what was seen meanwhile. */
export interface SoakRun {
  readonly callCount: number;
  readonly samples: readonly Sample[];
}

/** Something that is done again and again. */
class Schedule {
  readonly #intervalMillis: number;
  #nextMillis: number;

  constructor(intervalMillis: number) {
    this.#intervalMillis = intervalMillis;
    this.#nextMillis = intervalMillis;
  }

  /** How often it is due since it was asked last. */
  due(elapsedMillis: number): number {
    if (elapsedMillis < this.#nextMillis) return 0;
    const count = Math.floor((elapsedMillis - this.#nextMillis) / this.#intervalMillis) + 1;
    this.#nextMillis += count * this.#intervalMillis;
    return count;
  }
}

/**
 * Logs for so long. What is late is made up for.
 *
 * @param onSample Is told of each sample.
 */
export async function runSoak(
  burst: Burst,
  durationMillis: number,
  onSample: (sample: Sample, callCount: number) => void,
): Promise<SoakRun> {
  const steps = new Schedule(STEP_MILLIS);
  const bursts = new Schedule(Math.min(BURST_MILLIS_MAX, durationMillis / BURST_COUNT_MIN));
  const looks = new Schedule(Math.min(SAMPLE_MILLIS_MAX, durationMillis / SAMPLE_COUNT_MIN));
  const samples: Sample[] = [];
  const begin = performance.now();
  let callCount = 0;
  for (let elapsed = 0; elapsed < durationMillis; elapsed = performance.now() - begin) {
    const calls = steps.due(elapsed) * STEP_CALLS + bursts.due(elapsed) * BURST_CALLS;
    burst(callCount, callCount + calls);
    callCount += calls;
    if (looks.due(elapsed) > 0) {
      const sample = takeSample(elapsed / MILLIS_PER_SECOND);
      samples.push(sample);
      onSample(sample, callCount);
    }
    await sleep(STEP_MILLIS);
  }
  return { callCount, samples };
}
