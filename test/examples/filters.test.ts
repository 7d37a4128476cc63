import { expect, test } from "vitest";

import { makeFolder, readLines, runExample } from "./run-example.ts";

test("filters.ts writes what its filters let pass, and tells of the rest", async () => {
  const folder = await makeFolder();
  const { stdout, ...rest } = await runExample({ path: "filters.ts", folder });
  expect(rest).toEqual({ exitCode: 0, signal: null, stderr: "" });
  const lines = await readLines(folder, "filtered.jsonl");
  expect(lines.map(({ msg, region }) => [msg, region])).toEqual([
    ["Cannot reach db", "north"],
    ["Cannot reach db", "north"],
    ["repeated 3 times: Cannot reach {host}", undefined],
    ["Order 2", "north"],
  ]);
  expect(JSON.parse(stdout)).toEqual({ emitted: 9, delivered: 4, filtered: 5, summaries: 1 });
});
