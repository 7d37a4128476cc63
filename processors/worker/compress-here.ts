import { compressFiles, troubleOf, type Compressing, type CompressJob } from "./compressing-registry.ts";

/**
 * Compresses on the event loop of the thread that writes, for handlers that may start no thread: a piece at a time,
 * the work itself in Node's own pool. A natural end of the process waits for it. What any other end breaks off is found again at
 * the next start.
 */
export class CompressHere implements Compressing {
  #next: CompressJob | undefined;
  #isAtIt = false;
  readonly #report: (trouble: string) => void;

  /** @param report Told at once: nobody may come to ask. */
  constructor(report: (trouble: string) => void) {
    this.#report = report;
  }

  start(job: CompressJob): void {
    this.#next = job;
    if (!this.#isAtIt) void this.#run();
  }

  takeTrouble(): string | undefined {
    return undefined;
  }

  /** Begins nothing more. A file that is under way is finished. */
  end(): void {
    this.#next = undefined;
  }

  async #run(): Promise<void> {
    this.#isAtIt = true;
    // Not within the call that rotates: it holds the lock that is asked for.
    await Promise.resolve();
    for (let job = this.#take(); job !== undefined; job = this.#take()) {
      try {
        // The application is not held up for another process: that one does the work, or this one later.
        await compressFiles(job, { waitMillis: 0 });
      } catch (error) {
        this.#report(troubleOf(job, error));
      }
    }
    this.#isAtIt = false;
  }

  #take(): CompressJob | undefined {
    const job = this.#next;
    this.#next = undefined;
    return job;
  }
}
