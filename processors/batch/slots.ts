import type { Arena } from "../queue/arena.ts";
import type { ProcessorSettings } from "./settings.ts";

/** Shut handlers keep their slot, so that late records are still counted, until this many wait or room is needed. */
const SHUT_HANDLERS_MAX = 8;

/** A handler that can give its slot back when it is shut. */
export interface SlotHolder {
  reclaim(): void;
}

const shutHandlers: SlotHolder[] = [];

/** Says that a handler is shut for good: its slot may be reclaimed. */
export function offerSlot(holder: SlotHolder): void {
  shutHandlers.push(holder);
  if (shutHandlers.length > SHUT_HANDLERS_MAX) shutHandlers.shift()?.reclaim();
}

/**
 * Takes a slot and a queue for a new handler; takes them from handlers that are shut when the arena has no more.
 * @throws {RangeError} There is no room.
 */
export function takeHandlerSlot(
  arena: Arena,
  { name, queueBytes }: Pick<ProcessorSettings, "name" | "queueBytes">,
): number {
  let slot = arena.openHandler(queueBytes);
  while (slot < 0 && shutHandlers.length > 0) {
    shutHandlers.shift()?.reclaim();
    slot = arena.openHandler(queueBytes);
  }
  if (slot >= 0) return slot;
  throw new RangeError(
    `Cannot start handler "${name}": no room for a queue of ${queueBytes} bytes in the ${arena.memory.byteLength} bytes that all handlers of the process share; lower "queueBytes", or shut handlers down that are not needed`,
  );
}
