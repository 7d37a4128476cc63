// A slow transport holds up all transports of its logger. When the process exits, records wait in the logger that nobody
// would ever get: they are let through to all transports, and those that work at once have them.
import type { WinstonLogger } from "./winston-logger.ts";

const watched = new Set<WeakRef<WinstonLogger>>();
const refs = new WeakMap<WinstonLogger, WeakRef<WinstonLogger>>();
const collected = new FinalizationRegistry<WeakRef<WinstonLogger>>((ref) => watched.delete(ref));
let isListening = false;

/** Lets everything that waits in a logger through to its transports, at once. May throw what a format throws. */
export function drain(logger: WinstonLogger): void {
  // Each turn takes one record out; what is logged meanwhile ends up behind them.
  let left = logger.readableLength + logger.writableLength;
  while (left > 0 && logger.read() !== null) left--;
}

/** Drains a logger when the thread exits. Does not keep it from being collected. */
export function drainAtExit(logger: WinstonLogger): void {
  if (refs.has(logger)) return;
  const ref = new WeakRef(logger);
  refs.set(logger, ref);
  watched.add(ref);
  collected.register(logger, ref);
  if (isListening) return;
  isListening = true;
  // Before the handlers are flushed for the last time.
  process.prependListener("exit", drainAll);
}

function drainAll(): void {
  for (const ref of watched) {
    const logger = ref.deref();
    if (logger === undefined) continue;
    try {
      drain(logger);
    } catch {
      // A format of the application: the others are drained all the same.
    }
  }
}
