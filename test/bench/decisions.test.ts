/** The comparisons, tiny: that each way delivers what is sent. Needs no `dist/`, but stands with the other benchmarks. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

import { planComparisons } from "../../bench/decisions/comparisons.ts";

const PROGRAM = fileURLToPath(new URL("../../bench/decisions.ts", import.meta.url));
const TIMEOUT_MILLIS = 240_000;

function runDecisions(args: readonly string[]): Promise<{ readonly stdout: string }> {
  const env = { ...process.env, BENCH_SMOKE: "1" };
  return promisify(execFile)(process.execPath, [PROGRAM, ...args], { env, timeout: TIMEOUT_MILLIS });
}

test(
  "every way delivers what is sent, and is in the table of its comparison",
  { timeout: TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runDecisions([]);
    const missing = planComparisons({ isSmoke: true })
      .flatMap(({ ways }) => ways)
      .filter(({ label }) => !stdout.includes(`| ${label} `));
    expect(missing).toStrictEqual([]);
  },
);

test("--only refuses a way that does not exist", { timeout: TIMEOUT_MILLIS }, async () => {
  await expect(runDecisions(["--only", "wires"])).rejects.toThrow(
    /"--only" names wires; there are transfer\/segments, /,
  );
});
