import { expect, test } from "vitest";

import { makeRing, RingReader, RingWriter } from "../../../bench/decisions/ring.ts";
import type { RecordSource } from "../../../processors/queue/writer.ts";

const RING_BYTES = 64;

/** A record of `byteCount` bytes with a number in its second word. */
function record(byteCount: number, index: number): RecordSource {
  const words = new Int32Array(byteCount / 4);
  words[0] = byteCount;
  words[1] = index;
  return { bytes: new Uint8Array(words.buffer), words };
}

function openRing(): {
  readonly offer: (byteCount: number, index: number) => boolean;
  readonly take: () => number | undefined;
  readonly release: () => void;
} {
  const memory = makeRing(RING_BYTES);
  const words = new Int32Array(memory);
  const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
  return {
    offer: (byteCount, index) => writer.offer(record(byteCount, index), byteCount),
    take: () => {
      const at = reader.next();
      return at < 0 ? undefined : words[at / 4 + 1];
    },
    release: () => reader.release(),
  };
}

test("next() returns the records in the order in which they were offered, and then nothing", () => {
  const ring = openRing();
  ring.offer(16, 1);
  ring.offer(24, 2);
  expect([ring.take(), ring.take(), ring.take()]).toStrictEqual([1, 2, undefined]);
});

test("offer() refuses a record while what was read is not given back", () => {
  const ring = openRing();
  for (let index = 0; index < 4; index++) ring.offer(16, index);
  ring.take();
  expect(ring.offer(16, 4)).toBe(false);
  ring.release();
  expect(ring.offer(16, 4)).toBe(true);
});

test("a record that does not fit before the end stands at the beginning", () => {
  const ring = openRing();
  ring.offer(48, 0);
  ring.take();
  ring.release();
  expect(ring.offer(24, 1)).toBe(true);
  expect(ring.take()).toBe(1);
});

test("a ring that has been filled many times over returns every record once", () => {
  const ring = openRing();
  const taken: (number | undefined)[] = [];
  for (let index = 0; index < 100; index++) {
    expect(ring.offer(index % 2 === 0 ? 24 : 16, index)).toBe(true);
    taken.push(ring.take());
    ring.release();
  }
  expect(taken).toStrictEqual(Array.from({ length: 100 }, (_, index) => index));
});
