import { expect, test } from "vitest";

import { createArena, type Arena } from "../../../processors/queue/arena.ts";
import { LargeArea, largeFrameAt } from "../../../processors/queue/large-area.ts";
import {
  THREAD_BUSY,
  THREAD_COUNT,
  THREAD_DEAD,
  THREAD_FREE,
  THREAD_ID,
  THREAD_LIVE,
  THREAD_STATE,
} from "../../../processors/queue/layout.ts";
import { WAKE_WORD } from "../../../processors/queue/queue-layout.ts";
import {
  isLaneHeld,
  markThreadDead,
  markThreadIdDead,
  releaseHandlerLanes,
  releaseLane,
  takeThreadSlot,
  threadWord,
  wakeConsumer,
} from "../../../processors/queue/threads.ts";
import { TestQueue } from "./queue-fixture.ts";

function stateOf(arena: Arena, slot: number): number {
  return arena.words[threadWord(slot) + THREAD_STATE] as number;
}

/** Two handlers that a thread has logged to, and the thread's slot. */
function makeLoggedThread(): {
  readonly queues: readonly [TestQueue, TestQueue];
  readonly arena: Arena;
  readonly slot: number;
} {
  const first = new TestQueue();
  const second = new TestQueue({ arena: first.arena });
  const slot = takeThreadSlot(first.arena);
  for (const queue of [first, second]) queue.offer(queue.writer(slot), 64, { thread: slot, index: 0 });
  return { queues: [first, second], arena: first.arena, slot };
}

test("takeThreadSlot() gives each thread a slot of its own, and -1 to the 257th", () => {
  const arena = createArena();
  for (let slot = 0; slot < THREAD_COUNT; slot++) expect(takeThreadSlot(arena)).toBe(slot);
  expect(takeThreadSlot(arena)).toBe(-1);
  markThreadDead(arena, 17);
  expect(takeThreadSlot(arena)).toBe(17);
});

test("markThreadDead() frees the slot of a thread that has logged nothing at once", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  markThreadDead(arena, slot);
  expect(stateOf(arena, slot)).toBe(THREAD_FREE);
});

test("the slot of a thread is free when all handlers that it has logged to are done with it", () => {
  const { queues, arena, slot } = makeLoggedThread();
  markThreadDead(arena, slot);
  expect(stateOf(arena, slot)).toBe(THREAD_DEAD);
  expect(queues.map(({ handlerSlot }) => isLaneHeld(arena, { threadSlot: slot, handlerSlot }))).toStrictEqual(
    [true, true],
  );
  releaseLane(arena, { threadSlot: slot, handlerSlot: queues[0].handlerSlot });
  releaseLane(arena, { threadSlot: slot, handlerSlot: queues[0].handlerSlot });
  expect(stateOf(arena, slot)).toBe(THREAD_DEAD);
  expect(queues.map(({ handlerSlot }) => isLaneHeld(arena, { threadSlot: slot, handlerSlot }))).toStrictEqual(
    [false, true],
  );
  releaseLane(arena, { threadSlot: slot, handlerSlot: queues[1].handlerSlot });
  expect(stateOf(arena, slot)).toBe(THREAD_FREE);
});

test("markThreadDead() a second time does not ask the handlers again that are done already", () => {
  const { queues, arena, slot } = makeLoggedThread();
  markThreadDead(arena, slot);
  releaseLane(arena, { threadSlot: slot, handlerSlot: queues[0].handlerSlot });
  markThreadDead(arena, slot);
  releaseLane(arena, { threadSlot: slot, handlerSlot: queues[1].handlerSlot });
  expect(stateOf(arena, slot)).toBe(THREAD_FREE);
});

test("markThreadDead() wakes the consumers of the handlers that the thread has logged to", () => {
  const { queues, arena, slot } = makeLoggedThread();
  const idle = new TestQueue({ arena });
  markThreadDead(arena, slot);
  expect([...queues, idle].map(({ control }) => arena.words[control + WAKE_WORD])).toStrictEqual([1, 1, 0]);
});

test("takeThreadSlot() frees a slot itself whose last consumer died before it could", () => {
  const { queues, arena, slot } = makeLoggedThread();
  markThreadDead(arena, slot);
  releaseLane(arena, { threadSlot: slot, handlerSlot: queues[0].handlerSlot });
  expect(takeThreadSlot(arena)).not.toBe(slot);
  // What releaseLane() does first; the words are those of the handlers that still hold the thread.
  arena.words.fill(0, threadWord(slot) + 4, threadWord(slot) + 6);
  expect(stateOf(arena, slot)).toBe(THREAD_DEAD);
  expect(takeThreadSlot(arena)).toBe(slot);
});

test("releaseLane() of a thread that lives does nothing", () => {
  const { queues, arena, slot } = makeLoggedThread();
  for (const { handlerSlot } of queues) releaseLane(arena, { threadSlot: slot, handlerSlot });
  expect(stateOf(arena, slot)).toBe(THREAD_LIVE);
});

test("markThreadIdDead() marks all slots of a thread, and no other's", () => {
  const arena = createArena();
  const slots = [0, 1, 2].map(() => takeThreadSlot(arena));
  for (const [i, id] of [7, 8, 7].entries()) arena.words[threadWord(slots[i] as number) + THREAD_ID] = id;
  markThreadIdDead(arena, 7);
  expect(slots.map((slot) => stateOf(arena, slot))).toStrictEqual([THREAD_FREE, THREAD_LIVE, THREAD_FREE]);
});

test("markThreadIdDead() spares a thread that has just taken a dead one's slot and not said its id yet", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  arena.words[threadWord(slot) + THREAD_ID] = 7;
  markThreadDead(arena, slot);
  arena.words[threadWord(slot) + THREAD_STATE] = THREAD_LIVE;
  markThreadIdDead(arena, 7);
  expect(stateOf(arena, slot)).toBe(THREAD_LIVE);
});

test("markThreadIdDead() of a thread that died while it took or freed slots makes them free", () => {
  const { arena, slot } = makeLoggedThread();
  const dying = 77;
  const busy = (dying << 3) | THREAD_BUSY;
  const area = new LargeArea(arena);
  const large = area.put(Buffer.alloc(8), { low: 1, high: 0, threadSlot: slot });
  // In the middle of freeing the one, of taking the other.
  for (const word of [threadWord(slot), threadWord(slot + 1)]) arena.words[word + THREAD_STATE] = busy;
  markThreadIdDead(arena, dying + 1);
  expect([stateOf(arena, slot), stateOf(arena, slot + 1)]).toStrictEqual([busy, busy]);
  markThreadIdDead(arena, dying);
  expect([stateOf(arena, slot), stateOf(arena, slot + 1)]).toStrictEqual([THREAD_FREE, THREAD_FREE]);
  expect(largeFrameAt(area.put(Buffer.alloc(8), { low: 1, high: 0, threadSlot: 9 }))).toBe(
    largeFrameAt(large),
  );
});

test("releaseHandlerLanes() lets dead threads go that waited for a closed handler", () => {
  const { queues, arena, slot } = makeLoggedThread();
  markThreadDead(arena, slot);
  for (const { handlerSlot } of queues) releaseHandlerLanes(arena, handlerSlot);
  expect(stateOf(arena, slot)).toBe(THREAD_FREE);
});

test("releaseHandlerLanes() frees what a closed handler has in the large area", () => {
  const queue = new TestQueue();
  const area = new LargeArea(queue.arena);
  const handlers = { low: 1 << queue.handlerSlot, high: 0, threadSlot: 0 };
  const slot = area.put(Buffer.alloc(8), handlers);
  releaseHandlerLanes(queue.arena, queue.handlerSlot);
  expect(largeFrameAt(area.put(Buffer.alloc(8), handlers))).toBe(largeFrameAt(slot));
});

test("the slot that is freed gives the thread's places in the large area back", () => {
  const arena = createArena();
  const area = new LargeArea(arena);
  const threadSlot = takeThreadSlot(arena);
  const slot = area.put(Buffer.alloc(8), { low: 1, high: 0, threadSlot });
  markThreadDead(arena, threadSlot);
  expect(largeFrameAt(area.put(Buffer.alloc(8), { low: 1, high: 0, threadSlot: 9 }))).toBe(
    largeFrameAt(slot),
  );
});

test("a handler of the upper half of slots is asked like the others", () => {
  const arena = createArena();
  let queue = new TestQueue({ arena });
  while (queue.handlerSlot < 40) queue = new TestQueue({ arena });
  const slot = takeThreadSlot(arena);
  queue.offer(queue.writer(slot), 64, { thread: slot, index: 0 });
  markThreadDead(arena, slot);
  expect(isLaneHeld(arena, { threadSlot: slot, handlerSlot: 40 })).toBe(true);
  expect(isLaneHeld(arena, { threadSlot: slot, handlerSlot: 8 })).toBe(false);
  releaseLane(arena, { threadSlot: slot, handlerSlot: 8 });
  expect(stateOf(arena, slot)).toBe(THREAD_DEAD);
  releaseLane(arena, { threadSlot: slot, handlerSlot: 40 });
  expect(stateOf(arena, slot)).toBe(THREAD_FREE);
});

test("wakeConsumer() counts a wake", () => {
  const queue = new TestQueue();
  wakeConsumer(queue.arena, queue.handlerSlot);
  expect(queue.arena.words[queue.control + WAKE_WORD]).toBe(1);
});
