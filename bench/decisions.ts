/**
 * Measures the ways between which the design had to choose:
 *
 *     node bench/decisions.ts [--runs 5] [--only transfer,wire/msgpack] [--write]
 *
 * Each way runs in a process of its own; a run is all of them once, in an order that changes from run to run. What has been sent is
 * received by another thread and compared by checksum; a difference ends the program with code 1. Prints a table a comparison, and writes
 * `bench/results/decisions-<time>.json`; with `--write` the tables of docs/comparisons.md too. `BENCH_SMOKE=1` makes it tiny.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { checkSameBytes, comparisonTable } from "./decisions/comparison-table.ts";
import { planComparisons } from "./decisions/comparisons.ts";
import { chooseCases, measure, readRunSettings, RUN_OPTIONS } from "./program.ts";
import { markedTable, replaceTable } from "./quoted-table.ts";
import { saveResults, versions } from "./results-file.ts";

const PAGE: string = fileURLToPath(new URL("../docs/comparisons.md", import.meta.url));

const { values } = parseArgs({
  options: { ...RUN_OPTIONS, write: { type: "boolean", default: false } },
});
const { isSmoke, runs, only } = readRunSettings(values);
const comparisons = planComparisons({ isSmoke });
const cases = chooseCases(
  comparisons.flatMap(({ ways }) => ways),
  only,
);
const reports = await measure(cases, runs, "decisions");
let page = values.write ? readFileSync(PAGE, "utf8") : "";
for (const comparison of comparisons) {
  const table = comparisonTable(comparison, reports);
  if (table === undefined) continue;
  checkSameBytes(comparison, reports);
  console.log(markedTable(comparison.name, table));
  if (values.write) page = replaceTable(page, { name: comparison.name, table });
}
if (values.write) writeFileSync(PAGE, page);
const { node } = versions();
const path = saveResults({ prefix: "decisions-", isSmoke }, { runs, cases: Object.fromEntries(reports) });
console.log(`Node ${node}, ${runs} runs, medians and (lowest to highest): ${path}`);
