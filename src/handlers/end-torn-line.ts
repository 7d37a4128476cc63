import { closeSync, constants, openSync, readSync, statSync, writeSync } from "node:fs";

const LINE_FEED = 10;
const END = Buffer.from("\n");

/**
 * Ends the last line of a file, where a process that was killed has left it without its end: the next line would be lost with
 * it. Does nothing to a file that is not there, is no regular file, or cannot be written; never throws.
 */
export function endTornLine(path: string): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size === 0) return;
    const descriptor = openSync(path, constants.O_RDWR | constants.O_APPEND);
    try {
      endLine(descriptor, stats.size);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Whoever writes the file says what is wrong with it.
  }
}

function endLine(descriptor: number, fileBytes: number): void {
  const last = Buffer.alloc(1);
  const readCount = readSync(descriptor, last, 0, 1, fileBytes - 1);
  if (readCount === 1 && last[0] !== LINE_FEED) writeSync(descriptor, END);
}
