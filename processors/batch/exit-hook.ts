import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { isMainThread } from "node:worker_threads";
import { reportHeldBack } from "../../src/diagnostics.ts";
import type { HandlerEngine } from "./handler-engine.ts";
import { HandlerExit } from "./handler-exit.ts";
import { sayLastWords } from "./last-words.ts";
import { flushOtherThreads, type LeftRecords } from "./other-threads.ts";

const STDERR = 2;

/** The handlers that are waited for, and what is to be told of each before the end. */
const engines = new Map<HandlerEngine, () => void>();
/** Handlers that could not flush at the natural end of the process. */
const hopeless = new WeakSet<HandlerEngine>();
let isHooked = false;
let fatalError: { readonly error: unknown } | undefined;

/**
 * From now on the end of the process (or thread) waits for this handler, up to its `exitTimeoutMillis`.
 * @param tell Called first: the handler's last word on what it has dropped.
 */
export function watchExit(engine: HandlerEngine, tell: () => void): void {
  engines.set(engine, tell);
  hookExit();
}

/** From now on the end of the process (or thread) waits for handlers: also for those that are yet to come, and on the main thread for those of others. */
export function hookExit(): void {
  if (isHooked) return;
  isHooked = true;
  process.on("exit", onExit);
  process.on("beforeExit", onBeforeExit);
  process.on("uncaughtExceptionMonitor", onUncaught);
}

/** The end need not wait for this handler any more. */
export function unwatchExit(engine: HandlerEngine): void {
  engines.delete(engine);
}

/** A natural end: exporters on this thread still have an event loop, and get it for one flush. */
function onBeforeExit(): void {
  sayLastWords();
  for (const engine of engines.keys()) {
    // What is written synchronously is the exit hook's business.
    const needsEventLoop = engine.isLocal && !engine.isBlockingKind;
    const hasWork = engine.queuedCount > 0 || engine.local?.hasSummaries === true;
    if (!needsEventLoop || !hasWork || engine.isShutDown || hopeless.has(engine)) continue;
    engine.flush(engine.settings.exitTimeoutMillis).catch(() => {
      // What is left is counted and said by the exit hook; the end is not held up again.
      hopeless.add(engine);
    });
  }
}

/** Never throws: an error here would replace the exit code of the application. */
function onExit(code: number): void {
  try {
    sayLastWords();
    // Their threads live on until this listener is done, then they are ended without a word.
    if (isMainThread) flushOtherThreads().forEach(sayLeft);
    for (const tell of engines.values()) tell();
    const exits = [...engines.keys()]
      .filter((engine) => !engine.hasEnded)
      .map((engine) => new HandlerExit(engine));
    let waiting = exits;
    while (waiting.length > 0) waiting = waiting.filter((exit) => !exit.advance());
    const stuckCount = exits.filter(finishExit).length;
    reportHeldBack();
    if (stuckCount > 0) escape(code);
  } catch (error) {
    say(`the end of the process could not wait for its handlers: ${String(error)}`);
  }
}

/** Counts and tells what is left. True when the handler's thread does not even stop. */
function finishExit(exit: HandlerExit): boolean {
  const { leftCount, isStuck } = exit.finish();
  const { name, exitTimeoutMillis } = exit.engine.settings;
  sayLeft({ name, leftCount, millis: exitTimeoutMillis });
  return isStuck;
}

function sayLeft({ name, leftCount, millis }: LeftRecords): void {
  if (leftCount === 0) return;
  const records = leftCount === 1 ? "record" : "records";
  say(
    `handler ${JSON.stringify(name)} left ${leftCount} ${records} behind at the end of the process ("exitTimeoutMillis" is ${millis}); counted as exit_deadline`,
  );
}

/** Remembers what ends the process: Node prints it after the exit listeners, which `escape` forestalls. */
function onUncaught(error: unknown): void {
  if (process.listenerCount("uncaughtException") === 0) fatalError = { error };
}

function say(line: string): void {
  write(`femtologging: ${line}\n`);
}

function write(text: string): void {
  try {
    writeSync(STDERR, text);
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
  if (execve === undefined || process.platform === "win32" || !isMainThread) return;
  const listeners = process.listeners("exit");
  for (const listener of listeners.slice(listeners.indexOf(onExit) + 1)) {
    try {
      listener.call(process, code);
    } catch {
      // As good as it gets: the process ends here.
    }
  }
  if (fatalError !== undefined)
    write(`Uncaught ${inspect(fatalError.error)}\n\nNode.js ${process.version}\n`);
  execve.call(process, "/bin/sh", ["sh", "-c", `exit ${process.exitCode ?? code}`], {});
}
