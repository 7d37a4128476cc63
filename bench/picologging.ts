/**
 * Measures the scenarios that picologging publishes: this package beside CPython's logging, and picologging itself where it can be had.
 *
 *     node bench/picologging.ts [--runs 5] [--python python3] [--write]
 *
 * Each library runs all scenarios in a process of its own; a run is all libraries once, in an order that changes from run to run. Makes a
 * virtual environment in a temporary folder for picologging, and says why where that fails. Prints two tables, and writes
 * `bench/results/picologging-<time>.json`; with `--write` the tables of bench/README.md too. A wrong count of records ends the program with code 1. `BENCH_SMOKE=1` makes it tiny, once, and
 * installs nothing. Does not show threads that log together, nor a disk: all files stay in the page cache.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { findPythons, type FoundPython } from "./picologging/python.ts";
import { callTable, type Library, wholeTable } from "./picologging/scenario-table.ts";
import { SCENARIOS } from "./picologging/scenarios.ts";
import type { PlannedCase } from "./plan.ts";
import { measure, readRunSettings } from "./program.ts";
import { markedTable, replaceTable } from "./quoted-table.ts";
import { saveResults } from "./results-file.ts";

const PAGE: string = fileURLToPath(new URL("README.md", import.meta.url));

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    python: { type: "string", default: "python3" },
    write: { type: "boolean", default: false },
  },
});
const { isSmoke, runs } = readRunSettings(values);
const sizes = isSmoke ? { repeat: 1, number: 1, scale: 0.01 } : { repeat: 5, number: 5, scale: 1 };

/** A library's case; none, with the reason printed, where it cannot run. */
function pythonCase(library: string, { command, skipped }: FoundPython): PlannedCase[] {
  if (skipped !== undefined) console.log(`${library} is left out: ${skipped}`);
  if (command === undefined) return [];
  return [{ id: library, program: "scenarios.py", command, args: { library, ...sizes } }];
}

const folder = mkdtempSync(join(tmpdir(), "femtologging-picologging-"));
try {
  const pythons = await findPythons(values.python, { folder, mayInstall: !isSmoke });
  const cases: PlannedCase[] = [
    ...pythonCase("logging", pythons.logging),
    ...pythonCase("picologging", pythons.picologging),
    { id: "femtologging", program: "own.ts", args: sizes },
    { id: "femtologging-again", program: "own.ts", args: sizes },
  ];
  const reports = await measure(cases, runs, "picologging");
  const known: readonly Library[] = [
    { id: "logging", label: "logging" },
    { id: "picologging", label: "picologging" },
    { id: "femtologging", label: "ours" },
    { id: "femtologging-again", label: "A/A: ours again" },
  ];
  const libraries = known.filter(({ id }) => reports.has(id));
  const scenarios = Object.keys(SCENARIOS);
  const tables = [
    { name: "picologging", table: wholeTable(reports, { scenarios, libraries }) },
    {
      name: "picologging calls",
      table: callTable(reports, { scenarios, libraries: libraries.slice(0, -1) }),
    },
  ];
  for (const { name, table } of tables) console.log(`\n${markedTable(name, table)}`);
  if (values.write) writeFileSync(PAGE, tables.reduce(replaceTable, readFileSync(PAGE, "utf8")));
  for (const [id, [report]] of reports) if (report !== undefined) console.log(`${id}: ${report.settings}`);
  const content = { runs, cases: Object.fromEntries(reports) };
  const path = saveResults({ prefix: "picologging-", isSmoke }, content);
  console.log(`${runs} runs, medians and (lowest to highest): ${path}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
