import { closeSync, openSync } from "node:fs";
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

/**
 * Does something while no other process and no other thread does anything under the same lock. Blocks the thread.
 *
 * @param path The lock's file, made where it is missing. It stays empty, and must not be deleted.
 * @param options `waitMillis`: how long to wait for another holder. `fileMode`: permissions of the file.
 * @throws What `action` throws; the lock is free again then. Of the operating system, where it is short of something.
 */
export function withLock<T>(
  path: string,
  options: { readonly waitMillis: number; readonly fileMode: number; readonly action: () => T },
): Locked<T> {
  const taken = takeLock(path, options);
  if (taken.kind !== "held") return taken;
  try {
    return { kind: "done", value: options.action() };
  } finally {
    taken.release();
  }
}

/** A lock that is held until `release` is called, or that is not. */
export type TakenLock =
  | { readonly kind: "held"; readonly release: () => void }
  | Exclude<Locked<never>, { kind: "done" }>;

/** As `withLock`, for work that takes turns of the event loop. @throws {Error} As `withLock`. */
export function takeLock(
  path: string,
  options: { readonly waitMillis: number; readonly fileMode: number },
): TakenLock {
  let database: Sqlite.DatabaseSync | undefined;
  try {
    makeFile(path, options.fileMode);
    database = openDatabase(path);
    // The journal of a transaction that writes nothing need not be a file.
    database.exec(
      `PRAGMA busy_timeout = ${options.waitMillis}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`,
    );
  } catch (error) {
    database?.close();
    const { code = "", errcode, message } = error as NodeJS.ErrnoException & { readonly errcode?: number };
    if (PASSING.has(code)) throw error;
    return errcode === SQLITE_BUSY ? { kind: "busy" } : { kind: "unavailable", reason: message };
  }
  const held = database;
  // Closing ends the transaction, and with it the lock.
  return { kind: "held", release: () => held.close() };
}

/** Only where it is missing: to open and close a file that is there would free this process's locks on it. */
function makeFile(path: string, fileMode: number): void {
  try {
    closeSync(openSync(path, "ax", fileMode));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function openDatabase(path: string): Sqlite.DatabaseSync {
  const { DatabaseSync } = sqlite();
  return new DatabaseSync(path);
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
