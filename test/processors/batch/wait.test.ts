import { describe, expect, test } from "vitest";
import { blockUntilReached, hasReached, isDoneBy, untilReached } from "../../../processors/batch/wait.ts";

function wordsOf(value: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4)).fill(value);
}

describe("hasReached()", () => {
  test.each([
    [0, 0, true],
    [1, 0, true],
    [0, 1, false],
    [-2_147_483_648, 2_147_483_647, true],
    [2_147_483_647, -2_147_483_648, false],
  ])("of %i and ticket %i is %s: the counter wraps", (count, ticket, expected) => {
    expect(hasReached(count, ticket)).toBe(expected);
  });
});

describe("untilReached()", () => {
  test("resolves when the word is notified", async () => {
    const words = wordsOf(0);
    const reached = untilReached(words, { word: 0, ticket: 1, millis: 5000, isOver: () => false });
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
    expect(await reached).toBe(true);
  });

  test("is false at its time-out, and true when waiting is in vain", async () => {
    const words = wordsOf(0);
    expect(await untilReached(words, { word: 0, ticket: 1, millis: 20, isOver: () => false })).toBe(false);
    expect(await untilReached(words, { word: 0, ticket: 1, millis: 5000, isOver: () => true })).toBe(true);
  });

  test("many wait for one word, each for its own ticket", async () => {
    const words = wordsOf(0);
    const waits = [1, 2, 3].map((ticket) =>
      untilReached(words, { word: 0, ticket, millis: ticket === 3 ? 50 : 5000, isOver: () => false }),
    );
    Atomics.store(words, 0, 2);
    Atomics.notify(words, 0);
    expect(await Promise.all(waits)).toEqual([true, true, false]);
  });
});

describe("blockUntilReached()", () => {
  test("ends at its deadline, or when onSlice says that waiting is in vain", () => {
    const words = wordsOf(0);
    const soon = (): number => performance.now() + 60;
    expect(blockUntilReached(words, { word: 0, ticket: 1, deadline: soon(), onSlice: () => true })).toBe(
      false,
    );
    expect(
      blockUntilReached(words, {
        word: 0,
        ticket: 1,
        deadline: performance.now() + 60_000,
        onSlice: () => false,
      }),
    ).toBe(false);
    expect(blockUntilReached(words, { word: 0, ticket: 0, deadline: 0, onSlice: () => true })).toBe(true);
  });
});

describe("isDoneBy()", () => {
  test("says whether the work was done in time, and rejects as the work does", async () => {
    const soon = performance.now() + 20;
    expect(await isDoneBy(soon, new Promise(() => {}))).toBe(false);
    expect(await isDoneBy(performance.now() + 5000, Promise.resolve())).toBe(true);
    await expect(isDoneBy(performance.now() + 5000, Promise.reject(new Error("failed")))).rejects.toThrow(
      "failed",
    );
    expect(await isDoneBy(Number.POSITIVE_INFINITY, Promise.resolve())).toBe(true);
  });
});
