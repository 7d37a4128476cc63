// What is known only while an application calls winston: where and when it did, and what it gave. winston's formats change
// what was given, and a transport that is slow holds up the others: records then come long after the call.
import { AsyncLocalStorage } from "node:async_hooks";
import { epochMillis } from "../../../processors/shape/clock.ts";
import { isErrorLike } from "../../record/exception.ts";
import { runCapture } from "../guard.ts";

/** Under which a record of winston keeps the word for its level, as it was before it got a colour. */
export const LEVEL: unique symbol = Symbol.for("level");
/** Under which it keeps the values that followed the message. */
export const SPLAT: unique symbol = Symbol.for("splat");
/** Under which it keeps our note: formats that copy a record copy symbols too, or the level would be lost. */
export const NOTE: unique symbol = Symbol.for("femtologging.winston.note");

/** A record of winston: what formats and transports are given. May be an Error. */
export interface WinstonInfo {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly [LEVEL]?: unknown;
  readonly [SPLAT]?: unknown;
  [NOTE]?: CallNote | undefined;
  readonly [key: string]: unknown;
}

/** A call whose record may come later. */
export interface LaterCall {
  /** Epoch milliseconds of the call. */
  readonly millis: number;
  /** Runs something where the call was: its span, its scoped attributes. */
  readonly run: (work: () => void) => void;
}

/** What is remembered of a call. */
export interface CallNote {
  /** Undefined where the record comes within the call. */
  readonly later?: LaterCall | undefined;
  /** The message before any format. */
  readonly message?: unknown;
  /** The values that followed it: the array that formats take them from, and a copy of it. */
  readonly given?: readonly unknown[];
  readonly values?: readonly unknown[];
  /** The first error among what was given. */
  readonly error?: unknown;
  /** No record is to be made of it: a format has made one, or it was logged by what makes records. */
  readonly isTold?: boolean;
}

const NOTHING: readonly unknown[] = [];

/**
 * Remembers of a call what will be gone when its record comes. Most calls need no note: they come at once, and no format
 * can take anything from them. Never throws.
 *
 * @param isLate Whether the record may come later.
 */
export function noteCall(info: unknown, isLate: boolean): void {
  try {
    if (typeof info !== "object" || info === null) return;
    const record = info as WinstonInfo;
    // winston puts off what is logged while it works, until the guard against circles sees nothing of it any more.
    if (!runCapture(nothing)) record[NOTE] = { isTold: true };
    else if (isLate || mayLoseSomething(record)) record[NOTE] = noteOf(record, isLate);
    // An object that is logged again: what was true of the first time is not of this one.
    else if (record[NOTE] !== undefined) record[NOTE] = undefined;
  } catch {
    // Frozen, or a proxy that refuses: winston cannot write its level there either.
  }
}

/** Says that a format has made a record of it: neither a transport nor a capture makes another one. */
export function markTold(info: WinstonInfo): void {
  try {
    info[NOTE] = { ...info[NOTE], isTold: true };
  } catch {
    // As above.
  }
}

function nothing(): void {}

function mayLoseSomething(info: WinstonInfo): boolean {
  const { message } = info;
  const splat = info[SPLAT];
  if (Array.isArray(splat) && splat.length > 0) {
    const first: unknown = splat[0];
    if (splat.length > 1 || typeof first !== "object" || isErrorLike(first)) return true;
    if (typeof message === "string" && message.includes("%")) return true;
  }
  return isErrorLike(message) || isErrorLike(info);
}

function noteOf(info: WinstonInfo, isLate: boolean): CallNote {
  const splat = info[SPLAT];
  const given: readonly unknown[] = Array.isArray(splat) ? splat : NOTHING;
  const candidates: readonly unknown[] = [info, info.message, ...given];
  return {
    later: isLate ? { millis: epochMillis(), run: AsyncLocalStorage.snapshot() } : undefined,
    message: info.message,
    given,
    values: [...given],
    error: candidates.find(isErrorLike),
  };
}
