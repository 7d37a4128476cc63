/** The check of threads that log at the same time: that it sees what it is to see, and passes. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { verifyThreads } from "../../bench/threads/producers.ts";
import { runSmoke, SMOKE_TIMEOUT_MILLIS } from "./smoke.ts";

const LOAD = { threadCount: 2, warmCount: 0, count: 4 };

/** A file with a line for each pair of thread and number. */
async function fileOf(...pairs: readonly (readonly [number, number])[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "threads.log");
  await writeFile(path, pairs.map(([producer, n]) => `{"n":${n},"producer":${producer}}\n`).join(""));
  return path;
}

test("verifyThreads() counts what is there, in whatever order of the threads", async () => {
  expect(verifyThreads(await fileOf([0, 0], [1, 0], [1, 1], [0, 1]), LOAD)).toBe(4);
});

test.each([
  [
    "is missing at the end",
    [
      [0, 0],
      [0, 1],
      [1, 0],
    ],
    "Thread 1: 1 of 2 records have arrived",
  ],
  [
    "is missing in between",
    [
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    "Thread 0: record 1 has arrived, must be 0",
  ],
  [
    "came twice",
    [
      [0, 0],
      [0, 0],
      [0, 1],
    ],
    "Thread 0: record 0 has arrived, must be 1",
  ],
  [
    "came too early",
    [
      [1, 1],
      [1, 0],
      [0, 0],
    ],
    "Thread 1: record 1 has arrived, must be 0",
  ],
] as const)("verifyThreads() throws when a record %s", async (_name, pairs, message) => {
  const path = await fileOf(...pairs);
  expect(() => verifyThreads(path, LOAD)).toThrow(message);
});

test(
  "bench/threads.ts finds all records of four threads, each thread's in order",
  { timeout: SMOKE_TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runSmoke("threads.ts", []);
    expect(stdout).toMatch(/^40000 records of 4 threads: all there, each thread's in order, 0 dropped; /);
  },
);

test("bench/threads.ts refuses what is no count", { timeout: SMOKE_TIMEOUT_MILLIS }, async () => {
  await expect(runSmoke("threads.ts", ["--records", "3"])).rejects.toThrow(
    '"--records" is 3, must be an integer of at least 4',
  );
});
