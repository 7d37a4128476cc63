import { describe, expect, test } from "vitest";

import { Backoff } from "../../../exporters/socket/backoff.ts";

const OPTIONS = { backoffMillis: 100, backoffMaxMillis: 1_000, backoffResetMillis: 30_000 };

function backoffWith(random: number): Backoff {
  return new Backoff({ ...OPTIONS, random: () => random });
}

describe("Backoff.next()", () => {
  test("the limit doubles from the first one up to the cap", () => {
    const backoff = backoffWith(1);
    expect([0, 0, 0, 0, 0, 0].map(() => backoff.next(0))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test("a pause is random between 10 ms and the limit", () => {
    expect(backoffWith(0).next(0)).toBe(10);
    expect(backoffWith(0.5).next(0)).toBe(55);
  });

  test("a connection that has lasted long enough begins anew, a shorter one does not", () => {
    const backoff = backoffWith(1);
    backoff.next(0);
    backoff.next(0);
    expect(backoff.next(29_999)).toBe(400);
    expect(backoff.next(30_000)).toBe(100);
  });

  test("the first limit is never above the cap", () => {
    const backoff = new Backoff({ ...OPTIONS, backoffMillis: 5_000, random: () => 1 });
    expect(backoff.next(0)).toBe(1_000);
  });

  test("a limit below 10 ms still makes a pause of 10 ms", () => {
    const backoff = new Backoff({ ...OPTIONS, backoffMillis: 1, random: () => 1 });
    expect(backoff.next(0)).toBe(10);
  });
});
