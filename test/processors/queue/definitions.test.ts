import { expect, test } from "vitest";

import { createArena, type Arena } from "../../../processors/queue/arena.ts";
import {
  DEFINITION_BYTES_MAX,
  DefinitionReader,
  DefinitionWriter,
  freeDefinitionBlocks,
} from "../../../processors/queue/definitions.ts";
import {
  BLOCK_OWNERS_AT,
  DEFINITION_BLOCK_BYTES,
  DEFINITION_BLOCK_COUNT,
  THREAD_BLOCKS_MAX,
} from "../../../processors/queue/layout.ts";
import { markThreadDead, takeThreadSlot } from "../../../processors/queue/threads.ts";

/** An entry whose length and bytes follow from its index. */
function entryOf(index: number, byteCount: number): Buffer {
  return Buffer.alloc(byteCount, index & 0xff);
}

function readNext(
  arena: Arena,
  reader: DefinitionReader,
): { readonly byteCount: number; readonly first: number } | undefined {
  const at = reader.next();
  if (at < 0) return undefined;
  return { byteCount: arena.words[at / 4 - 1] as number, first: arena.bytes[at] as number };
}

function ownedBlocks(arena: Arena, threadSlot: number): number {
  const owners = arena.words.subarray(BLOCK_OWNERS_AT / 4, BLOCK_OWNERS_AT / 4 + DEFINITION_BLOCK_COUNT);
  return owners.filter((owner) => owner === threadSlot + 1).length;
}

test("next() returns the entries in order, across blocks, and -1 after the last", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  const sizes = Array.from({ length: 1000 }, (_, i) => 4 + ((i * 37) % 700) * 4);
  for (const [index, size] of sizes.entries()) expect(writer.append(entryOf(index, size))).toBe(true);
  expect(ownedBlocks(arena, slot)).toBeGreaterThan(50);
  const reader = new DefinitionReader(arena, slot);
  for (const [index, size] of sizes.entries()) {
    expect(readNext(arena, reader)).toStrictEqual({ byteCount: size, first: index & 0xff });
  }
  expect(reader.next()).toBe(-1);
});

test("next() goes on with what is appended later, for each reader by itself", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  const [early, late] = [new DefinitionReader(arena, slot), new DefinitionReader(arena, slot)];
  expect(early.next()).toBe(-1);
  writer.append(entryOf(1, 8));
  expect(readNext(arena, early)?.first).toBe(1);
  expect(early.next()).toBe(-1);
  writer.append(entryOf(2, DEFINITION_BYTES_MAX));
  expect(readNext(arena, early)?.first).toBe(2);
  expect([readNext(arena, late)?.first, readNext(arena, late)?.first, readNext(arena, late)]).toStrictEqual([
    1,
    2,
    undefined,
  ]);
});

test("append() pads to 4 bytes", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  new DefinitionWriter(arena, slot).append(entryOf(9, 5));
  expect(readNext(arena, new DefinitionReader(arena, slot))).toStrictEqual({ byteCount: 8, first: 9 });
});

test("append() takes an entry that fills a block, and refuses a longer one without a trace", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  expect(writer.append(entryOf(1, DEFINITION_BYTES_MAX + 1))).toBe(false);
  expect(ownedBlocks(arena, slot)).toBe(0);
  expect(writer.append(entryOf(2, DEFINITION_BYTES_MAX))).toBe(true);
  expect(writer.append(entryOf(3, 4))).toBe(true);
  const reader = new DefinitionReader(arena, slot);
  expect(readNext(arena, reader)).toStrictEqual({ byteCount: DEFINITION_BYTES_MAX, first: 2 });
  expect(readNext(arena, reader)).toStrictEqual({ byteCount: 4, first: 3 });
  expect(reader.next()).toBe(-1);
});

test("append() returns false when the thread has all blocks that one thread may have; what fits the last still goes in", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  const size = DEFINITION_BLOCK_BYTES / 2;
  for (let block = 0; block < THREAD_BLOCKS_MAX; block++)
    expect(writer.append(entryOf(block, size))).toBe(true);
  expect(writer.append(entryOf(0, size))).toBe(false);
  expect(writer.append(entryOf(1, 4))).toBe(true);
  const reader = new DefinitionReader(arena, slot);
  for (let block = 0; block < THREAD_BLOCKS_MAX; block++) expect(readNext(arena, reader)?.first).toBe(block);
  expect(readNext(arena, reader)).toStrictEqual({ byteCount: 4, first: 1 });
});

test("append() returns false when the process has no block left, until a thread ends", () => {
  const arena = createArena();
  const hungry = [0, 1, 2, 3].map(() => takeThreadSlot(arena));
  for (const slot of hungry) {
    const writer = new DefinitionWriter(arena, slot);
    for (let block = 0; block < THREAD_BLOCKS_MAX; block++) writer.append(entryOf(0, DEFINITION_BYTES_MAX));
  }
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  expect(writer.append(entryOf(1, 8))).toBe(false);
  markThreadDead(arena, hungry[0] as number);
  expect(writer.append(entryOf(1, 8))).toBe(true);
  expect(readNext(arena, new DefinitionReader(arena, slot))?.first).toBe(1);
});

test("append() leaves blocks of a thread to scopes and resources when shapes have filled the others", () => {
  const arena = createArena();
  const writer = new DefinitionWriter(arena, takeThreadSlot(arena));
  const entry = entryOf(1, DEFINITION_BYTES_MAX);
  let shapeCount = 0;
  while (writer.append(entry, "shape")) shapeCount++;
  let originCount = 0;
  while (writer.append(entry, "origin")) originCount++;
  expect([shapeCount, originCount]).toStrictEqual([112, 16]);
});

test("append() leaves blocks of the process to the scopes and resources of threads that come later", () => {
  const arena = createArena();
  for (let thread = 0; thread < 8; thread++) {
    const writer = new DefinitionWriter(arena, takeThreadSlot(arena));
    while (writer.append(entryOf(0, DEFINITION_BYTES_MAX), "shape"));
  }
  const late = new DefinitionWriter(arena, takeThreadSlot(arena));
  expect(late.append(entryOf(1, 8), "shape")).toBe(false);
  expect(late.append(entryOf(1, 8), "origin")).toBe(true);
});

test("the blocks of a thread are free when it has ended, and its slot's next thread begins anew", () => {
  const arena = createArena();
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  for (let i = 0; i < 3; i++) writer.append(entryOf(i, DEFINITION_BYTES_MAX));
  expect(ownedBlocks(arena, slot)).toBe(3);
  markThreadDead(arena, slot);
  expect(ownedBlocks(arena, slot)).toBe(0);
  expect(takeThreadSlot(arena)).toBe(slot);
  expect(new DefinitionReader(arena, slot).next()).toBe(-1);
  new DefinitionWriter(arena, slot).append(entryOf(7, 8));
  expect(readNext(arena, new DefinitionReader(arena, slot))?.first).toBe(7);
});

test("freeDefinitionBlocks() frees a block too that a thread had taken when it died, and not noted yet", () => {
  const arena = createArena();
  const [slot, other] = [takeThreadSlot(arena), takeThreadSlot(arena)];
  new DefinitionWriter(arena, other).append(entryOf(0, 8));
  arena.words[BLOCK_OWNERS_AT / 4 + 100] = slot + 1;
  freeDefinitionBlocks(arena, slot);
  expect(ownedBlocks(arena, slot)).toBe(0);
  expect(ownedBlocks(arena, other)).toBe(1);
});
