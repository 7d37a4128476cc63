import { existsSync, readlinkSync } from "node:fs";

// Whether a thread of this process lives cannot be asked in Node: a worker's 'exit' event needs an event loop, which an exit
// hook has no more. Linux tells: /proc/self/task has an entry for each thread, named by a number of the system's own.

const UNKNOWN = -1;
const TASKS = "/proc/self/task";

/** The calling thread's number in the operating system; -1 where it does not tell. */
export function ownThread(): number {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    return existsSync(`${TASKS}/${thread}`) ? thread : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

/** True when the thread of that number has ended. False where that cannot be known. */
export function isThreadGone(thread: number): boolean {
  return thread > 0 && ownThread() !== UNKNOWN && !existsSync(`${TASKS}/${thread}`);
}
