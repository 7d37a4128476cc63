/** Whether a handler's counters say what has happened, seen from both ends. */
import type { HandlerStats } from "femtologging";

import type { TallyResult } from "./tally.ts";

/** Both ends of a queue, and what the handler says itself. */
export interface Books {
  /** Records that were logged. */
  readonly offered: number;
  readonly stats: HandlerStats;
  readonly tally: TallyResult;
  /** Whether the handler may drop its own records about its drops. */
  readonly dropsOldest: boolean;
  /** Most records that it may have written about itself. */
  readonly ownMax: number;
}

/** @throws {Error} A counter is not exact. Names all that are not. */
export function checkBooks({ offered, stats, tally, dropsOldest, ownMax }: Books): void {
  const { emitted, delivered, filtered, queued, dropped, droppedTotal } = stats;
  const { received, others } = tally;
  /** What the handler has logged about itself. */
  const own = emitted - offered;
  const ownDropped = own - others;
  const claims: readonly (readonly [string, boolean])[] = [
    ["nothing is left in the queue", queued === 0],
    ["what was emitted was delivered or dropped", emitted === delivered + filtered + droppedTotal],
    ["what was delivered has arrived", delivered === received + others],
    ["only a full queue drops", dropped.queue_full === droppedTotal && filtered === 0],
    [
      "what was emitted are the offered records, and those of the handler about itself",
      dropsOldest ? ownDropped >= 0 && own <= ownMax : ownDropped === 0,
    ],
  ];
  const wrong = claims.filter(([, holds]) => !holds).map(([claim]) => claim);
  if (wrong.length === 0) return;
  throw new Error(
    `Counters are not exact: ${wrong.join("; ")}; offered ${offered}, ${JSON.stringify({ stats, tally })}`,
  );
}
