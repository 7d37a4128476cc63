/**
 * Whether memory stays what it is under load. The first third is left out: code is compiled and queues fill for the first time. Of the rest,
 * a straight line is laid through the lowest value of each of forty stretches, by least squares: what is collected now and then does not
 * count, what stays does. It may not rise by more than an allowance over the whole rest, and the highest value may not be far above the median.
 */
import { median } from "../statistics.ts";

/** The rest is divided into so many stretches. */
const STRETCH_COUNT = 40;
/** Less than this says nothing. */
const SECONDS_MIN = 60;
const SECONDS_PER_HOUR = 3600;
const MEGABYTE = 2 ** 20;
/** What the line may rise by: the larger one. Between two runs of the same program the resident set differs by as much. */
const GROWTH_BYTES_MAX = 4 * MEGABYTE;
const GROWTH_SHARE_MAX = 0.05;

/** A value at a time. */
export interface Point {
  readonly seconds: number;
  readonly bytes: number;
}

/** What came out. */
export type FlatnessVerdict = "flat" | "GROWS" | "PEAKS" | "too short";

/** A series of values, judged. */
export interface Flatness {
  readonly medianBytes: number;
  readonly maxBytes: number;
  readonly bytesPerHour: number;
  /** How much the line rises from its begin to its end; negative when it falls. */
  readonly growthBytes: number;
  readonly growthBytesMax: number;
  readonly verdict: FlatnessVerdict;
}

/**
 * Judges one series.
 *
 * @param points In the order of time, two at least.
 * @param rule `peakMax`: how many times the median the highest value may be; no bound without it.
 */
export function judgeFlatness(points: readonly Point[], rule: { readonly peakMax?: number } = {}): Flatness {
  const first = points[0]?.seconds ?? 0;
  const seconds = (points.at(-1)?.seconds ?? 0) - first;
  const rest = points.filter((point) => point.seconds >= first + seconds / 3);
  const medianBytes = median(rest.map(({ bytes }) => bytes));
  const maxBytes = Math.max(...rest.map(({ bytes }) => bytes));
  const restSeconds = (seconds * 2) / 3;
  const bytesPerSecond = slopeOf(lowest(rest, restSeconds / STRETCH_COUNT));
  const growthBytes = bytesPerSecond * restSeconds;
  const growthBytesMax = Math.max(GROWTH_BYTES_MAX, medianBytes * GROWTH_SHARE_MAX);
  const isPeak = rule.peakMax !== undefined && maxBytes > rule.peakMax * medianBytes;
  return {
    medianBytes,
    maxBytes,
    bytesPerHour: bytesPerSecond * SECONDS_PER_HOUR,
    growthBytes,
    growthBytesMax,
    verdict: verdictOf({ seconds, isGrowing: growthBytes > growthBytesMax, isPeak }),
  };
}

function verdictOf(finding: {
  readonly seconds: number;
  readonly isGrowing: boolean;
  readonly isPeak: boolean;
}): FlatnessVerdict {
  if (finding.seconds < SECONDS_MIN) return "too short";
  if (finding.isGrowing) return "GROWS";
  return finding.isPeak ? "PEAKS" : "flat";
}

/** The lowest point of each stretch of `length` seconds. */
function lowest(points: readonly Point[], length: number): Point[] {
  const begin = points[0]?.seconds ?? 0;
  const found = new Map<number, Point>();
  for (const point of points) {
    const stretch = Math.floor((point.seconds - begin) / length);
    const before = found.get(stretch);
    if (before === undefined || point.bytes < before.bytes) found.set(stretch, point);
  }
  return [...found.values()];
}

/** Of the straight line with the least squares of distances, in bytes a second; 0 for a single point. */
function slopeOf(points: readonly Point[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanSeconds = mean(points.map(({ seconds }) => seconds));
  const meanBytes = mean(points.map(({ bytes }) => bytes));
  let products = 0;
  let squares = 0;
  for (const { seconds, bytes } of points) {
    products += (seconds - meanSeconds) * (bytes - meanBytes);
    squares += (seconds - meanSeconds) ** 2;
  }
  return squares === 0 ? 0 : products / squares;
}
