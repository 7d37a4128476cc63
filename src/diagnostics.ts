/**
 * How we speak of our own trouble: to OpenTelemetry's `diag` logger when the application has set one, else to stderr.
 * Never through a logger of ours, never by throwing, and never more than one line a minute of each kind.
 */
import { writeSync } from "node:fs";

import type { DiagLogger } from "@opentelemetry/api";
import { runOwnWork } from "./own-work.ts";

/** One line of trouble, as it is about to be said. */
export interface Trouble {
  /** What the rate limit goes by, such as `export_failed`; the key for trouble that is said once. */
  readonly kind: string;
  /** What happened and what became of it, without a prefix. */
  readonly message: string;
  /** Reports of this kind that were held back since the last line, this one not counted. */
  readonly heldBackCount: number;
}

/** Takes trouble in place of `diag` and stderr. */
export type TroubleListener = (trouble: Trouble) => void;

/** What is remembered of one kind. */
interface KindState {
  /** `performance.now()` of the last line, in milliseconds. */
  saidAtMillis: number;
  /** Reports since then. */
  heldBackCount: number;
  /** The message of the latest of them. */
  heldBackMessage: string;
  /** Runs while something is held back. */
  timer: NodeJS.Timeout | undefined;
}

/** One line a kind in this time. */
const intervalMillis = 60_000;
/** Kinds that are told apart; the rest share one. Bounds what callers with made-up kinds can use up. */
const kindCountMax = 256;
/** Keys of `reportOnce()` that are remembered; what comes later is rate-limited instead. */
const onceKeyCountMax = 1_024;
/** The kind that holds what exceeds the two limits above. */
const overflowKind = "other";
/** PIPE_BUF of Linux: a write up to this size to a pipe is whole, so lines of two threads do not mix. */
const lineBytesMax = 4_096;
const stderrDescriptor = 2;
/** What stderr hears of, by `OTEL_LOG_LEVEL`: nothing, trouble, and advice too. Ours is never more detailed than that. */
const stderrLevels: ReadonlyMap<string, number> = new Map([
  ["none", 0],
  ["error", 1],
  ["warn", 2],
  ["info", 2],
  ["debug", 2],
  ["verbose", 2],
  ["all", 2],
]);
const troubleLevel = 1;
const adviceLevel = 2;
/**
 * Where every copy of @opentelemetry/api 1.x keeps what was set. The API cannot be asked whether a `diag` logger is
 * set, and does nothing if none is (or an incompatible copy set it): trouble would vanish.
 */
const apiKey: symbol = Symbol.for("opentelemetry.js.api.1");

const kinds = new Map<string, KindState>();
const onceKeys = new Set<string>();
const encoder = new TextEncoder();
const lineBytes = new Uint8Array(lineBytesMax);
let troubleListener: TroubleListener | undefined;
/** True while a listener or `diag` logger runs: what they report goes to stderr, or they would be called for ever. */
let isSpeaking = false;

/**
 * Says what went wrong: the first report of a kind at once, then at most one a minute, with the number of reports that
 * were held back since. Never throws. Writes to stderr synchronously, so not for each record of a busy loop's hot path.
 * Any thread; limits and listener are the thread's own.
 *
 * @param kind What the rate limit goes by: few and fixed, such as `export_failed`, or with a handler's name.
 * @param message What happened, with what, and what became of it. Control characters are escaped; cut at 4 KiB.
 */
export function reportTrouble(kind: string, message: string): void {
  const isKnown = kinds.has(kind) || kinds.size < kindCountMax;
  const name = isKnown ? kind : overflowKind;
  const state = kinds.get(name);
  const nowMillis = performance.now();
  if (state === undefined) {
    kinds.set(name, { saidAtMillis: nowMillis, heldBackCount: 0, heldBackMessage: "", timer: undefined });
    say({ kind: name, message, heldBackCount: 0 });
  } else if (nowMillis - state.saidAtMillis < intervalMillis) {
    holdBack(name, state, message);
  } else {
    sayAfterSilence(name, state, message);
  }
}

/**
 * Says what is worth saying once in the life of a thread, such as a variable that is ignored. Never throws.
 * Any thread.
 *
 * @param key What makes it the same trouble. Beyond 1024 keys it is rate-limited like `reportTrouble()`.
 * @param message As in `reportTrouble()`.
 */
export function reportOnce(key: string, message: string): void {
  if (onceKeys.has(key)) return;
  if (onceKeys.size >= onceKeyCountMax) {
    reportTrouble(overflowKind, message);
    return;
  }
  onceKeys.add(key);
  say({ kind: key, message, heldBackCount: 0 }, adviceLevel);
}

/**
 * Says now what the rate limit still holds back: for the end of a process, when no timer will run any more.
 * Never throws. Speaks for the calling thread.
 */
export function reportHeldBack(): void {
  for (const [kind, state] of kinds) sayHeldBack(kind, state);
}

/**
 * Sends trouble of this thread to `listener` instead of `diag` and stderr; `() => {}` silences it. What was said and held
 * back until now is forgotten, so a new listener hears everything. An error of the listener is swallowed, and that
 * trouble goes to stderr.
 *
 * @param listener Is told what would be said, after the rate limit; `undefined` for `diag` and stderr again.
 * @returns The listener that was set before.
 */
export function setTroubleListener(listener: TroubleListener | undefined): TroubleListener | undefined {
  const previous = troubleListener;
  for (const state of kinds.values()) clearTimeout(state.timer);
  kinds.clear();
  onceKeys.clear();
  troubleListener = listener;
  return previous;
}

function holdBack(kind: string, state: KindState, message: string): void {
  state.heldBackCount += 1;
  state.heldBackMessage = message;
  if (state.timer !== undefined) return;
  const remainingMillis = state.saidAtMillis + intervalMillis - performance.now();
  // Never keeps the process alive.
  state.timer = setTimeout(() => sayHeldBack(kind, state), remainingMillis).unref();
}

/** The interval is over and its timer did not run: a worker may sleep in `Atomics.wait`. */
function sayAfterSilence(kind: string, state: KindState, message: string): void {
  const { heldBackCount } = state;
  startInterval(state);
  say({ kind, message, heldBackCount });
}

function sayHeldBack(kind: string, state: KindState): void {
  const { heldBackCount, heldBackMessage } = state;
  if (heldBackCount === 0) return;
  startInterval(state);
  say({ kind, message: heldBackMessage, heldBackCount: heldBackCount - 1 });
}

function startInterval(state: KindState): void {
  clearTimeout(state.timer);
  state.timer = undefined;
  state.saidAtMillis = performance.now();
  state.heldBackCount = 0;
  state.heldBackMessage = "";
}

function say(trouble: Trouble, level = troubleLevel): void {
  if (!isSpeaking && sayToApplication(trouble)) return;
  if (level <= stderrLevel()) writeLine(lineOf(trouble));
}

let levelText: string | undefined;
let levelNow = adviceLevel;

/** @see Specification, Configuration > Environment variables: OTEL_LOG_LEVEL; its words are those of the JavaScript SDK */
function stderrLevel(): number {
  const text = process.env["OTEL_LOG_LEVEL"]?.trim().toLowerCase() ?? "";
  if (text === levelText) return levelNow;
  levelText = text;
  levelNow = stderrLevels.get(text) ?? adviceLevel;
  if (text === "" || stderrLevels.has(text)) return levelNow;
  const words = [...stderrLevels.keys()].join(", ").toUpperCase();
  writeLine(
    `femtologging: Cannot use the environment variable OTEL_LOG_LEVEL: it is ${JSON.stringify(text)}, must be one of ${words}; ignored`,
  );
  return levelNow;
}

/** @returns Whether somebody took it. */
function sayToApplication(trouble: Trouble): boolean {
  isSpeaking = true;
  try {
    if (troubleListener !== undefined) {
      const listener = troubleListener;
      runOwnWork(() => listener(trouble));
      return true;
    }
    const diagLogger = registeredDiagLogger();
    if (diagLogger !== undefined) runOwnWork(() => diagLogger.warn(lineOf(trouble)));
    return diagLogger !== undefined;
  } catch {
    // A broken listener must not break logging: stderr hears of it instead.
    return false;
  } finally {
    isSpeaking = false;
  }
}

function registeredDiagLogger(): DiagLogger | undefined {
  const registry = (globalThis as Record<symbol, unknown>)[apiKey];
  return (registry as { diag?: DiagLogger } | undefined)?.diag;
}

function lineOf({ message, heldBackCount }: Trouble): string {
  const more = heldBackCount === 0 ? "" : ` (and ${heldBackCount} more like it since the last line)`;
  return `femtologging: ${escapeControls(message)}${more}`;
}

/** Values of the application may be part of a message: they must not start lines of their own or steer a terminal. */
function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    if (character === "\n") return "\\n";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function writeLine(line: string): void {
  // Stops at the last whole character that fits; one byte is left for the end of the line.
  const { written } = encoder.encodeInto(line, lineBytes.subarray(0, lineBytesMax - 1));
  lineBytes[written] = 0x0a;
  try {
    writeSync(stderrDescriptor, lineBytes, 0, written + 1);
  } catch {
    // Closed, or a pipe that nobody empties (EAGAIN): there is nobody left to tell.
  }
}
