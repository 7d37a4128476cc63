import { writeSync } from "node:fs";
import { reportHeldBack } from "../../src/diagnostics.ts";
import {
  CONSUMER_BEAT_WORD,
  CONSUMER_ENDED,
  CONSUMER_RUNNING,
  CONSUMER_STARTING,
  CONSUMER_STATE_WORD,
} from "../queue/queue-layout.ts";
import { wakeConsumer } from "../queue/threads.ts";
import type { HandlerEngine } from "./handler-engine.ts";
import { blockUntilReached, requestFlush, servedWord } from "./wait.ts";

/** A consumer that shows no progress for so long after it was woken is presumed dead. */
const SILENCE_MILLIS = 150;
/** How long a consumer that was told to end at once may take to say so. */
const END_MILLIS = 100;
const STDERR = 2;

const engines = new Set<HandlerEngine>();
/** Handlers that could not flush at the natural end of the process. */
const hopeless = new WeakSet<HandlerEngine>();
let isHooked = false;
let hasExited = false;

/** From now on the end of the process (or thread) waits for this handler, up to its `exitTimeoutMillis`. */
export function watchExit(engine: HandlerEngine): void {
  engines.add(engine);
  if (isHooked) return;
  isHooked = true;
  process.on("exit", onExit);
  process.on("beforeExit", onBeforeExit);
}

/** The end need not wait for this handler any more. */
export function unwatchExit(engine: HandlerEngine): void {
  engines.delete(engine);
}

/** A natural end: exporters on this thread still have an event loop, and get it for one flush. */
function onBeforeExit(): void {
  for (const engine of engines) {
    if (!engine.isLocal || engine.queuedCount === 0 || engine.isShutDown || hopeless.has(engine)) continue;
    engine.flush(engine.settings.exitTimeoutMillis).catch(() => {
      // What is left is counted and said by the exit hook; the end is not held up again.
      hopeless.add(engine);
    });
  }
}

interface Exit {
  readonly engine: HandlerEngine;
  readonly ticket: number;
  readonly deadline: number;
}

/** Never throws: an error here would replace the exit code of the application. */
function onExit(code: number): void {
  try {
    const exits = [...engines].filter((engine) => !hasEnded(engine)).map(beginExit);
    const stuck = exits.filter((exit) => !finishExit(exit));
    hasExited = true;
    reportHeldBack();
    if (stuck.length > 0) escape(code);
  } catch (error) {
    say(`the end of the process could not wait for its handlers: ${String(error)}`);
  }
}

/** True after the exit hook has run: records that come now are written at once, or not at all. */
export function isExiting(): boolean {
  return hasExited;
}

function controlOf(engine: HandlerEngine): number {
  return engine.geometry.at / 4;
}

function stateOf(engine: HandlerEngine): number {
  return Atomics.load(engine.arena.words, controlOf(engine) + CONSUMER_STATE_WORD);
}

function hasEnded(engine: HandlerEngine): boolean {
  return !engine.isLocal && stateOf(engine) === CONSUMER_ENDED;
}

/** All handlers are asked first: they drain side by side. */
function beginExit(engine: HandlerEngine): Exit {
  const ticket = requestFlush(engine.arena.words, controlOf(engine));
  wakeConsumer(engine.arena, engine.slot);
  return { engine, ticket, deadline: performance.now() + engine.settings.exitTimeoutMillis };
}

/** Waits for one handler. False when its thread is stuck in the operating system. */
function finishExit(exit: Exit): boolean {
  const { engine, deadline } = exit;
  // A worker that is not up yet: this thread is faster.
  if (engine.isBlockingKind && stateOf(engine) === CONSUMER_STARTING) engine.takeOver(false);
  if (!engine.isLocal) waitForWorker(exit);
  engine.local?.drain(deadline);
  if (engine.queuedCount > 0) return giveUp(exit);
  // What is logged after this, in other exit listeners, this thread writes at once.
  if (engine.isBlockingKind) engine.takeOver(false);
  return true;
}

/** True when the worker has served the flush. Takes over from, or replaces, one that shows no progress. */
function waitForWorker(exit: Exit): boolean {
  const { engine, ticket, deadline } = exit;
  const beatWord = controlOf(engine) + CONSUMER_BEAT_WORD;
  const { words } = engine.arena;
  let beat = Atomics.load(words, beatWord);
  let queued = engine.queuedCount;
  let silentSince = performance.now();
  let isReplaced = stateOf(engine) === CONSUMER_STARTING;
  return blockUntilReached(words, {
    word: servedWord(controlOf(engine)),
    ticket,
    deadline,
    onSlice: () => {
      const beatNow = Atomics.load(words, beatWord);
      if (beatNow !== beat || engine.queuedCount !== queued) silentSince = performance.now();
      beat = beatNow;
      queued = engine.queuedCount;
      if (performance.now() - silentSince < SILENCE_MILLIS) return true;
      if (engine.isBlockingKind) return !engine.takeOver(false);
      if (!isReplaced && stateOf(engine) === CONSUMER_RUNNING) {
        isReplaced = true;
        engine.supervisor?.replace();
      }
      return true;
    },
  });
}

/** Counts and tells what is left. False when the worker does not even stop. */
function giveUp(exit: Exit): boolean {
  const { engine } = exit;
  const hasEnded = endNow(exit);
  const left = engine.countLeft();
  if (left === 0) return hasEnded;
  say(
    `handler ${JSON.stringify(engine.settings.name)} left ${left} ${left === 1 ? "record" : "records"} behind at the end of the process ("exitTimeoutMillis" is ${engine.settings.exitTimeoutMillis}); counted as exit_deadline`,
  );
  return hasEnded;
}

/** Tells the consumer to end, and waits a moment: what it still delivers is not left. False when it is stuck. */
function endNow({ engine }: Exit): boolean {
  engine.stopNow();
  if (engine.isLocal || stateOf(engine) !== CONSUMER_RUNNING) return true;
  const hasEnded = blockUntilReached(engine.arena.words, {
    word: controlOf(engine) + CONSUMER_STATE_WORD,
    ticket: CONSUMER_ENDED,
    deadline: performance.now() + END_MILLIS,
    onSlice: () => true,
  });
  // A thread that waits for a network can always be ended.
  return hasEnded || !engine.isBlockingKind;
}

function say(line: string): void {
  try {
    writeSync(STDERR, `femtologging: ${line}\n`);
  } catch {
    // Nobody listens to stderr: there is no other place.
  }
}

/**
 * A worker that is stuck in a system call would keep Node waiting for ever. The other exit listeners run, then the
 * process becomes one that only returns the same exit code.
 */
function escape(code: number): void {
  const { execve } = process as { readonly execve?: (file: string, args: string[], env: object) => void };
  if (execve === undefined || process.platform === "win32") return;
  const listeners = process.listeners("exit");
  for (const listener of listeners.slice(listeners.indexOf(onExit) + 1)) {
    try {
      listener.call(process, code);
    } catch {
      // As good as it gets: the process ends here.
    }
  }
  execve.call(process, "/bin/sh", ["sh", "-c", `exit ${process.exitCode ?? code}`], {});
}
