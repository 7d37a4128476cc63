import type { Arena } from "./arena.ts";
import {
  DISABLED_UP_TO_WORD,
  GENERATION_WORD,
  LOGGERS_AT,
  LOGGER_COUNT,
  LOGGER_COUNT_WORD,
  LOGGER_DISABLED,
  LOGGER_EFFECTIVE,
  LOGGER_FLAGS,
  LOGGER_HANDLERS_HIGH,
  LOGGER_HANDLERS_LOW,
  LOGGER_NAME_AT,
  LOGGER_NAME_BYTES,
  LOGGER_OWN,
  LOGGER_PARENT,
  LOGGER_PROPAGATES,
  LOGGER_SLOT_BYTES,
  NAMES_AT,
  NAMES_BYTES,
  NAME_BYTES_WORD,
} from "./layout.ts";

const WORDS_A_SLOT = LOGGER_SLOT_BYTES / 4;
const OFF = 25;
const NO_LEVEL = -1;
const ROOT = 0;
const PRIVATE_COUNT = 1024;

/** Which handlers a record goes to: a bit each. */
export interface HandlerMask {
  readonly low: number;
  readonly high: number;
}

/**
 * Levels, propagation and handlers of all loggers of a system, by name. The table of the process lies in the arena: a change
 * is seen by every thread at its next call. An isolated system has a table of its own, seen by its thread only.
 */
export class LoggerTable {
  #words: Int32Array;
  #arena: Arena;
  /** Whether it is that of the process, which all threads see. */
  readonly isShared: boolean;
  readonly #at: number;
  readonly #capacity: number;
  readonly #disabledWord: number;
  #slots = new Map<string, number>();
  /** What generations of earlier arenas came to: a number that was seen never comes again. */
  #generationBase = 0;
  #known = 0;
  #count = 0;
  #rootLevel = NO_LEVEL;

  private constructor(arena: Arena, isShared: boolean) {
    this.#arena = arena;
    this.isShared = isShared;
    this.#capacity = isShared ? LOGGER_COUNT : PRIVATE_COUNT;
    this.#at = isShared ? LOGGERS_AT / 4 : WORDS_A_SLOT;
    this.#disabledWord = isShared ? DISABLED_UP_TO_WORD : 0;
    this.#words = isShared ? arena.words : new Int32Array(WORDS_A_SLOT * (PRIVATE_COUNT + 1));
  }

  /** Memory of the cells; the effective level of a logger is the word `cell(slot)`. Another one after `moveTo`. */
  get words(): Int32Array {
    return this.#words;
  }

  /** The table that all threads of the process share. */
  static shared(arena: Arena, rootLevel: number): LoggerTable {
    const table = new LoggerTable(arena, true);
    table.#rootLevel = rootLevel;
    table.#addRoot();
    return table;
  }

  /** A table of this thread's own. */
  static isolated(arena: Arena, rootLevel: number): LoggerTable {
    const table = new LoggerTable(arena, false);
    table.#change(() => table.#add("", rootLevel));
    return table;
  }

  /** Counts changes: of loggers, and of the handlers of the process. */
  get generation(): number {
    return this.#generationBase + (this.#arena.words[GENERATION_WORD] as number);
  }

  /**
   * The thread has gone to another arena: from now on the table is the one there. Levels that were set here hold there too, for
   * loggers that have none of their own. The old cells let every call through, so that loggers notice.
   */
  moveTo(arena: Arena): void {
    const { generation } = this;
    const levels = this.isShared ? this.#ownLevels() : [];
    if (this.isShared) this.#openCells();
    this.#arena = arena;
    // Ahead of what was seen, wherever the other arena's count stands.
    this.#generationBase = generation + 1;
    if (!this.isShared) return;
    this.#words = arena.words;
    this.#slots = new Map();
    this.#known = 0;
    this.#addRoot();
    for (const { name, level } of levels) {
      const slot = this.find(name);
      if (this.ownLevel(slot) === undefined) this.setOwnLevel(slot, level);
    }
  }

  #addRoot(): void {
    this.#change(() => {
      if (this.words[LOGGER_COUNT_WORD] === 0) this.#add("", this.#rootLevel);
    });
  }

  #ownLevels(): readonly { readonly name: string; readonly level: number }[] {
    return [...this.#slots].flatMap(([name, slot]) => {
      const level = slot === ROOT ? undefined : this.ownLevel(slot);
      return level === undefined ? [] : [{ name, level }];
    });
  }

  #openCells(): void {
    for (let slot = 0; slot < this.#total; slot++) this.words[this.cell(slot)] = 0;
  }

  /** The logger's place, made if it is new: with all loggers above it. The nearest one above when the table is full. */
  find(name: string): number {
    this.#learn();
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    return this.#locked(() => {
      this.#learn();
      const count = this.#total;
      const slot = this.#findOrAdd(name);
      if (this.#total !== count) this.#arena.bumpGeneration();
      return slot;
    });
  }

  /** Index in `words` of the logger's effective level: calls below it do nothing. */
  cell(slot: number): number {
    return this.#word(slot) + LOGGER_EFFECTIVE;
  }

  /** The logger's own level; undefined where it has that of the loggers above. */
  ownLevel(slot: number): number | undefined {
    const own = this.words[this.#word(slot) + LOGGER_OWN] as number;
    return own === NO_LEVEL ? undefined : own;
  }

  setOwnLevel(slot: number, level: number | undefined): void {
    this.#change(() => {
      this.words[this.#word(slot) + LOGGER_OWN] = level ?? NO_LEVEL;
    });
  }

  propagates(slot: number): boolean {
    return ((this.words[this.#word(slot) + LOGGER_FLAGS] as number) & LOGGER_PROPAGATES) !== 0;
  }

  isDisabled(slot: number): boolean {
    return ((this.words[this.#word(slot) + LOGGER_FLAGS] as number) & LOGGER_DISABLED) !== 0;
  }

  setFlag(slot: number, flag: "propagate" | "disabled", isSet: boolean): void {
    const bit = flag === "propagate" ? LOGGER_PROPAGATES : LOGGER_DISABLED;
    this.#change(() => {
      const word = this.#word(slot) + LOGGER_FLAGS;
      const flags = this.words[word] as number;
      this.words[word] = isSet ? flags | bit : flags & ~bit;
    });
  }

  /** Records of this severity and below are not made by any logger of the table; 0 for no such limit. */
  setDisabledUpTo(severity: number): void {
    this.#change(() => {
      this.words[this.#disabledWord] = severity;
    });
  }

  addHandler(slot: number, handler: number): void {
    this.#changeHandlers(slot, handler, true);
  }

  removeHandler(slot: number, handler: number): void {
    this.#changeHandlers(slot, handler, false);
  }

  /** The handlers of the logger, and of those above it as far as records propagate. */
  handlersOf(slot: number): HandlerMask {
    let low = 0;
    let high = 0;
    for (let at = slot; at >= 0; at = this.words[this.#word(at) + LOGGER_PARENT] as number) {
      low |= this.words[this.#word(at) + LOGGER_HANDLERS_LOW] as number;
      high |= this.words[this.#word(at) + LOGGER_HANDLERS_HIGH] as number;
      if (!this.propagates(at)) break;
    }
    return { low, high };
  }

  /** Whether a handler was added to this very logger, by whichever thread. */
  hasHandler(slot: number, handler: number): boolean {
    const word = this.#word(slot) + (handler < 32 ? LOGGER_HANDLERS_LOW : LOGGER_HANDLERS_HIGH);
    return ((this.words[word] as number) & (1 << (handler & 31))) !== 0;
  }

  /** Takes a handler that is gone away from all loggers. */
  forgetHandler(handler: number): void {
    this.#change(() => {
      const bit = ~(1 << (handler & 31));
      const offset = handler < 32 ? LOGGER_HANDLERS_LOW : LOGGER_HANDLERS_HIGH;
      for (let slot = 0; slot < this.#total; slot++) {
        const word = this.#word(slot) + offset;
        this.words[word] = (this.words[word] as number) & bit;
      }
    });
  }

  /** Handlers of any logger of the table. */
  allHandlers(): HandlerMask {
    let low = 0;
    let high = 0;
    for (let slot = 0; slot < this.#total; slot++) {
      low |= this.words[this.#word(slot) + LOGGER_HANDLERS_LOW] as number;
      high |= this.words[this.#word(slot) + LOGGER_HANDLERS_HIGH] as number;
    }
    return { low, high };
  }

  #changeHandlers(slot: number, handler: number, isAdded: boolean): void {
    this.#change(() => {
      const word = this.#word(slot) + (handler < 32 ? LOGGER_HANDLERS_LOW : LOGGER_HANDLERS_HIGH);
      const bit = 1 << (handler & 31);
      const mask = this.words[word] as number;
      this.words[word] = isAdded ? mask | bit : mask & ~bit;
    });
  }

  /** Changes the table while no other thread does, and works the effective levels out again. */
  #change<T>(change: () => T): T {
    return this.#locked(() => {
      const result = change();
      this.#refresh();
      this.#arena.bumpGeneration();
      return result;
    });
  }

  #locked<T>(run: () => T): T {
    return this.isShared ? this.#arena.withLock(run) : run();
  }

  /** Parents stand before their children: one pass does it. */
  #refresh(): void {
    const count = this.#total;
    const inherited: number[] = [];
    for (let slot = 0; slot < count; slot++) {
      const word = this.#word(slot);
      const parent = this.words[word + LOGGER_PARENT] as number;
      const own = this.words[word + LOGGER_OWN] as number;
      const level = own === NO_LEVEL ? (inherited[parent] ?? 0) : own;
      inherited.push(level);
      const isDisabled = ((this.words[word + LOGGER_FLAGS] as number) & LOGGER_DISABLED) !== 0;
      this.words[word + LOGGER_EFFECTIVE] = isDisabled ? OFF : this.#raised(level);
    }
  }

  /** The level of the nearest logger that has one, from this one upwards; 0 where none has. */
  #inherited(slot: number): number {
    for (let at = slot; at >= 0; at = this.words[this.#word(at) + LOGGER_PARENT] as number) {
      const own = this.words[this.#word(at) + LOGGER_OWN] as number;
      if (own !== NO_LEVEL) return own;
    }
    return 0;
  }

  #raised(level: number): number {
    return Math.max(level, (this.words[this.#disabledWord] as number) + 1);
  }

  get #total(): number {
    return this.isShared ? (this.words[LOGGER_COUNT_WORD] as number) : this.#count;
  }

  /** From the root downwards: a name of any depth costs no more than what there is room for. */
  #findOrAdd(name: string): number {
    let slot = ROOT;
    for (let dot = name.indexOf("."); ; dot = name.indexOf(".", dot + 1)) {
      const prefix = dot < 0 ? name : name.slice(0, dot);
      const below = this.#slots.get(prefix) ?? this.#add(prefix, NO_LEVEL, slot);
      if (below < 0) return slot;
      slot = below;
      if (dot < 0) return slot;
    }
  }

  #add(name: string, level: number, parent = -1): number {
    const slot = this.#total;
    if (slot >= this.#capacity) return -1;
    if (this.isShared && !this.#writeName(slot, name)) return -1;
    const word = this.#word(slot);
    this.words[word + LOGGER_OWN] = level;
    this.words[word + LOGGER_PARENT] = parent;
    this.words[word + LOGGER_FLAGS] = LOGGER_PROPAGATES;
    this.words[word + LOGGER_HANDLERS_LOW] = 0;
    this.words[word + LOGGER_HANDLERS_HIGH] = 0;
    // Before the count: from then on other threads find the logger.
    this.words[word + LOGGER_EFFECTIVE] = this.#raised(this.#inherited(slot));
    this.#slots.set(name, slot);
    if (!this.isShared) this.#count = slot + 1;
    else Atomics.store(this.words, LOGGER_COUNT_WORD, slot + 1);
    return slot;
  }

  #writeName(slot: number, name: string): boolean {
    const { words, bytes } = this.#arena;
    const encoded = Buffer.from(name, "utf8");
    const at = words[NAME_BYTES_WORD] as number;
    if (at + encoded.length > NAMES_BYTES) return false;
    bytes.set(encoded, NAMES_AT + at);
    words[NAME_BYTES_WORD] = at + encoded.length;
    words[this.#word(slot) + LOGGER_NAME_AT] = at;
    words[this.#word(slot) + LOGGER_NAME_BYTES] = encoded.length;
    return true;
  }

  /** Learns the loggers that other threads have added. */
  #learn(): void {
    if (!this.isShared) return;
    const count = Atomics.load(this.words, LOGGER_COUNT_WORD);
    for (; this.#known < count; this.#known++) {
      const at = NAMES_AT + (this.words[this.#word(this.#known) + LOGGER_NAME_AT] as number);
      const end = at + (this.words[this.#word(this.#known) + LOGGER_NAME_BYTES] as number);
      this.#slots.set(this.#arena.bytes.toString("utf8", at, end), this.#known);
    }
  }

  #word(slot: number): number {
    return this.#at + slot * WORDS_A_SLOT;
  }
}

/** The slot of a table's root. */
export const ROOT_LOGGER: number = ROOT;
