import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SegmentStore, type StoreOptions } from "../../../exporters/persistent/segment-store.ts";
import { changeFile, makeFolder, segmentsIn, withFlippedByte } from "./folder.ts";

interface Opened {
  readonly store: SegmentStore;
  readonly troubles: string[];
  readonly lost: number[];
}

function openStore(directory: string, options: Partial<StoreOptions> = {}): Opened {
  const troubles: string[] = [];
  const lost: number[] = [];
  const store = new SegmentStore({
    directory,
    encoding: "text",
    queueId: "0123",
    maxBytes: 1_048_576,
    syncsNames: false,
    report: (trouble) => troubles.push(trouble),
    onLost: (recordCount) => lost.push(recordCount),
    ...options,
  });
  onTestFinished(() => store.close());
  return { store, troubles, lost };
}

function append(store: SegmentStore, ...texts: string[]): void {
  for (const text of texts) expect(store.append(Buffer.from(text), text.length)).toBeDefined();
}

/** Takes out all that waits, a batch at a time. */
function takeAll(store: SegmentStore): string[] {
  const texts: string[] = [];
  for (let request = store.peek(0); request !== undefined; request = store.peek(0)) {
    texts.push(Buffer.from(request.body).toString());
    for (const batch of request.batches) store.settle(batch);
  }
  return texts;
}

/** A directory with what a process has left, and where its segments are. */
function leave(...texts: string[]): { readonly directory: string; readonly path: string } {
  const directory = makeFolder();
  const { store } = openStore(directory, { queueId: "ffff" });
  append(store, ...texts);
  store.close();
  const [path = ""] = segmentsIn(directory);
  return { directory, path };
}

test("batches come out in the order in which they went in, and leave no file", () => {
  const directory = makeFolder();
  const { store } = openStore(directory);
  append(store, "a", "bb", "ccc");
  expect(takeAll(store)).toEqual(["a", "bb", "ccc"]);
  expect(store.isEmpty).toBe(true);
  store.close();
  expect(readdirSync(directory)).toEqual([]);
});

test("peek() joins what fits, and says the same again until it is settled", () => {
  const { store } = openStore(makeFolder());
  append(store, "a", "bb", "ccc");
  expect(Buffer.from(store.peek(3)?.body ?? []).toString()).toBe("abb");
  expect(store.peek(3)).toMatchObject({ recordCount: 3 });
  for (const batch of store.peek(3)?.batches ?? []) store.settle(batch);
  expect(takeAll(store)).toEqual(["ccc"]);
});

test("adopt() takes over what waits and not what was settled, oldest first, and before its own", () => {
  const { directory } = leave("a", "bb", "ccc");
  const between = openStore(directory);
  expect(between.store.adopt()).toEqual({ ownCount: 0, othersCount: 6, isOwnBusy: false });
  const request = between.store.peek(0);
  for (const batch of request?.batches ?? []) between.store.settle(batch);
  append(between.store, "dddd");
  between.store.close();

  const { store } = openStore(directory, { queueId: "eeee" });
  append(store, "last");
  expect(store.adopt()).toEqual({ ownCount: 0, othersCount: 9, isOwnBusy: false });
  expect(takeAll(store)).toEqual(["bb", "ccc", "dddd", "last"]);
  store.close();
  expect(readdirSync(directory)).toEqual([]);
});

test("adopt() leaves alone what has an owner, and says whether that is one of the same handler", () => {
  const directory = makeFolder();
  append(openStore(directory, { queueId: "0123" }).store, "a");
  expect(openStore(directory, { queueId: "0123" }).store.adopt()).toEqual({
    ownCount: 0,
    othersCount: 0,
    isOwnBusy: true,
  });
  expect(openStore(directory, { queueId: "ffff" }).store.adopt()).toMatchObject({ isOwnBusy: false });
});

test("adopt() tells what a thread of the same handler has left from what others have", () => {
  const { directory } = leave("a", "bb");
  expect(openStore(directory, { queueId: "ffff" }).store.adopt()).toMatchObject({
    ownCount: 3,
    othersCount: 0,
  });
});

test("what is encoded otherwise is left for whoever sends that", () => {
  const { directory } = leave("a");
  const other = openStore(directory, { encoding: "json" });
  expect(other.store.adopt()).toMatchObject({ othersCount: 0 });
  other.store.close();
  expect(openStore(directory).store.adopt()).toMatchObject({ othersCount: 1 });
});

test.each([1, 12, 23, 24, 26])(
  "a last batch of which %i bytes are missing is left out, the rest is there",
  (missing) => {
    const { directory, path } = leave("a", "bb", "ccc");
    const byteCount = 48 + 3 * 24 + 6;
    truncateSync(path, byteCount - missing);
    const { store, troubles } = openStore(directory);
    expect(store.adopt()).toMatchObject({ othersCount: 3 });
    expect(takeAll(store)).toEqual(["a", "bb"]);
    expect(troubles.join()).toContain(`${27 - missing} bytes of "${path}"`);
  },
);

test("a byte turned over in a payload costs that batch, which is counted and told", () => {
  const { directory, path } = leave("a", "bb", "ccc");
  changeFile(path, (bytes) => withFlippedByte(bytes, 48 + 25 + 24));
  const { store, troubles, lost } = openStore(directory);
  expect(store.adopt()).toMatchObject({ othersCount: 6 });
  expect(takeAll(store)).toEqual(["a", "ccc"]);
  expect(lost).toEqual([2]);
  expect(troubles).toEqual([
    `A batch of 2 records in "${path}" of the persistent queue is damaged, and left out`,
  ]);
});

test("a byte turned over in a head costs that batch; the next is found behind it", () => {
  const { directory, path } = leave("a", "bb", "ccc");
  changeFile(path, (bytes) => withFlippedByte(bytes, 48 + 25 + 5));
  const { store, troubles } = openStore(directory);
  expect(store.adopt()).toMatchObject({ othersCount: 4 });
  expect(takeAll(store)).toEqual(["a", "ccc"]);
  expect(troubles.join()).toContain(`26 bytes of "${path}" of the persistent queue belong to no whole batch`);
});

test("damage while the file is in use: what was in it is counted, what comes later is not touched", () => {
  const directory = makeFolder();
  const { store, lost, troubles } = openStore(directory);
  append(store, "a", "bb");
  const [path = ""] = segmentsIn(directory);
  changeFile(path, (bytes) => Buffer.concat([bytes.subarray(0, 48), Buffer.alloc(bytes.length - 48)]));
  append(store, "ccc");
  expect(takeAll(store)).toEqual(["ccc"]);
  expect(lost).toEqual([3]);
  expect(troubles).toEqual([`3 records cannot be found in "${path}" of the persistent queue any more`]);
});

test("a file that is no segment is told of and deleted, and holds nothing up", () => {
  const { directory, path } = leave("a");
  writeFileSync(join(path, "../00000000.seg"), "");
  writeFileSync(join(path, "../00000002.seg"), Buffer.alloc(5000));
  const { store, troubles } = openStore(directory);
  expect(store.adopt()).toMatchObject({ othersCount: 1 });
  expect(takeAll(store)).toEqual(["a"]);
  expect(troubles).toHaveLength(2);
  store.close();
  expect(readdirSync(directory)).toEqual([]);
});

test("a segment that is deleted while it waits is counted as lost", () => {
  const { directory, path } = leave("a", "bb");
  const { store, troubles, lost } = openStore(directory);
  store.adopt();
  rmSync(path);
  expect(takeAll(store)).toEqual([]);
  expect(lost).toEqual([3]);
  expect(troubles.join()).toContain("ENOENT");
  expect(troubles.join()).toContain("3 records cannot be found");
});

test("a directory that is deleted in the middle is made again; what was in it is counted as lost", () => {
  const directory = makeFolder();
  const { store, lost } = openStore(directory);
  append(store, "a", "bb");
  rmSync(directory, { recursive: true });
  store.append(Buffer.alloc(70_000, "x"), 1);
  append(store, "ccc");
  expect(takeAll(store).map((text) => text.length)).toEqual([70_000, 3]);
  expect(lost).toEqual([3]);
});

test("append() returns undefined when maxBytes would be passed, and takes batches again when some are settled", () => {
  const { store } = openStore(makeFolder());
  const batch = Buffer.alloc(20_000, "x");
  let count = 0;
  while (store.append(batch, 1) !== undefined) count++;
  expect(store.byteCount).toBeLessThanOrEqual(1_048_576);
  expect(count).toBe(52);
  // Space comes back by segments, of 64 KiB here: three batches.
  for (let settled = 0; settled < 3; settled++) {
    expect(store.append(batch, 1)).toBeUndefined();
    for (const one of store.peek(0)?.batches ?? []) store.settle(one);
  }
  expect(store.append(batch, 1)).toBeDefined();
});

test("a queue that is full of settled batches takes others", () => {
  const { store } = openStore(makeFolder());
  append(store, "a");
  takeAll(store);
  expect(store.append(Buffer.alloc(1_048_576 - 72), 1)).toBeDefined();
  expect(store.append(Buffer.alloc(1), 1)).toBeUndefined();
});

test("what others left may be more than maxBytes: it is sent all the same", () => {
  const directory = makeFolder();
  const large = openStore(directory, { maxBytes: 8_388_608, queueId: "ffff" });
  for (let index = 0; index < 4; index++) large.store.append(Buffer.alloc(1_000_000, String(index)), 1);
  large.store.close();
  const { store } = openStore(directory);
  expect(store.adopt()).toMatchObject({ othersCount: 4 });
  expect(store.append(Buffer.alloc(1), 1)).toBeUndefined();
  expect(takeAll(store).map(([first]) => first)).toEqual(["0", "1", "2", "3"]);
  append(store, "a");
});
