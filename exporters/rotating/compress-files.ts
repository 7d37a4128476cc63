import {
  closeSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CompressJob } from "./compressing.ts";
import { lockPathOf, takeLock, withLock } from "./process-lock.ts";

/** Read at a time. */
const CHUNK_BYTES = 262_144;
/** How long another process may be at it. */
const OTHER_WAIT_MILLIS = 2000;
const RENAME_WAIT_MILLIS = 10_000;

const ENDINGS = { gzip: ".gz", zstd: ".zst" } as const;

/**
 * Compresses rotated files, each into a file of a temporary name that takes the place of the file in one step. One process
 * at a time does so for a log; another that asks finds the work done, or does it at its next rotation.
 *
 * A file may be renamed meanwhile: it is followed by its inode. A line that another process still brings into it is kept.
 *
 * @param options `waitMillis`: how long the thread stands still for another process that is at it, 2000 by default.
 * @throws {AggregateError} What went wrong, file by file; the files are as they were.
 */
export async function compressFiles(
  job: CompressJob,
  { waitMillis = OTHER_WAIT_MILLIS }: { readonly waitMillis?: number } = {},
): Promise<void> {
  const path = `${lockPathOf(job.logPath)}.compress`;
  const lock = takeLock(path, { waitMillis, fileMode: job.fileMode });
  if (lock.kind === "busy") return;
  try {
    await compressAll(job);
  } finally {
    if (lock.kind === "held") lock.release();
  }
}

/** What is said where `compressFiles` has thrown. */
export function troubleOf({ logPath }: CompressJob, error: unknown): string {
  return `Cannot compress rotated files of ${logPath}: ${(error as Error).message}; they stay as they are, and it is tried again after the next rotation`;
}

async function compressAll(job: CompressJob): Promise<void> {
  const errors: Error[] = [];
  for (const folder of new Set(job.paths.map((path) => dirname(path)))) removeLeftovers(job, folder);
  for (const path of job.paths) {
    try {
      await compressFile(job, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") errors.push(error as Error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join("; "));
}

function prefixOf({ logPath }: CompressJob): string {
  return `.${basename(logPath)}.`;
}

/** Whoever was killed in the middle has left an unfinished file; nobody else is at it, since the lock is held. */
function removeLeftovers(job: CompressJob, folder: string): void {
  const prefix = prefixOf(job);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && /^\d+\.tmp$/.test(name.slice(prefix.length)))
      rmSync(join(folder, name), { force: true });
  }
}

async function compressFile(job: CompressJob, path: string): Promise<void> {
  const source = openSync(path, "r");
  const { ino, mode } = fstatSync(source);
  const temporaryPath = join(dirname(path), `${prefixOf(job)}${ino}.tmp`);
  let target: number | undefined;
  try {
    target = openSync(temporaryPath, "w", mode & 0o777);
    const copied = await copy(job, { source, target, from: 0 });
    // The bytes must be on the disk before the original goes.
    fsyncSync(target);
    const tailFrom = replace(job, { source, target, copied, path, temporaryPath });
    if (tailFrom !== undefined) await copy(job, { source, target, from: tailFrom });
  } finally {
    rmSync(temporaryPath, { force: true });
    closeSync(source);
    if (target !== undefined) closeSync(target);
  }
}

/** Compresses from an offset to the end of the file. Returns the offset of the end. */
async function copy(
  { compress }: CompressJob,
  place: { readonly source: number; readonly target: number; readonly from: number },
): Promise<number> {
  const { source, target } = place;
  let at = place.from;
  // A file stream would close the descriptor when something fails, which is not its own.
  function* chunks(): Generator<Uint8Array> {
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const byteCount = readSync(source, chunk, 0, CHUNK_BYTES, at);
      if (byteCount === 0) return;
      at += byteCount;
      yield chunk.subarray(0, byteCount);
    }
  }
  // Loaded with the first file: an application that imports this need not have any.
  const { pipeline } = process.getBuiltinModule("node:stream/promises");
  const { createGzip, createZstdCompress } = process.getBuiltinModule("node:zlib");
  await pipeline(chunks, compress === "zstd" ? createZstdCompress() : createGzip(), async (compressed) => {
    for await (const chunk of compressed) writeAll(target, chunk as Uint8Array);
  });
  return at;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

interface Copied {
  readonly source: number;
  readonly target: number;
  /** Bytes of the source that have been read. */
  readonly copied: number;
  readonly path: string;
  readonly temporaryPath: string;
}

/** Puts the compressed file where the file is now. Returns where lines begin that came at the last moment. */
function replace(job: CompressJob, file: Copied): number | undefined {
  const action = (): number | undefined => replaceLocked(job, file);
  const options = { waitMillis: RENAME_WAIT_MILLIS, fileMode: job.fileMode, action };
  const locked = withLock(lockPathOf(job.logPath), options);
  if (locked.kind === "busy") throw new Error(`${file.path} is locked by another process`);
  return locked.kind === "done" ? locked.value : action();
}

function replaceLocked(
  job: CompressJob,
  { source, target, copied, path, temporaryPath }: Copied,
): number | undefined {
  const { ino, size, atime, mtime } = fstatSync(source);
  const currentPath = findByInode(path, ino);
  // Deleted meanwhile, as being too old.
  if (currentPath === undefined) return undefined;
  // A process that had looked at the path before it was renamed may write that late.
  if (size > copied) throw new Error(`${currentPath} is still written by another process`);
  futimesSync(target, atime, mtime);
  renameSync(temporaryPath, currentPath + ENDINGS[job.compress === "zstd" ? "zstd" : "gzip"]);
  unlinkSync(currentPath);
  return fstatSync(source).size > copied ? copied : undefined;
}

/** Where the file is: there, or under another name of the same folder. */
function findByInode(path: string, inode: number): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.ino === inode) return path;
  const folder = dirname(path);
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.ino === inode);
}
