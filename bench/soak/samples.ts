/** What a process occupies at a moment. */
import { readFileSync } from "node:fs";

/** Bytes of the shared memory that all queues are in: `ARENA_BYTES` of processors/queue/layout.ts. */
const ARENA_KILOBYTES = 262_144;
const BYTES_PER_KILOBYTE = 1024;
/** The head of a mapping: addresses, then permissions. */
const MAPPING_HEAD = /^[0-9a-f]+-[0-9a-f]+ (\S+)/;
const SIZE_LINE = /^Size:\s+(\d+) kB/;
const RESIDENT_LINE = /^Rss:\s+(\d+) kB/;

/** One look at a process. All in bytes. */
export interface Sample {
  /** Seconds since the load began. */
  readonly seconds: number;
  /** Resident set of the process, all threads. */
  readonly rss: number;
  /** Of the main thread. */
  readonly heapUsed: number;
  /** Of the main thread: buffers and what else lies outside of the heap. */
  readonly external: number;
  /** Touched pages of the shared memory; undefined where the system does not tell. */
  readonly arena: number | undefined;
}

/** Looks at this process. */
export function takeSample(seconds: number): Sample {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { seconds, rss, heapUsed, external, arena: ownArenaBytes() };
}

function ownArenaBytes(): number | undefined {
  if (process.platform !== "linux") return undefined;
  return arenaBytes(readFileSync("/proc/self/smaps", "latin1"));
}

/**
 * Resident bytes of the mapping that holds the arena: the writable one of at least its size (V8's
 * code range is larger, but may be run). Neighbours that the system has merged with it
 * are in the number.
 *
 * @param text Of `/proc/<pid>/smaps`.
 * @returns Undefined when there is no such mapping.
 */
export function arenaBytes(text: string): number | undefined {
  let isWritable = false;
  let isArena = false;
  for (const line of text.split("\n")) {
    const head = MAPPING_HEAD.exec(line);
    if (head !== null) isWritable = head[1]?.startsWith("rw-") === true;
    const size = SIZE_LINE.exec(line);
    if (size !== null) isArena = isWritable && Number(size[1]) >= ARENA_KILOBYTES;
    const resident = RESIDENT_LINE.exec(line);
    if (resident !== null && isArena) return Number(resident[1]) * BYTES_PER_KILOBYTE;
  }
  return undefined;
}
