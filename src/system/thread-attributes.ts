import { isMainThread, threadId } from "node:worker_threads";

/** What Node calls a thread that was given no name. */
const NO_NAME = "WorkerThread";

/**
 * What the records of this thread say of it: nothing on the main thread.
 * @see Semantic conventions, General attributes: `thread.id`, `thread.name`
 */
export function threadAttributes(): Readonly<Record<string, unknown>> | undefined {
  if (isMainThread) return undefined;
  // Node tells the name from 22.20 and 24.6 on: an import by name would fail where there is none.
  const { threadName } = process.getBuiltinModule("node:worker_threads") as { readonly threadName?: string };
  const isNamed = threadName !== undefined && threadName !== "" && threadName !== NO_NAME;
  return { "thread.id": threadId, ...(isNamed ? { "thread.name": threadName } : {}) };
}
