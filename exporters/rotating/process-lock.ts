import { closeSync, openSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type * as Sqlite from "node:sqlite";

// Node has no call for file locks. SQLite has: an exclusive transaction on an empty database is a record lock of the operating
// system on a file that is never written to. The system frees it when its process ends, however that ends.

const SQLITE_BUSY = 5;
/** Errors that pass: the lock is there, and may be had later. */
const PASSING: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EDQUOT", "EIO"]);

/** The file next to the log that processes lock while they rename: `.app.log.lock`. */
export function lockPathOf(logPath: string): string {
  return join(dirname(logPath), `.${basename(logPath)}.lock`);
}

/** What came of trying to do something under a lock. */
export type Locked<T> =
  | { readonly kind: "done"; readonly value: T }
  /** Another process or thread held the lock all the time. */
  | { readonly kind: "busy" }
  /** There are no locks here: this Node was built without SQLite, or the file system has none. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** How a lock is taken. */
export interface LockOptions {
  /** How long to wait for another holder. */
  readonly waitMillis: number;
  /** Permissions of the lock's file. */
  readonly fileMode: number;
}

/**
 * A lock that is taken again and again, by one thread. Its file stays open in between: to open it takes longer than to lock it.
 * The file is made where it is missing, and stays empty.
 */
export class ProcessLock {
  readonly #path: string;
  readonly #options: LockOptions;
  #database: Sqlite.DatabaseSync | undefined;
  /** Of the open file: another one may stand there by now. */
  #inode = -1;

  constructor(path: string, options: LockOptions) {
    this.#path = path;
    this.#options = options;
  }

  /**
   * Does something while no other process and no other thread does anything under the same lock. Blocks the thread.
   *
   * @throws What `action` throws; the lock is free again then. Of the operating system, where it is short of something.
   */
  with<T>(action: () => T): Locked<T> {
    const failure = this.#take();
    if (failure !== undefined) return failure;
    try {
      return { kind: "done", value: action() };
    } finally {
      this.#release();
    }
  }

  /** Closes the file. The next `with` opens it again. */
  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #take(): Exclude<Locked<never>, { kind: "done" }> | undefined {
    try {
      if (statSync(this.#path, { throwIfNoEntry: false })?.ino !== this.#inode) this.close();
      this.#open().exec("BEGIN EXCLUSIVE");
      return undefined;
    } catch (error) {
      if (!isBusy(error)) this.close();
      return failureOf(error);
    }
  }

  #open(): Sqlite.DatabaseSync {
    if (this.#database !== undefined) return this.#database;
    const database = openLock(this.#path, this.#options);
    this.#inode = statSync(this.#path).ino;
    this.#database = database;
    return database;
  }

  /** Where the transaction cannot be ended, closing the file ends it. */
  #release(): void {
    try {
      this.#database?.exec("ROLLBACK");
    } catch {
      this.close();
    }
  }
}

/** A lock that is held until `release` is called, or that is not. */
export type TakenLock =
  | { readonly kind: "held"; readonly release: () => void }
  | Exclude<Locked<never>, { kind: "done" }>;

/** `ProcessLock.with`, once. */
export function withLock<T>(path: string, options: LockOptions & { readonly action: () => T }): Locked<T> {
  const lock = new ProcessLock(path, options);
  try {
    return lock.with(options.action);
  } finally {
    lock.close();
  }
}

/** For work that takes turns of the event loop. @throws {Error} As `ProcessLock.with`. */
export function takeLock(path: string, options: LockOptions): TakenLock {
  let database: Sqlite.DatabaseSync | undefined;
  try {
    database = openLock(path, options);
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    return failureOf(error);
  }
  const held = database;
  // Closing ends the transaction, and with it the lock.
  return { kind: "held", release: () => held.close() };
}

/** What kept a lock from being taken. @throws {Error} Something that passes: the operating system is short of it. */
function failureOf(error: unknown): Exclude<Locked<never>, { kind: "done" }> {
  if (isBusy(error)) return { kind: "busy" };
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (PASSING.has(code)) throw error;
  return { kind: "unavailable", reason: message };
}

function isBusy(error: unknown): boolean {
  return (error as { readonly errcode?: number }).errcode === SQLITE_BUSY;
}

function openLock(path: string, { waitMillis, fileMode }: LockOptions): Sqlite.DatabaseSync {
  makeFile(path, fileMode);
  const { DatabaseSync } = sqlite();
  const database = new DatabaseSync(path);
  // The journal of a transaction that writes nothing need not be a file.
  database.exec(`PRAGMA busy_timeout = ${waitMillis}; PRAGMA journal_mode = MEMORY`);
  return database;
}

/** Only where it is missing: to open and close a file that is there would free this process's locks on it. */
function makeFile(path: string, fileMode: number): void {
  try {
    closeSync(openSync(path, "ax", fileMode));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

let loaded: typeof Sqlite | undefined;

/** Loads SQLite when it is needed first, without the warning that Node gives for a module it still calls experimental. */
function sqlite(): typeof Sqlite {
  if (loaded !== undefined) return loaded;
  const warnings = Object.getOwnPropertyDescriptor(process, "emitWarning");
  process.emitWarning = () => {};
  try {
    loaded = process.getBuiltinModule("node:sqlite");
  } finally {
    if (warnings !== undefined) Object.defineProperty(process, "emitWarning", warnings);
  }
  if (loaded === undefined) throw new Error("this Node.js has no node:sqlite");
  return loaded;
}
