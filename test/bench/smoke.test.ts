/** All benchmarks, tiny: that they run, and deliver what they log. Needs `dist/`. */
import { expect, test } from "vitest";

import { planCases, type PlannedCase } from "../../bench/plan.ts";
import { runSmoke, SMOKE_TIMEOUT_MILLIS as TIMEOUT_MILLIS } from "./smoke.ts";

function runBench(args: readonly string[]): Promise<{ readonly stdout: string }> {
  return runSmoke("run.ts", args);
}

function missingIn(stdout: string, isChosen: (planned: PlannedCase) => boolean): string[] {
  const chosen = planCases({ isSmoke: true }).filter(isChosen);
  return chosen.map(({ id }) => id).filter((id) => !stdout.includes(`| ${id} `));
}

test("all cases deliver what they log, and are in the table", { timeout: TIMEOUT_MILLIS }, async () => {
  const { stdout } = await runBench([]);
  expect(missingIn(stdout, ({ isExtra }) => isExtra !== true)).toStrictEqual([]);
});

test.for(["service-1", "overload-pipe", "overload-otlp", "distance-http,distance-grpc"])(
  "the cases of %s, which run only when they are named, deliver what they log and count the rest",
  { timeout: TIMEOUT_MILLIS },
  async (only) => {
    const { stdout } = await runBench(["--only", only]);
    const questions = only.split(",");
    expect(missingIn(stdout, ({ id }) => questions.some((one) => id.startsWith(`${one}/`)))).toStrictEqual(
      [],
    );
  },
);

test(
  "--only refuses a case that does not exist, and names those that do",
  { timeout: TIMEOUT_MILLIS },
  async () => {
    await expect(runBench(["--only", "calls"])).rejects.toThrow(
      /"--only" names calls; there are call\/femtologging, /,
    );
  },
);

test("--runs refuses what is no number of runs", { timeout: TIMEOUT_MILLIS }, async () => {
  await expect(runBench(["--runs", "0"])).rejects.toThrow('"--runs" is 0, must be an integer of at least 1');
});
