/** Calls at a pace: so many at once, again and again. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** How much is logged, and when. */
export interface Load {
  /** Calls one after the other. */
  readonly burstSize: number;
  /** From the begin of a burst to that of the next. */
  readonly intervalMillis: number;
  readonly bursts: number;
}

/** Calls of the whole load. */
export function callCountOf({ burstSize, bursts }: Load): number {
  return burstSize * bursts;
}

/**
 * Makes the calls of a load, and leaves the event loop to others in between. What is late is made up for at once, so that a stall does not
 * take calls out of the measurement.
 *
 * @param call Is given the number of the call, from `first` on.
 */
export async function runLoad(load: Load, first: number, call: (index: number) => void): Promise<void> {
  const { burstSize, intervalMillis, bursts } = load;
  const begin = performance.now();
  for (let burst = 0; burst < bursts; burst++) {
    const due = begin + burst * intervalMillis;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    else await nextTurn();
    const from = first + burst * burstSize;
    for (let index = from; index < from + burstSize; index++) call(index);
  }
}
