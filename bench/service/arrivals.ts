/** When requests are due: independent of each other and of the answers, the same times in each run. */
import { randomNumbers } from "../data.ts";

/**
 * @param count How many requests.
 * @param ratePerSecond Mean rate. The gaps are exponential, as those of many users who do not know of each other.
 * @returns Milliseconds from the begin, ascending.
 */
export function arrivalMillis(count: number, ratePerSecond: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  const gaps = Float64Array.from({ length: count }, () => -Math.log(1 - random()));
  // Scaled, so that the last one is due when the mean rate says.
  const scale = (count * 1000) / ratePerSecond / gaps.reduce((sum, gap) => sum + gap, 0);
  let at = 0;
  return gaps.map((gap) => (at += gap * scale));
}
