/**
 * How long from a call until its record is with the logger, and until it is written? At a steady pace and in bursts:
 *
 *     node bench/latency.ts [--runs 3] [--only call-steady,written-bursts/femtologging]
 *
 * Each case runs in a process of its own, and a run is all cases once, in an order that changes from run to run. Prints tables and writes
 * `bench/results/latency-<time>.json`. A case that delivers a wrong count ends the program with code 1. With `BENCH_SMOKE=1` the loads are
 * short and run once.
 */
import { parseArgs } from "node:util";

import { latencyTables } from "./latency/tables.ts";
import { planLatency } from "./latency/plan.ts";
import { chooseCases, measure, readRunSettings, RUN_OPTIONS } from "./program.ts";
import { machineText, printSettings, saveResults, settingsOf } from "./results-file.ts";

const DEFAULT_RUNS = 3;

const { runs, only, isSmoke } = readRunSettings(parseArgs({ options: RUN_OPTIONS }).values, DEFAULT_RUNS);
const cases = chooseCases(planLatency({ isSmoke }), only);
const begin = performance.now();
const reports = await measure(cases, runs);
console.log(latencyTables(reports));
// The load is in the tables.
printSettings(new Map([...settingsOf(reports)].map(([id, text]) => [id.slice(id.indexOf("/") + 1), text])));
const path = saveResults({ prefix: "latency-", isSmoke }, { runs, cases: Object.fromEntries(reports) });
const seconds = Math.round((performance.now() - begin) / 1000);
console.log(`\n${machineText()}, ${cases.length} cases, ${runs} runs, ${seconds} s: ${path}`);
