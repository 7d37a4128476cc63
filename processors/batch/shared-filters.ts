import { threadId } from "node:worker_threads";
import type { FilterDescriptor } from "../../src/filters/rules/filter-descriptor.ts";
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

let keyCount = 0;

/** The filters of the process's loggers, in the order in which they were added, on the board that all threads read. */
export class SharedFilters {
  readonly #board: Board;
  #version = -1;
  #others: readonly SharedFilter[] = [];
  #keys: ReadonlySet<string> = new Set();

  constructor(arena: Arena) {
    this.#board = new Board(arena);
  }

  /** Those that other threads have added. The same list as long as nothing changes. */
  get others(): readonly SharedFilter[] {
    this.#learn();
    return this.#others;
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
    const isPut = this.#tryChange((list) => {
      const index = list.findIndex((one) => one.key === shared.key);
      return index < 0 ? [...list, shared] : list.with(index, shared);
    });
    return isPut ? shared.key : undefined;
  }

  /** Takes a filter away from all threads, whichever has added it. */
  remove(key: string): void {
    this.#tryChange((list) => list.filter((one) => one.key !== key));
  }

  #learn(): void {
    const { version } = this.#board;
    if (version === this.#version) return;
    const list = listOf(this.#board.read());
    this.#others = list.filter(({ thread }) => thread !== threadId);
    this.#keys = new Set(list.map(({ key }) => key));
    this.#version = version;
  }

  /** False where the list is too long, or options of a filter are no data. */
  #tryChange(change: (list: readonly SharedFilter[]) => readonly SharedFilter[]): boolean {
    try {
      return this.#board.change((bytes) =>
        process.getBuiltinModule("node:v8").serialize(change(listOf(bytes))),
      );
    } catch {
      return false;
    }
  }
}

function listOf(bytes: Uint8Array): readonly SharedFilter[] {
  return bytes.length === 0 ? [] : (process.getBuiltinModule("node:v8").deserialize(bytes) as SharedFilter[]);
}
