import { threadId } from "node:worker_threads";
import type { FilterDescriptor } from "../../src/filters/rules/filter-descriptor.ts";
import type { Redaction } from "../../src/record/redaction.ts";
import type { Arena } from "../queue/arena.ts";
import { Board } from "../queue/board.ts";

/** A filter of a logger of the process, as all threads know it. */
export interface SharedFilter {
  /** Which one it is, in the whole process. */
  readonly key: string;
  /** The thread that has added it. */
  readonly thread: number;
  /** Name of the logger. */
  readonly logger: string;
  /** Undefined for a function or an object, which only its own thread can ask. */
  readonly descriptor: FilterDescriptor | undefined;
}

/** What stands on the board. */
interface Content {
  readonly filters: readonly SharedFilter[];
  readonly redaction?: Redaction | undefined;
}

const NOTHING: Content = { filters: [] };

let keyCount = 0;

/**
 * The filters of the process's loggers, in the order in which they were added, and what is redacted in their records: on the board that
 * all threads read.
 */
export class SharedFilters {
  readonly #board: Board;
  #version = -1;
  #others: readonly SharedFilter[] = [];
  #keys: ReadonlySet<string> = new Set();
  #redaction: Redaction | undefined;

  constructor(arena: Arena) {
    this.#board = new Board(arena);
  }

  /** Those that other threads have added. The same list as long as nothing changes. */
  get others(): readonly SharedFilter[] {
    this.#learn();
    return this.#others;
  }

  /** What is redacted in the records of the process's loggers. The same object as long as nothing changes. */
  get redaction(): Redaction | undefined {
    this.#learn();
    return this.#redaction;
  }

  /** @returns False where the board cannot hold it: then nothing has changed. */
  setRedaction(redaction: Redaction | undefined): boolean {
    return this.#tryChange((content) => ({ ...content, redaction }));
  }

  /** Whether a filter is still there: any thread may take it away. */
  has(key: string): boolean {
    this.#learn();
    return this.#keys.has(key);
  }

  /**
   * Makes a filter known to all threads, or what has become of one that is.
   * @param key That of a filter that is known; without it, it is a new one.
   * @returns Its key; undefined where the board cannot hold it: then it holds on this thread only.
   */
  put(filter: Pick<SharedFilter, "logger" | "descriptor">, key?: string): string | undefined {
    const shared = { ...filter, key: key ?? `${threadId}.${++keyCount}`, thread: threadId };
    const isPut = this.#tryChange(({ filters, ...rest }) => {
      const index = filters.findIndex((one) => one.key === shared.key);
      return { ...rest, filters: index < 0 ? [...filters, shared] : filters.with(index, shared) };
    });
    return isPut ? shared.key : undefined;
  }

  /** Takes a filter away from all threads, whichever has added it. */
  remove(key: string): void {
    this.#tryChange(({ filters, ...rest }) => ({
      ...rest,
      filters: filters.filter((one) => one.key !== key),
    }));
  }

  #learn(): void {
    const { version } = this.#board;
    if (version === this.#version) return;
    const { filters, redaction } = contentOf(this.#board.read());
    this.#others = filters.filter(({ thread }) => thread !== threadId);
    this.#keys = new Set(filters.map(({ key }) => key));
    this.#redaction = redaction;
    this.#version = version;
  }

  /** False where it is too long for the board, or options of a filter are no data. */
  #tryChange(change: (content: Content) => Content): boolean {
    try {
      return this.#board.change((bytes) =>
        process.getBuiltinModule("node:v8").serialize(change(contentOf(bytes))),
      );
    } catch {
      return false;
    }
  }
}

function contentOf(bytes: Uint8Array): Content {
  return bytes.length === 0 ? NOTHING : (process.getBuiltinModule("node:v8").deserialize(bytes) as Content);
}
