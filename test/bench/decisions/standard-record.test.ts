import { expect, test } from "vitest";

import { attributesOf, Checksum, checkReceived } from "../../../bench/decisions/standard-record.ts";

function sumOf(indices: readonly number[]): { readonly count: number; readonly checksum: string } {
  const sum = new Checksum();
  for (const index of indices) sum.addAttributes(attributesOf(index));
  return { count: sum.count, checksum: sum.text() };
}

test("checkReceived() returns the checksum of records that have arrived in order", () => {
  const received = sumOf([0, 1, 2]);
  expect(checkReceived(received, 3)).toBe(received.checksum);
});

test("checkReceived() refuses records that have changed places", () => {
  expect(() => checkReceived(sumOf([1, 0, 2]), 3)).toThrow(/3 records were sent .* 3 have arrived/);
});

test("checkReceived() refuses when one is missing", () => {
  expect(() => checkReceived(sumOf([0, 1]), 3)).toThrow(/3 records were sent .* 2 have arrived/);
});

test("follow() goes on with the sum of another", () => {
  const first = new Checksum();
  first.addAttributes(attributesOf(0));
  const second = new Checksum();
  second.follow(first);
  second.addAttributes(attributesOf(1));
  expect({ count: second.count, checksum: second.text() }).toStrictEqual(sumOf([0, 1]));
});
