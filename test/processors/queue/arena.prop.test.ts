import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createArena } from "../../../processors/queue/arena.ts";
import { QUEUES_AT } from "../../../processors/queue/layout.ts";
import { readGeometry } from "../../../processors/queue/queue-layout.ts";

const anyOpening = fc.oneof(
  fc.record({ queueBytes: fc.integer({ min: 65_536, max: 2_097_152 }) }),
  fc.record({ closing: fc.nat(20) }),
);

test("queues that are open at the same time do not overlap, whatever was opened and closed before", () => {
  fc.assert(
    fc.property(fc.array(anyOpening, { maxLength: 40 }), (steps) => {
      const arena = createArena(QUEUES_AT + 16_777_216);
      const open: number[] = [];
      for (const step of steps) {
        if ("queueBytes" in step) {
          const slot = arena.openHandler(step.queueBytes);
          if (slot >= 0) open.push(slot);
        } else if (open.length > 0) {
          arena.closeHandler(open.splice(step.closing % open.length, 1)[0] as number);
        }
        const places = open.map((slot) => readGeometry(arena.words, slot)).toSorted((a, b) => a.at - b.at);
        let end = QUEUES_AT;
        for (const place of places) {
          expect(place.at).toBeGreaterThanOrEqual(end);
          expect(place.at % 128).toBe(0);
          end = place.end;
        }
        expect(end).toBeLessThanOrEqual(arena.memory.byteLength);
        expect(new Set(open).size).toBe(open.length);
      }
    }),
    { numRuns: 30 },
  );
});
