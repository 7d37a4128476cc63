/** The cost of a call: how long the calling thread is busy with it. */
import { logInChunks, type ChunkLogger, type Subject } from "./peers/subject.ts";
import { median } from "./statistics.ts";

/** So many bursts are one value: enough that each has its share of garbage collections. */
const BURSTS_IN_GROUP = 10;

/** How many bursts, and how long. */
export interface BurstPlan {
  readonly burstSize: number;
  readonly warmBursts: number;
  /** Measured ones: a multiple of 10. */
  readonly bursts: number;
}

/** What bursts cost. */
export interface BurstTimes {
  /** Median over groups of ten bursts, ns a call. */
  readonly nsPerCall: number;
  /** The shortest single burst, ns a call: what a call costs when nothing comes between. */
  readonly nsPerCallBest: number;
  readonly recordCount: number;
}

/**
 * Logs in bursts that fit the queue, and times the loops of calls; what was logged is delivered between the bursts, outside of the
 * clock. Ends with everything delivered.
 */
export async function timeBursts(
  subject: ChunkLogger & Pick<Subject, "finish">,
  plan: BurstPlan,
): Promise<BurstTimes> {
  const { burstSize, warmBursts, bursts } = plan;
  await logInChunks(subject, 0, warmBursts * burstSize);
  await subject.settle();
  const times: number[] = [];
  for (let burst = warmBursts; burst < warmBursts + bursts; burst++) {
    const begin = performance.now();
    subject.burst(burst * burstSize, (burst + 1) * burstSize);
    times.push(((performance.now() - begin) * 1e6) / burstSize);
    await subject.settle();
  }
  await subject.finish();
  return {
    nsPerCall: median(groupMeans(times)),
    nsPerCallBest: Math.min(...times),
    recordCount: (warmBursts + bursts) * burstSize,
  };
}

function groupMeans(times: readonly number[]): number[] {
  const means: number[] = [];
  for (let begin = 0; begin < times.length; begin += BURSTS_IN_GROUP) {
    const group = times.slice(begin, begin + BURSTS_IN_GROUP);
    means.push(group.reduce((sum, time) => sum + time, 0) / group.length);
  }
  return means;
}
