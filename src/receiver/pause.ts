import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits so many milliseconds, but no longer than the client of `answer` does. */
export async function pauseWhileOpen(delayMillis: number, answer: Writable): Promise<void> {
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  answer.once("close", abort);
  await sleep(delayMillis, undefined, { signal: gone.signal }).catch(() => undefined);
  answer.off("close", abort);
}
