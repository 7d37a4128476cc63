import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compareSides, type Seen } from "./compare.ts";
import { runOurs } from "./our-side.ts";
import { readPage } from "./page.ts";

const PROGRAM = fileURLToPath(new URL("./programs/python-rows.py", import.meta.url));
/** What the program has written: `npx vitest -u` writes it anew, where there is Python. */
const GOLDEN = join(import.meta.dirname, "python-rows.jsonl");
const PYTHON = "python3";

const { theirSetup, ourSetup, rows } = readPage("migration-from-python.md");
const isThere = spawnSync(PYTHON, ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).status === 0;

interface PythonRow {
  readonly code: string;
  readonly seen: readonly Seen[];
}

function goldenRows(): ReadonlyMap<string, readonly Seen[]> {
  const lines = readFileSync(GOLDEN, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return new Map(lines.map((line) => JSON.parse(line) as PythonRow).map(({ code, seen }) => [code, seen]));
}

/** Ten numbers of Python's for four of OpenTelemetry's. */
function severityOf(level: number): number {
  return 1 + 4 * Math.floor(level / 10) + Math.floor(((level % 10) * 4) / 10);
}

describe("docs/migration-from-python.md", () => {
  test.skipIf(!isThere)("the kept rows are what Python does", async () => {
    const input = JSON.stringify({ setup: theirSetup, rows: rows.map(({ theirs }) => theirs) });
    const { stdout, stderr } = spawnSync(PYTHON, [PROGRAM], { input, encoding: "utf8" });
    expect(stderr).toBe("");
    await expect(stdout).toMatchFileSnapshot(GOLDEN);
  });

  const kept = goldenRows();
  for (const row of rows) {
    test(`${row.section}: ${row.theirs}`, async () => {
      const theirs = kept.get(row.theirs);
      if (theirs === undefined) throw new Error("The row was never run with Python");
      const seen = theirs.map(({ level, ...rest }) =>
        level === undefined ? rest : { ...rest, level: severityOf(level) },
      );
      compareSides(row, seen, await runOurs(`${ourSetup}\n${row.ours}`));
    });
  }
});
