import { OFF } from "../../src/record/severity.ts";
import { handlerWord, type Arena } from "../queue/arena.ts";
import {
  HANDLER_BLOCK_MILLIS,
  HANDLER_KEEP_COUNT,
  HANDLER_KEEP_DISCARDS,
  HANDLER_KEEP_LEVEL,
  HANDLER_LEVEL,
  HANDLER_OVERFLOW,
  HANDLER_RECORDS_MAX,
  HANDLER_RECORD_BYTES,
  OVERFLOW_BLOCK,
  OVERFLOW_DROP_NEWEST,
  OVERFLOW_DROP_OLDEST,
} from "../queue/layout.ts";
import { HANDLER_NAME_BYTES, NAME_AT, readGeometry } from "../queue/queue-layout.ts";
import type { ProcessorSettings } from "./settings.ts";

const OVERFLOWS = {
  block: OVERFLOW_BLOCK,
  "drop-newest": OVERFLOW_DROP_NEWEST,
  "drop-oldest": OVERFLOW_DROP_OLDEST,
};

/** Writes what every thread that logs must know of a handler into its slot. */
export function writeSettings(arena: Arena, slot: number, settings: ProcessorSettings): void {
  const { words } = arena;
  const word = handlerWord(slot);
  words[word + HANDLER_LEVEL] = settings.level;
  words[word + HANDLER_OVERFLOW] = OVERFLOWS[settings.overflow];
  words[word + HANDLER_BLOCK_MILLIS] = settings.blockTimeoutMillis;
  words[word + HANDLER_RECORDS_MAX] = settings.maxQueueSize ?? 0;
  words[word + HANDLER_RECORD_BYTES] = settings.recordBytesMax;
  words[word + HANDLER_KEEP_COUNT] = 0;
  words[word + HANDLER_KEEP_LEVEL] = OFF;
  words[word + HANDLER_KEEP_DISCARDS] = 0;
  writeName(arena, readGeometry(words, slot).at + NAME_AT, settings.name);
}

/** Cut between two characters. */
function writeName(arena: Arena, at: number, name: string): void {
  const place = arena.bytes.subarray(at + 1, at + 1 + HANDLER_NAME_BYTES);
  arena.bytes[at] = new TextEncoder().encodeInto(name, place).written;
}

/** What a handler keeps back, and for how long. */
export interface KeepSettings {
  /** Records. */
  readonly capacity: number;
  /** Severity number of a record that lets all go. */
  readonly flushLevel: number;
  /** Whether what is kept when the handler is shut down is delivered then, and not left out. */
  readonly flushOnClose: boolean;
}

/** From now on the handler keeps its records until one of `flushLevel` comes, or `capacity` of them are there. */
export function writeKeeping(arena: Arena, slot: number, keep: KeepSettings): void {
  const { words } = arena;
  const word = handlerWord(slot);
  words[word + HANDLER_KEEP_LEVEL] = keep.flushLevel;
  words[word + HANDLER_KEEP_DISCARDS] = keep.flushOnClose ? 0 : 1;
  Atomics.store(words, word + HANDLER_KEEP_COUNT, keep.capacity);
}
