import { handlerWord, type Arena } from "../queue/arena.ts";
import {
  HANDLER_BLOCK_MILLIS,
  HANDLER_LEVEL,
  HANDLER_OVERFLOW,
  HANDLER_RECORDS_MAX,
  HANDLER_RECORD_BYTES,
  OVERFLOW_BLOCK,
  OVERFLOW_DROP_NEWEST,
  OVERFLOW_DROP_OLDEST,
} from "../queue/layout.ts";
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
}
