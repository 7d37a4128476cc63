import type { ByteSink, SinkState } from "../../exporters/byte-sink.ts";
import type { Arena } from "../queue/arena.ts";
import { consumerCounters } from "../queue/counters.ts";
import {
  DELIVERED_COUNTER,
  FILTERED_COUNTER,
  readGeometry,
  SUMMARIES_COUNTER,
} from "../queue/queue-layout.ts";
import type { Ownership, WriteIntent } from "./ownership.ts";

/**
 * Finds out whether the write happened that a dead owner had begun, by looking at the file, and if so marks its
 * records as delivered. Where it cannot be found out (a pipe, a file replaced meanwhile, other writers), the records
 * stay in the queue and are written again: rather twice than not at all.
 */
export function completeIntent(parts: {
  readonly arena: Arena;
  readonly ownership: Ownership;
  readonly sink: ByteSink;
  readonly intent: WriteIntent;
  readonly handlerSlot: number;
}): void {
  const { arena, ownership, sink, intent } = parts;
  if (intent.inode < 0 || !hasHappened(sink, intent)) return;
  const at = consumerCounters(readGeometry(arena.words, parts.handlerSlot));
  const { filteredCount = 0, summaryCount = 0 } = intent;
  arena.floats[at + SUMMARIES_COUNTER]! += summaryCount;
  arena.floats[at + FILTERED_COUNTER]! += filteredCount;
  arena.floats[at + DELIVERED_COUNTER]! += ownership.completeIntent() - filteredCount + summaryCount;
}

function hasHappened(sink: ByteSink, intent: WriteIntent): boolean {
  try {
    const state = sink.stateOf === undefined ? openedState(sink) : sink.stateOf(intent.inode);
    if (state === undefined) return false;
    // More bytes than that are someone else's: whether ours are among them cannot be told.
    return state.inode === intent.inode && state.fileBytes === intent.fileBytes + intent.byteCount;
  } catch {
    return false;
  }
}

function openedState(sink: ByteSink): SinkState {
  sink.open();
  return sink.state();
}
