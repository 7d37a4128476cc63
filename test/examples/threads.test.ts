import * as threads from "node:worker_threads";
import { expect, test } from "vitest";

import { makeFolder, readLines, runExample } from "./run-example.ts";

test("threads.ts: both threads log to the file that the main thread has opened, with their names", async () => {
  const folder = await makeFolder();
  const result = await runExample({ path: "threads.ts", folder });
  expect(result).toEqual({ exitCode: 0, signal: null, stdout: "3 records\n", stderr: "" });
  const lines = await readLines(folder, "threads.jsonl");
  expect(lines.map(({ msg }) => String(msg)).toSorted()).toEqual([
    "Resized kite.png",
    "Resized kite.png",
    "Started 2 threads",
  ]);
  const names = lines.map((line) => line["thread.name"]).filter((name) => typeof name === "string");
  // From 22.20 and 24.6 on Node tells a thread its name.
  expect(names.toSorted()).toEqual("threadName" in threads ? ["resize 1", "resize 2"] : []);
});
