/** Wall time and processor time of a stretch of work. */
export class Stopwatch {
  readonly #begin = performance.now();
  readonly #cpu = process.cpuUsage();

  /** Time since the start, shared out among `count` records. Processor time is that of the whole process, all threads. */
  read(count: number): {
    readonly nsPerRecord: number;
    readonly cpuNsPerRecord: number;
    readonly recordsPerSecond: number;
  } {
    const millis = performance.now() - this.#begin;
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      nsPerRecord: (millis * 1e6) / count,
      cpuNsPerRecord: ((user + system) * 1000) / count,
      recordsPerSecond: (count * 1000) / millis,
    };
  }
}
