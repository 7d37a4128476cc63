import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** Kept for the life of the process: closing one would close the application's descriptor. */
const sockets = new Map<number, object>();

/**
 * Makes writes to a descriptor return at once where its buffer is full: a thread stuck in a write would hold up the end of the
 * process. Pipes can be opened a second time, non-blocking, and stay as they are; a socket cannot, nor a pipe of another user's.
 * Main thread only: the descriptors of another thread's sockets are closed when it ends.
 */
export function neverBlock(descriptor: number): void {
  if (!isMainThread || sockets.has(descriptor) || !isBlocking(descriptor)) return;
  // Loaded only where it is needed: it takes milliseconds.
  const { Socket } = process.getBuiltinModule("node:net");
  try {
    // Node makes them non-blocking, as it does with those of `process.stdout` and `process.stderr`.
    if (descriptor === 1) sockets.set(descriptor, process.stdout);
    else if (descriptor === 2) sockets.set(descriptor, process.stderr);
    else sockets.set(descriptor, new Socket({ fd: descriptor, readable: false, writable: true }).unref());
  } catch {
    // A kind of socket that Node does not know: it stays as it is.
  }
}

function isBlocking(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isSocket() || (stats.isFIFO() && !canOpenAgain(descriptor));
  } catch {
    return false;
  }
}

/** What exporters/stream/descriptor-sink.ts does with pipes. */
function canOpenAgain(descriptor: number): boolean {
  try {
    closeSync(openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
