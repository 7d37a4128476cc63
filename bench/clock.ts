/** Milliseconds of a clock that all threads and processes of the machine share, with a fraction. Never goes back. */
export function clockMillis(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1000 + nanos / 1e6;
}
