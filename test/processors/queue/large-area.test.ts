import { expect, test } from "vitest";

import { createArena, type Arena } from "../../../processors/queue/arena.ts";
import { LargeArea, largeFrameAt } from "../../../processors/queue/large-area.ts";
import {
  BIG_LARGE_SLOT_COUNT,
  LARGE_AT,
  QUEUES_AT,
  SMALL_LARGE_SLOT_BYTES,
  SMALL_LARGE_SLOT_COUNT,
} from "../../../processors/queue/layout.ts";

const FIRST = { low: 1, high: 0, threadSlot: 0 };
const LARGEST = 16_777_216 + 24;

function makeArea(): { readonly arena: Arena; readonly area: LargeArea } {
  const arena = createArena();
  return { arena, area: new LargeArea(arena) };
}

/** Takes all small slots but one, the last. */
function fillSmall(area: LargeArea): void {
  for (let i = 0; i < SMALL_LARGE_SLOT_COUNT - 1; i++) area.put(Buffer.alloc(8), { ...FIRST, low: 2 });
}

test("put() copies a frame to where largeFrameAt() says, and numbers are never negative", () => {
  const { arena, area } = makeArea();
  const frame = Buffer.from("0123456789abcdef");
  const slot = area.put(frame, FIRST);
  expect(slot).toBeGreaterThanOrEqual(0);
  const at = largeFrameAt(slot);
  expect(at % 8).toBe(0);
  expect(arena.bytes.subarray(at, at + 16)).toStrictEqual(frame);
});

test("all slots lie apart from each other, between the definitions and the queues", () => {
  const { area } = makeArea();
  const big = Buffer.alloc(SMALL_LARGE_SLOT_BYTES);
  const places: number[] = [];
  for (let i = 0; i < SMALL_LARGE_SLOT_COUNT; i++)
    places.push(largeFrameAt(area.put(Buffer.alloc(8), FIRST)));
  for (let i = 0; i < BIG_LARGE_SLOT_COUNT; i++) places.push(largeFrameAt(area.put(big, FIRST)));
  expect(area.put(big, FIRST)).toBe(-1);
  expect(area.put(Buffer.alloc(8), FIRST)).toBe(-1);
  const ends = [...places.slice(1), QUEUES_AT];
  const sizes = places.map((at, i) => (ends[i] as number) - at);
  expect(places[0]).toBeGreaterThan(LARGE_AT);
  expect(Math.min(...sizes.slice(0, SMALL_LARGE_SLOT_COUNT))).toBeGreaterThanOrEqual(
    SMALL_LARGE_SLOT_BYTES - 64,
  );
  expect(Math.min(...sizes.slice(SMALL_LARGE_SLOT_COUNT))).toBeGreaterThanOrEqual(LARGEST);
});

test("put() takes a frame of 16 MiB, and refuses one that no slot can hold", () => {
  const { arena, area } = makeArea();
  const frame = Buffer.alloc(LARGEST, 7);
  const slot = area.put(frame, FIRST);
  const at = largeFrameAt(slot);
  expect(arena.bytes.subarray(at, at + LARGEST).equals(frame)).toBe(true);
  expect(area.put(Buffer.alloc(LARGEST + 65_536), FIRST)).toBe(-1);
});

test("put() uses a big slot for a small frame when the small ones are taken", () => {
  const { area } = makeArea();
  fillSmall(area);
  expect(area.put(Buffer.alloc(8), FIRST)).toBeGreaterThanOrEqual(0);
  const slot = area.put(Buffer.alloc(8), FIRST);
  expect(largeFrameAt(slot)).toBeGreaterThanOrEqual(
    LARGE_AT + SMALL_LARGE_SLOT_COUNT * SMALL_LARGE_SLOT_BYTES,
  );
});

test.each([
  { low: 0b101, high: 0, handlers: [0, 2] },
  { low: 1 << 31, high: 1 << 31, handlers: [31, 63] },
  { low: -1, high: 0b11, handlers: [...Array.from({ length: 32 }, (_, i) => i), 32, 33] },
])(
  "release() frees a slot when each of the handlers $handlers has given its bit back",
  ({ low, high, handlers }) => {
    const { area } = makeArea();
    fillSmall(area);
    const slot = area.put(Buffer.alloc(8), { low, high, threadSlot: 3 });
    const place = largeFrameAt(slot);
    for (const handler of handlers) {
      expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).not.toBe(place);
      area.release(slot, handler);
    }
    expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).toBe(place);
  },
);

test("release() of a handler that has given its bit back, or had none, harms nothing", () => {
  const { area } = makeArea();
  const slot = area.put(Buffer.alloc(8), { ...FIRST, low: 0b11 });
  area.release(slot, 0);
  area.release(slot, 0);
  area.release(slot, 5);
  area.release(slot, 40);
  expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).not.toBe(largeFrameAt(slot));
});

test("release() of a slot that is in use again harms nothing: a number stands for one use only", () => {
  const { area } = makeArea();
  const first = area.put(Buffer.alloc(8), FIRST);
  area.release(first, 0);
  const second = area.put(Buffer.alloc(8), FIRST);
  expect(largeFrameAt(second)).toBe(largeFrameAt(first));
  area.release(first, 0);
  const third = area.put(Buffer.alloc(8), FIRST);
  expect(largeFrameAt(third)).not.toBe(largeFrameAt(second));
});

test("releaseThread() frees what one thread had taken, whoever still holds a bit", () => {
  const { area } = makeArea();
  const dead = area.put(Buffer.alloc(8), { low: 0b111, high: 1, threadSlot: 7 });
  const other = area.put(Buffer.alloc(8), { low: 0b111, high: 1, threadSlot: 8 });
  area.releaseThread(7);
  const next = area.put(Buffer.alloc(8), FIRST);
  expect(largeFrameAt(next)).toBe(largeFrameAt(dead));
  area.release(dead, 1);
  expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).not.toBe(largeFrameAt(next));
  expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).not.toBe(largeFrameAt(other));
});

test("releaseHandler() gives all bits of a closed handler back, and no other's", () => {
  const { area } = makeArea();
  const alone = area.put(Buffer.alloc(8), { low: 1 << 4, high: 0, threadSlot: 0 });
  const shared = area.put(Buffer.alloc(8), { low: (1 << 4) | 1, high: 0, threadSlot: 0 });
  area.releaseHandler(4);
  expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).toBe(largeFrameAt(alone));
  area.release(shared, 0);
  expect(largeFrameAt(area.put(Buffer.alloc(8), FIRST))).toBe(largeFrameAt(shared));
});
