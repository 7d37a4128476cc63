// One folder for each handler of each process, inside of the queue's directory. Whoever holds the lock in a folder owns it. The lock
// is a record lock of the operating system, which frees it when its process ends, however that ends: so a folder whose lock can be
// taken is one whose owner is gone. There is nothing to go stale, and nobody has to prove that anybody is dead.
//
//   <milliseconds since 1970, base 36>-<queue id>-<random>.<encoding>/
//     lock            held by the owner
//     00000001.seg    segments, in the order in which they were begun
import {
  mkdirSync,
  openSync,
  closeSync,
  fsyncSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { makeFolders } from "../file/make-folders.ts";
import { takeLock, type TakenLock } from "../rotating/process-lock.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const LOCK_NAME = "lock";
const SEGMENT_NAME = /^\d{8,}\.seg$/;
const FOLDER_NAME = /^([0-9a-z]{9})-([0-9a-f]+)-[0-9a-f]+\.([a-z0-9-]+)$/;
/** A folder that is being made; nobody else touches it. */
const NEW_PREFIX = ".new-";
/** Where a folder cannot get another name while a file in it is open, it has its own from the start. */
const CAN_RENAME = process.platform !== "win32";
/** A folder that was never finished: its maker ended in the middle. */
const ABANDONED_MILLIS = 3_600_000;

/** Whose folders, and where. */
export interface FolderScope {
  readonly directory: string;
  readonly encoding: string;
  readonly queueId: string;
}

/** What a look for folders without an owner has found. */
export interface FoundFolders {
  /** Ours from now on, oldest first. */
  readonly folders: readonly QueueFolder[];
  /** True when a folder of this very handler still has an owner: a thread before this one that is not gone yet. */
  readonly isOwnBusy: boolean;
  /** Why folders cannot be taken over here at all; `undefined` when they can. */
  readonly fault: string | undefined;
}

/** A folder whose lock this thread holds. */
export class QueueFolder {
  readonly path: string;
  /** True when this very handler made it, on a thread before. */
  readonly isOwn: boolean;
  #lock: TakenLock | undefined;
  #nextNumber = 1;

  private constructor(path: string, parts: { readonly isOwn: boolean; readonly lock: TakenLock }) {
    this.path = path;
    this.isOwn = parts.isOwn;
    this.#lock = parts.lock;
  }

  /**
   * Makes a folder. It gets its name when its lock is held, so that nobody takes it for one without an owner.
   *
   * @throws {Error} Of the operating system.
   */
  static create(scope: FolderScope): QueueFolder {
    const { directory, encoding, queueId } = scope;
    makeFolders(directory);
    const time = Date.now().toString(36).padStart(9, "0");
    const name = `${time}-${queueId}-${randomBytes(4).toString("hex")}.${encoding}`;
    const path = join(directory, name);
    const newPath = CAN_RENAME ? join(directory, `${NEW_PREFIX}${name}`) : path;
    mkdirSync(newPath, { mode: FOLDER_MODE });
    let lock: TakenLock | undefined;
    try {
      lock = takeLock(join(newPath, LOCK_NAME), { waitMillis: 0, fileMode: FILE_MODE });
      if (lock.kind === "busy") throw new Error(`another process has taken "${newPath}"`);
      renameSync(newPath, path);
      return new QueueFolder(path, { isOwn: true, lock });
    } catch (error) {
      if (lock?.kind === "held") lock.release();
      rmSync(newPath, { recursive: true, force: true });
      throw error;
    }
  }

  /** Takes the folders of the same encoding that have no owner. @param known Paths to leave out. */
  static adopt(scope: FolderScope, known: ReadonlySet<string>): FoundFolders {
    const folders: QueueFolder[] = [];
    let isOwnBusy = false;
    let fault: string | undefined;
    for (const name of namesIn(scope.directory)) {
      const [, , queueId, encoding] = FOLDER_NAME.exec(name) ?? [];
      const path = join(scope.directory, name);
      if (name.startsWith(NEW_PREFIX)) removeAbandoned(path);
      if (encoding !== scope.encoding || known.has(path)) continue;
      const isOwn = queueId === scope.queueId;
      const lock = lockOf(path);
      if (lock?.kind === "held") folders.push(new QueueFolder(path, { isOwn, lock }));
      else if (lock?.kind === "busy") isOwnBusy ||= isOwn;
      else fault ??= lock?.reason;
    }
    return { folders, isOwnBusy, fault };
  }

  get isThere(): boolean {
    return statSync(this.path, { throwIfNoEntry: false }) !== undefined;
  }

  /** Paths of the segments, in their order. @throws {Error} Of the operating system. */
  segmentPaths(): string[] {
    const names = readdirSync(this.path).filter((name) => SEGMENT_NAME.test(name));
    const numbered = names.toSorted((left, right) => parseInt(left, 10) - parseInt(right, 10));
    this.#nextNumber = parseInt(numbered.at(-1) ?? "0", 10) + 1;
    return numbered.map((name) => join(this.path, name));
  }

  /** Path for the next segment. */
  nextSegmentPath(): string {
    return join(this.path, `${String(this.#nextNumber++).padStart(8, "0")}.seg`);
  }

  /** Brings the names of the folder and of its files to the disk. @throws {Error} Of the operating system. */
  syncNames(): void {
    for (const path of [this.path, join(this.path, "..")]) {
      const fd = openSync(path, "r");
      try {
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    }
  }

  /** Gives the folder up, and deletes it if nothing is in it that somebody could want. May be called again. */
  release(): void {
    if (!CAN_RENAME) this.#unlock();
    try {
      if (this.segmentPaths().length === 0) this.#remove();
    } catch {
      // It is gone, or cannot be read: there is nothing to delete.
    }
    this.#unlock();
  }

  #unlock(): void {
    if (this.#lock?.kind === "held") this.#lock.release();
    this.#lock = undefined;
  }

  /** While the lock is held, where that can be. Who waits for it finds a folder without a segment, or none. */
  #remove(): void {
    rmSync(join(this.path, LOCK_NAME), { force: true });
    // Not empty: somebody else has put something there, which stays.
    rmdirSync(this.path);
  }
}

/** Names in a directory, sorted; none where it is not there. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    return [];
  }
}

/** `undefined` when the folder has gone meanwhile, or this process is short of something: the next look will tell. */
function lockOf(path: string): TakenLock | undefined {
  try {
    const lock = takeLock(join(path, LOCK_NAME), { waitMillis: 0, fileMode: FILE_MODE });
    const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
    if (!isThere && lock.kind === "held") lock.release();
    return isThere ? lock : undefined;
  } catch {
    return undefined;
  }
}

function removeAbandoned(path: string): void {
  try {
    if (Date.now() - statSync(path).mtimeMs > ABANDONED_MILLIS) rmSync(path, { recursive: true });
  } catch {
    // Somebody else was faster.
  }
}
