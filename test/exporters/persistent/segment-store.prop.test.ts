import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SegmentStore } from "../../../exporters/persistent/segment-store.ts";
import { changeFile, segmentsIn, withFlippedByte } from "./folder.ts";

const HEADER_BYTES = 48;
const HEAD_BYTES = 24;

interface Opened {
  readonly store: SegmentStore;
  lostCount: number;
}

function openStore(directory: string): Opened {
  const opened: Opened = {
    lostCount: 0,
    store: new SegmentStore({
      directory,
      encoding: "text",
      queueId: "0123",
      maxBytes: 1_048_576,
      syncsNames: false,
      report: () => {},
      onLost: (recordCount) => {
        opened.lostCount += recordCount;
      },
    }),
  };
  return opened;
}

/** Takes out `count` batches, each alone. */
function take(store: SegmentStore, count: number): string[] {
  const texts: string[] = [];
  for (let request = store.peek(0); request !== undefined && texts.length < count; request = store.peek(0)) {
    texts.push(Buffer.from(request.body).toString("latin1"));
    for (const batch of request.batches) store.settle(batch);
  }
  return texts;
}

/** Runs a check with a directory that has some batches in one segment, of which the first few are settled. */
function withLeft(texts: readonly string[], settled: number, check: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "femto-store-"));
  try {
    const { store } = openStore(directory);
    for (const text of texts) store.append(Buffer.from(text, "latin1"), 1);
    take(store, settled);
    store.close();
    check(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const batches = fc.array(fc.string({ minLength: 1, maxLength: 60, unit: "binary-ascii" }), {
  minLength: 1,
  maxLength: 12,
});

/** Where each batch begins, and where the last one ends. */
function placesOf(texts: readonly string[]): number[] {
  const places = [HEADER_BYTES];
  for (const text of texts) places.push((places.at(-1) ?? 0) + HEAD_BYTES + text.length);
  return places;
}

test("whatever waits comes out in its order after a restart, wherever the file is cut", () => {
  fc.assert(
    fc.property(batches, fc.nat(), fc.nat(), (texts, anySettled, anyCut) => {
      const settled = anySettled % texts.length;
      withLeft(texts, settled, (directory) => {
        const places = placesOf(texts);
        const cut = HEADER_BYTES + (anyCut % ((places.at(-1) ?? 0) - HEADER_BYTES + 1));
        changeFile(segmentsIn(directory)[0] ?? "", (bytes) => bytes.subarray(0, cut));
        const whole = texts.filter((_text, index) => (places[index + 1] ?? 0) <= cut);
        const { store } = openStore(directory);
        store.adopt();
        expect(take(store, Infinity)).toEqual(whole.slice(settled));
        store.close();
      });
    }),
  );
});

test("a byte turned over anywhere behind the header costs one batch at the most, and brings none forth", () => {
  fc.assert(
    fc.property(batches, fc.nat(), (texts, anyByte) => {
      withLeft(texts, 0, (directory) => {
        const places = placesOf(texts);
        const at = HEADER_BYTES + (anyByte % ((places.at(-1) ?? 0) - HEADER_BYTES));
        const hit = places.findLastIndex((place) => place <= at);
        const isState = at - (places[hit] ?? 0) >= 20 && at - (places[hit] ?? 0) < HEAD_BYTES;
        changeFile(segmentsIn(directory)[0] ?? "", (bytes) => withFlippedByte(bytes, at));
        const opened = openStore(directory);
        const { othersCount, ownCount } = opened.store.adopt();
        const found = take(opened.store, Infinity);
        expect(found).toEqual(isState ? texts : texts.filter((_text, index) => index !== hit));
        expect(found.length + opened.lostCount).toBe(othersCount + ownCount);
        opened.store.close();
      });
    }),
  );
});
