import { renameSync, statSync } from "node:fs";
import type { ByteSink, Rotation, SinkState } from "../byte-sink.ts";
import { FileSink } from "../file/file-sink.ts";
import { deleteFile, statBackups, type BackupNames } from "./backup-names.ts";
import type { Compressing } from "./compressing.ts";
import { DatedNames } from "./dated-names.ts";
import { loadHook } from "./hooks.ts";
import { NumberedNames } from "./numbered-names.ts";
import type { Namer, RotatingOptions, Rotator } from "./options.ts";
import { lockPathOf, ProcessLock } from "./process-lock.ts";
import { chooseExpired, chooseSurplus, type BackupFile } from "./retention.ts";
import { RolloverClock } from "./rollover-clock.ts";
import { suffixOf, suffixPattern, type Schedule } from "./schedule.ts";

const LOCK_WAIT_MILLIS = 50;
const BUSY_RETRY_MILLIS = 200;
const RETRY_MILLIS_MIN = 500;
const RETRY_MILLIS_MAX = 30_000;
const SWEEP_MILLIS = 60_000;

/** What a rotating sink works with. */
export interface RotatingParts {
  readonly report: (trouble: string) => void;
  /** Compresses rotated files, elsewhere; undefined where that cannot be, or is not wanted. */
  readonly compressing: Compressing | undefined;
}

/**
 * Appends to a file that is put away when it is full or its time is over. Several processes may do so on one path: each
 * batch is one append, the renames are done under a lock, and before each batch it is looked whether the path still
 * leads to the file that is open.
 */
export class RotatingSink implements ByteSink, Rotation {
  readonly target: string;
  readonly rotation: Rotation = this;
  readonly #options: RotatingOptions;
  readonly #parts: RotatingParts;
  readonly #file: FileSink;
  readonly #names: BackupNames;
  readonly #rotator: Rotator;
  readonly #lock: ProcessLock;
  readonly #clock: RolloverClock | undefined;
  #state: SinkState = { fileBytes: -1, inode: -1 };
  /** No file has been met yet. */
  #isNew = true;
  /** The file that is opened next is one that was begun here. */
  #hasPutAway = false;
  #retryAt = 0;
  #retryMillis = RETRY_MILLIS_MIN;
  #sweepAt = 0;

  /** @throws {TypeError} The module of a hook has no function. */
  constructor(options: RotatingOptions, parts: RotatingParts) {
    this.#options = options;
    this.#parts = parts;
    this.target = options.path;
    // Another process moves the file away: it must be followed.
    this.#file = new FileSink({ ...options, truncate: false });
    this.#rotator = loadHook<Rotator>(options.rotator, "rotator") ?? renameSync;
    const { schedule } = options;
    this.#clock =
      schedule === undefined ? undefined : new RolloverClock(schedule, new Float64Array(options.dueMemory));
    this.#names = this.#namesOf(schedule);
    const { path, fileMode } = options;
    this.#lock = new ProcessLock(lockPathOf(path), { waitMillis: LOCK_WAIT_MILLIS, fileMode });
  }

  #namesOf(schedule: Schedule | undefined): BackupNames {
    const { path, backupCount } = this.#options;
    const namer = loadHook<Namer>(this.#options.namer, "namer");
    if (schedule === undefined) return new NumberedNames({ path, namer, backupCount });
    return new DatedNames({
      path,
      namer,
      pattern: suffixPattern(schedule),
      suffix: () =>
        suffixOf(schedule, { rolloverAt: this.#clock?.dueAt ?? 0, now: Math.floor(Date.now() / 1000) }),
    });
  }

  open(isHalfWritten = false): void {
    this.#file.open(isHalfWritten);
    const state = this.#file.state();
    this.#tellTrouble();
    const isOther = state.inode !== this.#state.inode;
    this.#state = state;
    if (isOther && state.inode >= 0) this.#meet();
  }

  /** Another file than before: the first one, one that was begun here, or one that someone else has begun. */
  #meet(): void {
    const isOwn = this.#hasPutAway;
    this.#hasPutAway = false;
    if (!this.#isNew) {
      // Whoever has put the last one away did so for all: else each process would keep a rhythm of its own.
      if (!isOwn) this.#clock?.restart();
      return;
    }
    this.#isNew = false;
    this.#clock?.begin(statSync(this.target, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    this.#tidyUp();
  }

  write(bytes: Uint8Array, from: number): number {
    const taken = this.#file.write(bytes, from);
    const { fileBytes, inode } = this.#state;
    if (inode >= 0) this.#state = { fileBytes: fileBytes + taken, inode };
    return taken;
  }

  state(): SinkState {
    return this.#state;
  }

  isLost(): boolean {
    return this.#file.isLost();
  }

  stateOf(inode: number): SinkState | undefined {
    this.open();
    if (this.#state.inode === inode) return this.#state;
    const backup = statBackups(this.#names.list()).find((candidate) => candidate.inode === inode);
    return backup === undefined ? undefined : { fileBytes: backup.byteCount, inode };
  }

  sync(): void {
    this.#file.sync();
  }

  close(): void {
    this.#file.close();
  }

  end(): void {
    this.#lock.close();
    this.#parts.compressing?.end();
  }

  get roomBytes(): number {
    const { maxBytes } = this.#options;
    if (maxBytes === 0 || this.#state.inode < 0 || Date.now() < this.#retryAt)
      return Number.POSITIVE_INFINITY;
    return Math.max(0, maxBytes - 1 - this.#state.fileBytes);
  }

  isDue(byteCount: number): boolean {
    const { fileBytes, inode } = this.#state;
    if (inode < 0 || Date.now() < this.#retryAt) return false;
    if (fileBytes === 0) {
      // An empty file is not put away: it becomes that of the next interval.
      this.#clock?.advance();
      return false;
    }
    const { maxBytes } = this.#options;
    return this.#clock?.isOver === true || (maxBytes > 0 && fileBytes + byteCount >= maxBytes);
  }

  rotate(): void {
    const { path } = this.#options;
    try {
      const locked = this.#lock.with(() => this.#putAway());
      if (locked.kind === "busy") {
        this.#retryAt = Date.now() + BUSY_RETRY_MILLIS;
        return;
      }
      if (locked.kind === "unavailable") {
        this.#parts.report(
          `Cannot lock ${lockPathOf(path)}: ${locked.reason}; ${path} is rotated without a lock, which is safe for one process only`,
        );
      }
      const isDone = locked.kind === "done" ? locked.value : this.#putAway();
      this.#retryMillis = RETRY_MILLIS_MIN;
      if (isDone && this.#mustTidyUp()) this.#tidyUp();
    } catch (error) {
      this.#fail(error as NodeJS.ErrnoException);
    }
  }

  /** Numbers keep their count themselves: then there is something to tidy up only now and then. */
  #mustTidyUp(): boolean {
    const { compress, maxAgeMillis, maxTotalBytes, schedule } = this.#options;
    const isCounted = schedule === undefined && maxAgeMillis === 0 && maxTotalBytes === 0;
    return !isCounted || compress !== "none" || Date.now() >= this.#sweepAt;
  }

  /** Renames. False when another process has done so already. @throws {Error} Of the operating system, or of a hook. */
  #putAway(): boolean {
    const { path } = this.#options;
    const { inode } = this.#state;
    // The path, not the descriptor: it may lead to another file by now.
    if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) return false;
    this.#file.close();
    this.#rotator(path, this.#names.makeRoom(this.#names.list()));
    this.#hasPutAway = true;
    this.#clock?.advance();
    return true;
  }

  #fail({ code, message }: NodeJS.ErrnoException): void {
    this.#parts.report(
      `Cannot rotate ${this.target}: ${code ?? message}; records go on into the file, and it is tried again`,
    );
    this.#retryAt = Date.now() + this.#retryMillis;
    this.#retryMillis = Math.min(this.#retryMillis * 2, RETRY_MILLIS_MAX);
  }

  dueInMillis(): number {
    const { rotateWhenIdle, maxAgeMillis } = this.#options;
    const clockAt =
      rotateWhenIdle && this.#clock !== undefined
        ? Math.max(this.#clock.dueAt * 1000, this.#retryAt)
        : Number.POSITIVE_INFINITY;
    // What an earlier process has left to compress is not kept waiting for a record.
    const isBehind = this.#parts.compressing !== undefined && this.#sweepAt === 0;
    const sweepAt = maxAgeMillis > 0 || isBehind ? this.#sweepAt : Number.POSITIVE_INFINITY;
    return Math.max(0, Math.min(clockAt, sweepAt) - Date.now());
  }

  attend(): void {
    if (Date.now() >= this.#sweepAt) this.#tidyUp();
    if (!this.#options.rotateWhenIdle || this.#clock === undefined) return;
    try {
      // A file that is not there is not made for that.
      if (statSync(this.target, { throwIfNoEntry: false }) === undefined) {
        this.#clock.begin(Date.now());
        this.#clock.advance();
        return;
      }
      this.open();
      // A pipe is never put away.
      if (this.#state.inode < 0) this.#clock.advance();
      else if (this.#clock.isOver && this.isDue(0)) this.rotate();
    } catch (error) {
      this.#fail(error as NodeJS.ErrnoException);
    }
  }

  #tellTrouble(): void {
    const trouble = this.#parts.compressing?.takeTrouble();
    if (trouble !== undefined) this.#parts.report(trouble);
  }

  /** Deletes what is not to be kept, and has the rest compressed. */
  #tidyUp(): void {
    const { compress, fileMode, maxAgeMillis } = this.#options;
    this.#tellTrouble();
    this.#sweepAt = Date.now() + Math.min(SWEEP_MILLIS, Math.max(1000, maxAgeMillis));
    try {
      const files = this.#names.list();
      const expired = new Set(this.#expiredOf(files).map(({ path }) => path));
      for (const path of expired) deleteFile(path);
      const paths = files
        .filter(({ path, extension }) => extension === "" && !expired.has(path))
        .map(({ path }) => path);
      if (compress === "none" || paths.length === 0) return;
      this.#parts.compressing?.start({ logPath: this.target, paths, compress, fileMode });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // The folder is made with the file.
      if (code === "ENOENT") return;
      this.#parts.report(`Cannot delete old files of ${this.target}: ${code ?? message}; it is tried again`);
    }
  }

  #expiredOf(files: readonly BackupFile[]): BackupFile[] {
    const { backupCount, maxAgeMillis, maxTotalBytes, maxBytes } = this.#options;
    if (maxAgeMillis === 0 && maxTotalBytes === 0) return chooseSurplus(files, backupCount);
    // Room is left for the file that is written now.
    const backupBytes = maxTotalBytes === 0 ? 0 : Math.max(1, maxTotalBytes - maxBytes);
    return chooseExpired(statBackups(files), { backupCount, maxAgeMillis, backupBytes, now: Date.now() });
  }
}
