import { isMainThread } from "node:worker_threads";

/** What can close its file and open the path again. */
export interface Reopening {
  reopen(): Promise<void>;
}

const reopening = new Set<Reopening>();

/**
 * Calls `reopen` of a handler at each SIGHUP, until it is taken off the list. Main thread; elsewhere signals do not arrive.
 * While there is such a handler, SIGHUP does not end the process.
 */
export function reopenOnSighup(handler: Reopening): void {
  if (!isMainThread) return;
  if (reopening.size === 0) process.on("SIGHUP", reopenAll);
  reopening.add(handler);
}

/** Takes a handler off the list. */
export function forgetSighup(handler: Reopening): void {
  if (reopening.delete(handler) && reopening.size === 0) process.off("SIGHUP", reopenAll);
}

function reopenAll(): void {
  for (const handler of reopening) {
    handler.reopen().catch(() => {
      // The handler goes on trying, and says so.
    });
  }
}
