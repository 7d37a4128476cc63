import type { ByteSink, SinkState } from "../../exporters/byte-sink.ts";
import { OUTCOME_UNKNOWN, OUTCOME_WRITTEN } from "../queue/queue-layout.ts";
import type { Ownership, WriteIntent } from "./ownership.ts";

/**
 * Ends what a dead owner had begun. Where it has noted what became of the write, the batch is settled so. Else the file tells whether
 * the write happened. Where it cannot be found out (a pipe, a file replaced meanwhile, other writers), the records stay in the
 * queue and are written again: rather twice than not at all.
 */
export function completeIntent(parts: {
  readonly ownership: Ownership;
  readonly sink: ByteSink;
  readonly intent: WriteIntent;
}): void {
  const { ownership, sink, intent } = parts;
  const noted = ownership.notedOutcome;
  if (noted !== OUTCOME_UNKNOWN) ownership.completeIntent(noted);
  else if (intent.inode >= 0 && hasHappened(sink, intent)) ownership.completeIntent(OUTCOME_WRITTEN);
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
