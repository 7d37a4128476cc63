import type { FemtoHandler, FemtoLogger, FemtoMemoryHandler, HandlerFilter } from "../../src/index.ts";
import { createLogging } from "../../src/index.ts";

/** The options that every handler takes, as far as the contract needs them. */
export interface HandlerOptions {
  readonly name?: string;
  readonly thread?: "own" | "inline";
  readonly level?: "TRACE" | "WARN";
  readonly queueBytes?: number;
  readonly recordBytesMax?: number;
  readonly maxQueueSize?: number;
  readonly overflow?: Overflow;
  readonly blockTimeoutMillis?: number;
  readonly scheduledDelayMillis?: number;
  readonly filters?: readonly HandlerFilter[];
}

export type Overflow = "block" | "drop-newest" | "drop-oldest";

/** A handler, and its destination to look into. */
export interface Destination {
  readonly handler: FemtoHandler | FemtoMemoryHandler;
  /** The numbers of the records that have arrived by now, in the order of their arrival. */
  readonly arrived: () => readonly number[];
  /** A stalled destination takes everything from now on. */
  readonly release: () => void;
  /** Frees what the destination holds; the handler is shut down before, as far as that goes. */
  readonly close: () => Promise<void>;
}

/** One kind of handler with one kind of destination. */
export interface DestinationKind {
  readonly name: string;
  /** Delivers while the event loop of the thread that logs stands still. */
  readonly needsNoEventLoop: boolean;
  /** Delivered is what the operating system has taken, whether or not the peer's event loop turns. */
  readonly isTakenBySystem?: boolean;
  /** Records wait for each other by default, up to `scheduledDelayMillis`. */
  readonly batches: boolean;
  /** Keeps records until there are so many; left out where none are kept. */
  readonly keptCount?: number;
  /** @param isStalled Whether the destination takes nothing, beyond what buffers of the system hold, until it is released. */
  readonly open: (options: HandlerOptions, isStalled: boolean) => Promise<Destination>;
}

/** A logger with this one handler. */
export function loggerOf(...handlers: readonly Destination["handler"][]): FemtoLogger {
  return createLogging({ level: "TRACE", handlers }).getLogger("contract");
}

/** Logs records that carry the numbers `from` to `to - 1`. */
export function logNumbers(
  logger: FemtoLogger,
  { from = 0, to }: { readonly from?: number; readonly to: number },
): void {
  for (let i = from; i < to; i++) logger.info("record {i}", { i });
}

/** `from` to `to - 1`. */
export function numbers({ from = 0, to }: { readonly from?: number; readonly to: number }): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** The numbers in JSON lines; a line that is not whole is an error, one without a number (the handler's own) is left out. */
export function numbersInLines(text: string): number[] {
  const lines = text.split("\n");
  const rest = lines.pop();
  if (rest !== "") throw new Error(`The last line has no end: ${rest}`);
  return lines.map((line) => (JSON.parse(line) as { readonly i?: number }).i).filter((i) => i !== undefined);
}
