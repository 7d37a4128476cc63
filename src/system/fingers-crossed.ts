import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import { beginBuffering, RecordBuffer } from "../logger/record-buffer.ts";
import { FINGERS_CROSSED_OPTIONS } from "../options/fingers-crossed-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";

/** Options of `withFingersCrossed`; CONFIG.md describes each. */
export type FingersCrossedOptions = OptionsOf<typeof FINGERS_CROSSED_OPTIONS>;

/**
 * Runs a piece of work, such as a request, and keeps what it logs to itself, also after `await`, by any logger of this thread. If a record of
 * `level` or above comes, or the work throws or rejects, all that was kept is delivered, oldest first, and what it logs from
 * then on is delivered as usual. If all goes well it is left out, and counted as `filtered`. What is logged after the work has
 * ended is delivered as usual. Of contexts inside of each other the inner one's trouble is the outer one's too.
 *
 * Kept records are in the memory of this thread: what ends the process before the work has ended (but an error that nobody
 * catches) takes them along, and they count nowhere.
 *
 * @returns What `work` returns.
 * @throws {ConfigError} An option is wrong. And whatever `work` throws.
 */
export function withFingersCrossed<T>(options: FingersCrossedOptions, work: () => T): T {
  const limits = resolveOptions(FINGERS_CROSSED_OPTIONS, options, { subject: "withFingersCrossed()" });
  const port = threadRecorder();
  if (beginBuffering(port)) port.arena.bumpGeneration();
  const buffer = new RecordBuffer(limits);
  const fail = (error: unknown): never => {
    buffer.release(port);
    throw error;
  };
  let result: T;
  try {
    result = buffer.run(work);
  } catch (error) {
    return fail(error);
  }
  if (!isPromise(result)) {
    buffer.discard();
    return result;
  }
  const end = (value: unknown): unknown => {
    buffer.discard();
    return value;
  };
  return result.then(end, fail) as T;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
