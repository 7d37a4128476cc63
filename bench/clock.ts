/** One clock for all threads, and on Linux for all processes: what one takes down, another can subtract. */

/** So often the two clocks are read side by side; the closest pair counts. */
const TRY_COUNT = 100;

function clockOffset(): number {
  let offset = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < TRY_COUNT; i++) {
    // What lies between the two readings makes the difference smaller, never larger.
    offset = Math.max(offset, Number(process.hrtime.bigint()) / 1e6 - performance.now());
  }
  return offset;
}

const OFFSET = clockOffset();

/** Milliseconds of the machine's monotonic clock, with a fraction. Makes no garbage but the number. */
export function monotonicMillis(): number {
  return OFFSET + performance.now();
}
