import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createArena } from "../../../processors/queue/arena.ts";
import { LargeArea, largeFrameAt } from "../../../processors/queue/large-area.ts";
import { BIG_LARGE_SLOT_COUNT, SMALL_LARGE_SLOT_COUNT } from "../../../processors/queue/layout.ts";

const SLOT_COUNT = SMALL_LARGE_SLOT_COUNT + BIG_LARGE_SLOT_COUNT;

const anyStep = fc.oneof(
  fc.record({ low: fc.integer(), high: fc.integer(), threadSlot: fc.nat(3) }),
  fc.record({ which: fc.nat(40), handler: fc.nat(63) }),
  fc.record({ dead: fc.nat(3) }),
);

interface Use {
  readonly slot: number;
  readonly threadSlot: number;
  readonly handlers: Set<number>;
}

function handlersOf(low: number, high: number): Set<number> {
  const handlers = new Set<number>();
  for (let bit = 0; bit < 32; bit++) {
    if ((low & (1 << bit)) !== 0) handlers.add(bit);
    if ((high & (1 << bit)) !== 0) handlers.add(bit + 32);
  }
  return handlers;
}

test("a slot is in use exactly from put() to the last of its handlers, whatever is released twice or late", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 150, size: "max" }), (steps) => {
      const area = new LargeArea(createArena());
      const all: Use[] = [];
      let live: Use[] = [];
      for (const step of steps) {
        if ("low" in step) {
          const handlers = handlersOf(step.low, step.high);
          if (handlers.size === 0) continue;
          const slot = area.put(Buffer.alloc(8), step);
          expect(slot < 0).toBe(live.length === SLOT_COUNT);
          if (slot < 0) continue;
          expect(live.some((use) => largeFrameAt(use.slot) === largeFrameAt(slot))).toBe(false);
          const use = { slot, threadSlot: step.threadSlot, handlers };
          all.push(use);
          live.push(use);
        } else if ("which" in step) {
          const use = all.at(-1 - step.which);
          if (use === undefined) continue;
          // Handlers give their bits back in any order, and often for the second time.
          const handler = [...use.handlers][step.handler % Math.max(1, use.handlers.size)] ?? step.handler;
          area.release(use.slot, handler);
          use.handlers.delete(handler);
          live = live.filter(({ handlers }) => handlers.size > 0);
        } else {
          area.releaseThread(step.dead);
          live = live.filter(({ threadSlot }) => threadSlot !== step.dead);
        }
      }
    }),
    { numRuns: 60 },
  );
});
