/**
 * How many records a second, from 1, 2 and 4 threads, of five kinds, to 1, 3 and 5 handlers of each kind? The matrix:
 *
 *     node bench/scenarios.ts [--runs 3] [--only file/t1,otlp/error]
 *
 * Each cell runs in a process of its own, and a run is all cells once, in an order that changes from run to run. `--only` names cells, or
 * parts of their names: `null batch stream file otlp`, `plain attributes nested kibibyte error`, `h1 h3 h5` handlers, `t1 t2 t4` threads;
 * parts joined by `/` must all fit. Prints tables and writes `bench/results/scenarios-<time>.json`. A cell that delivers a wrong count, drops
 * a record, or leaves one in a queue ends the program with code 1. With `BENCH_SMOKE=1` a few tiny cells run once.
 */
import { parseArgs } from "node:util";

import { chooseCases, measure, readRunSettings, RUN_OPTIONS } from "./program.ts";
import { machineText, printSettings, saveResults } from "./results-file.ts";
import { destinationSettings } from "./scenarios/destinations.ts";
import { isScenarioNamed, planScenarios, type ScenarioCase } from "./scenarios/plan.ts";
import { scenarioTables } from "./scenarios/tables.ts";

const DEFAULT_RUNS = 3;

const settings = readRunSettings(parseArgs({ options: RUN_OPTIONS }).values, DEFAULT_RUNS);
const { runs, only, isSmoke } = settings;
const all = planScenarios({ isSmoke });
const cases: readonly ScenarioCase[] = chooseCases(all, only, isScenarioNamed);
const begin = performance.now();
const reports = await measure(cases, runs);
console.log(scenarioTables(cases, reports));
const names = new Set(cases.map(({ args }) => args.destination));
printSettings(new Map([...names].map((name) => [name, destinationSettings(name)])));
const path = saveResults({ prefix: "scenarios-", isSmoke }, { runs, cases: Object.fromEntries(reports) });
const seconds = Math.round((performance.now() - begin) / 1000);
console.log(`\n${machineText()}, ${cases.length} cells, ${runs} runs, ${seconds} s: ${path}`);
