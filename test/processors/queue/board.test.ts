import { expect, test } from "vitest";

import { Arena, createArena } from "../../../processors/queue/arena.ts";
import { Board } from "../../../processors/queue/board.ts";
import { BOARD_BYTES, GENERATION_WORD } from "../../../processors/queue/layout.ts";

test("change() replaces what every view of the arena reads, and tells loggers to look again", () => {
  const arena = createArena();
  const other = new Board(new Arena(arena.memory));
  const generation = arena.words[GENERATION_WORD] as number;
  expect([other.version, other.read().length]).toStrictEqual([0, 0]);
  expect(new Board(arena).change(() => Uint8Array.of(1, 2, 3))).toBe(true);
  expect(other.change((bytes) => bytes.subarray(1))).toBe(true);
  expect([other.version, ...other.read()]).toStrictEqual([2, 2, 3]);
  expect(arena.words[GENERATION_WORD]).toBe(generation + 2);
});

test("change() refuses what is longer than the board, and leaves what there was", () => {
  const board = new Board(createArena());
  board.change(() => Uint8Array.of(7));
  expect(board.change(() => new Uint8Array(BOARD_BYTES + 1))).toBe(false);
  expect([board.version, ...board.read()]).toStrictEqual([1, 7]);
});

test("change() leaves the board as it was where the replacement throws, and gives the lock back", () => {
  const board = new Board(createArena());
  expect(() =>
    board.change(() => {
      throw new Error("no data");
    }),
  ).toThrow("no data");
  expect([board.version, board.change(() => Uint8Array.of(1))]).toStrictEqual([0, true]);
});
