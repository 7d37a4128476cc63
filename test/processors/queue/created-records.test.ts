import { expect, test } from "vitest";

import { createArena } from "../../../processors/queue/arena.ts";
import { ownCell, readCell, readCreated, threadCell } from "../../../processors/queue/created-records.ts";
import {
  THREAD_BLOCKS,
  THREAD_BLOCKS_MAX,
  THREAD_COUNT,
  THREAD_CREATED,
  THREAD_SLOT_BYTES,
} from "../../../processors/queue/layout.ts";
import { takeThreadSlot } from "../../../processors/queue/threads.ts";

test("readCreated() sums the cells of all threads", () => {
  const arena = createArena();
  for (const slot of [0, 7, THREAD_COUNT - 1]) {
    const { counts, index } = threadCell(arena, slot);
    counts[index] = (counts[index] as number) + 2 ** 33;
  }
  expect(readCreated(arena)).toBe(3 * 2 ** 33);
});

test("threadCell() of a slot that is taken goes on counting: taking it clears nothing", () => {
  const arena = createArena();
  const { counts, index } = threadCell(arena, 0);
  counts[index] = 5;
  expect(takeThreadSlot(arena)).toBe(0);
  expect(readCreated(arena)).toBe(5);
});

test("a thread's cell is a line of its own behind the definition blocks, within the slot", () => {
  expect((THREAD_CREATED * 4) % 64).toBe(0);
  expect(THREAD_CREATED).toBeGreaterThanOrEqual(THREAD_BLOCKS + THREAD_BLOCKS_MAX);
  expect((THREAD_CREATED + 2) * 4).toBeLessThanOrEqual(THREAD_SLOT_BYTES);
});

test("ownCell() counts for itself", () => {
  const [first, second] = [ownCell(), ownCell()];
  first.counts[first.index] = 3;
  expect([readCell(first), readCell(second)]).toEqual([3, 0]);
});
