import { FlushTimeoutError } from "../../src/errors.ts";
import { parseThreshold, type LevelThreshold } from "../../src/record/severity.ts";
import { handlerWord, type Arena } from "../queue/arena.ts";
import { queuedCount, readStats, type HandlerStats } from "../queue/counters.ts";
import {
  HANDLER_COUNT,
  HANDLER_LEVEL,
  HANDLER_SERIAL,
  HANDLER_STATE,
  HANDLER_USED,
} from "../queue/layout.ts";
import {
  CLOSED_WORD,
  CONSUMER_ENDED,
  CONSUMER_STATE_WORD,
  NAME_AT,
  readGeometry,
  type QueueGeometry,
} from "../queue/queue-layout.ts";
import { wakeConsumer } from "../queue/threads.ts";
import { blockUntilReached, requestFlush, servedWord, untilReached } from "./wait.ts";

const FLUSH_TIMEOUT_MILLIS = 30_000;
const FLUSH_SYNC_MILLIS = 2000;

/** The name that stands in a queue's control block. */
function readName(arena: Arena, { at }: QueueGeometry): string {
  const from = at + NAME_AT + 1;
  return arena.bytes.toString("utf8", from, from + (arena.bytes[from - 1] as number));
}

/** A handler that another thread has made, by what lies in shared memory of it. */
export class SharedHandler {
  readonly name: string;
  readonly slot: number;
  readonly #arena: Arena;
  readonly #geometry: QueueGeometry;
  readonly #serial: number;
  /** What was counted last; where the slot is given away that is all there is. */
  #stats: HandlerStats;

  constructor(arena: Arena, slot: number) {
    this.slot = slot;
    this.#arena = arena;
    this.#geometry = readGeometry(arena.words, slot);
    this.#serial = serialOf(arena, slot);
    this.name = readName(arena, this.#geometry);
    this.#stats = readStats(arena, this.#geometry);
  }

  /** True while the slot is this handler's. */
  get isThere(): boolean {
    return serialOf(this.#arena, this.slot) === this.#serial && isUsed(this.#arena, this.slot);
  }

  /** False where its thread has shut it down. */
  get isAtWork(): boolean {
    return this.isThere && Atomics.load(this.#arena.words, this.#control + CLOSED_WORD) === 0;
  }

  /** Severity number below which records pass the handler by. */
  get level(): number {
    return this.#arena.words[handlerWord(this.slot) + HANDLER_LEVEL] as number;
  }

  /** Changes the level, for all threads at once. @throws {RangeError} No such level. */
  setLevel(level: LevelThreshold): void {
    const severity = parseThreshold(level);
    if (severity === undefined) {
      throw new RangeError(
        `Cannot set the level of handler "${this.name}": it is ${JSON.stringify(level)}, must be a level name such as "INFO" or a severity number from 1 to 24`,
      );
    }
    if (this.isThere) this.#arena.words[handlerWord(this.slot) + HANDLER_LEVEL] = severity;
  }

  /** Resolves when everything published before the call is done. @throws {FlushTimeoutError} */
  async forceFlush({ timeoutMillis = FLUSH_TIMEOUT_MILLIS }: { timeoutMillis?: number } = {}): Promise<void> {
    if (!this.isThere) return;
    const ticket = this.#request();
    const isDone = await untilReached(this.#arena.words, {
      word: servedWord(this.#control),
      ticket,
      millis: timeoutMillis === 0 ? Number.POSITIVE_INFINITY : timeoutMillis,
      isOver: () => this.#hasEnded,
    });
    if (isDone) return;
    const recordCount = queuedCount(this.#arena, this.#geometry);
    throw new FlushTimeoutError(timeoutMillis, [{ handler: this.name, recordCount }]);
  }

  /** `forceFlush` that blocks the thread. False when the time was over first. */
  flushSync(timeoutMillis: number = FLUSH_SYNC_MILLIS): boolean {
    if (!this.isThere) return true;
    const isServed = blockUntilReached(this.#arena.words, {
      word: servedWord(this.#control),
      ticket: this.#request(),
      deadline: performance.now() + timeoutMillis,
      onSlice: () => !this.#hasEnded,
    });
    return isServed || this.#hasEnded;
  }

  /** Flushes it only: a handler is shut down by the thread that made it. */
  shutdown(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    return this.forceFlush(options);
  }

  /** What has become of the handler's records, of all threads, since it was made. */
  stats(): HandlerStats {
    if (this.isThere) this.#stats = readStats(this.#arena, this.#geometry);
    return this.#stats;
  }

  get #control(): number {
    return this.#geometry.at / 4;
  }

  get #hasEnded(): boolean {
    return (
      !this.isThere || Atomics.load(this.#arena.words, this.#control + CONSUMER_STATE_WORD) === CONSUMER_ENDED
    );
  }

  #request(): number {
    const ticket = requestFlush(this.#arena.words, this.#control);
    wakeConsumer(this.#arena, this.slot);
    return ticket;
  }
}

/** The handlers of other threads, as one thread knows them: one object a handler. */
export class SharedHandlers {
  readonly #arena: Arena;
  readonly #known: (SharedHandler | undefined)[] = [];

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Undefined where there is no handler in the slot. */
  at(slot: number): SharedHandler | undefined {
    const known = this.#known[slot];
    if (known?.isThere === true) return known;
    this.#known[slot] = isUsed(this.#arena, slot) ? new SharedHandler(this.#arena, slot) : undefined;
    return this.#known[slot];
  }

  /** All that there are, with those of this thread. */
  all(): readonly SharedHandler[] {
    return Array.from({ length: HANDLER_COUNT }, (_, slot) => this.at(slot)).filter(
      (one) => one !== undefined,
    );
  }
}

function serialOf(arena: Arena, slot: number): number {
  return arena.words[handlerWord(slot) + HANDLER_SERIAL] as number;
}

function isUsed(arena: Arena, slot: number): boolean {
  return arena.words[handlerWord(slot) + HANDLER_STATE] === HANDLER_USED;
}
