/**
 * The scenarios of picologging's benchmarks with this package, in the published unit: seconds for `number` runs of a scenario, the median
 * of `repeat` of them. `whole` opens and closes a handler in each run, as the published scenarios do: here that starts and ends a thread.
 * `calls` and `delivered` are of loops over one handler that is open and has delivered records before.
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import { runCase } from "../case-program.ts";
import { median } from "../statistics.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

/** Arguments of the case; those of scenarios.py. */
export interface OwnArguments {
  readonly repeat: number;
  readonly number: number;
  readonly scale: number;
}

const MILLIS_PER_SECOND = 1000;

/** A scenario that is being measured. */
class Measurement {
  readonly #name: string;
  readonly #scenario: Scenario;
  readonly #count: number;
  readonly #args: OwnArguments;
  readonly #folder: string;
  /** Records that have arrived. */
  arrived = 0;

  constructor(
    name: string,
    scenario: Scenario,
    place: { readonly args: OwnArguments; readonly folder: string },
  ) {
    this.#name = name;
    this.#scenario = scenario;
    this.#args = place.args;
    this.#folder = place.folder;
    this.#count = Math.max(1, scenario.loops * place.args.scale);
  }

  /** Times of the loop, and until delivery, over one handler. */
  async open(): Promise<Record<string, number>> {
    const opened = this.#scenario.open(this.#newFolder());
    opened.loop(this.#count);
    await opened.settle();
    const sums: { readonly calls: number; readonly delivered: number }[] = [];
    for (let repeat = 0; repeat < this.#args.repeat; repeat++) {
      let calls = 0;
      let delivered = 0;
      for (let run = 0; run < this.#args.number; run++) {
        const begin = performance.now();
        opened.loop(this.#count);
        calls += performance.now() - begin;
        await opened.settle();
        delivered += performance.now() - begin;
      }
      sums.push({ calls, delivered });
    }
    await opened.close();
    this.#check(opened.countArrived(), 1 + this.#args.repeat * this.#args.number);
    return {
      [`${this.#name} calls`]: median(sums.map(({ calls }) => calls)) / MILLIS_PER_SECOND,
      [`${this.#name} delivered`]: median(sums.map(({ delivered }) => delivered)) / MILLIS_PER_SECOND,
    };
  }

  /**
   * Time of whole runs: open, loop, close. Without a handler there is nothing to open, and it is the time of the loop.
   *
   * @param known What `open` has found.
   */
  async whole(known: Readonly<Record<string, number>>): Promise<Record<string, number>> {
    const measure = `${this.#name} whole`;
    if (!this.#scenario.hasHandler) return { [measure]: known[`${this.#name} delivered`] as number };
    const sums: number[] = [];
    for (let repeat = 0; repeat < this.#args.repeat; repeat++) {
      let sum = 0;
      for (let run = 0; run < this.#args.number; run++) {
        const folder = this.#newFolder();
        const begin = performance.now();
        const opened = this.#scenario.open(folder);
        opened.loop(this.#count);
        await opened.settle();
        await opened.close();
        sum += performance.now() - begin;
        this.#check(opened.countArrived(), 1);
      }
      sums.push(sum);
    }
    return { [measure]: median(sums) / MILLIS_PER_SECOND };
  }

  #newFolder(): string {
    return mkdtempSync(join(this.#folder, "run-"));
  }

  #check(arrived: number, runs: number): void {
    const expected = this.#scenario.isDelivering ? this.#count * runs : 0;
    if (arrived !== expected)
      throw new Error(`${this.#name}: ${expected} records were logged, ${arrived} have arrived`);
    this.arrived += arrived;
  }
}

await runCase<OwnArguments>(async (args, { directory }) => {
  let measures: Record<string, number> = {};
  let recordCount = 0;
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (scenario === undefined) continue;
    const measurement = new Measurement(name, scenario, { args, folder: directory });
    measures = { ...measures, ...(await measurement.open()) };
    measures = { ...measures, ...(await measurement.whole(measures)) };
    recordCount += measurement.arrived;
  }
  return {
    measures,
    recordCount,
    checksum: recordCount.toString(16),
    settings: `FemtoFileHandler({ path, format: "text" }), Node ${process.version}`,
  };
});
