import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

/** Kept for the life of the process: closing one would close the application's descriptor. */
const sockets = new Map<number, Socket>();

/**
 * Makes writes to a descriptor that is a socket return at once where its buffer is full. Pipes and terminals can be opened a
 * second time, non-blocking; a socket cannot, and a thread stuck in a write to one would hold up the end of the process.
 * Main thread only: the descriptors of another thread's sockets are closed when it ends.
 */
export function neverBlock(descriptor: number): void {
  if (!isMainThread || sockets.has(descriptor) || !isSocket(descriptor)) return;
  try {
    // Node makes them non-blocking itself, as it does with those of `process.stdout` and `process.stderr`.
    if (descriptor === 1) sockets.set(descriptor, process.stdout as unknown as Socket);
    else if (descriptor === 2) sockets.set(descriptor, process.stderr as unknown as Socket);
    else sockets.set(descriptor, new Socket({ fd: descriptor, readable: false, writable: true }).unref());
  } catch {
    // A kind of socket that Node does not know: it stays as it is.
  }
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}
