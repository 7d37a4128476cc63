/** picologging's scenarios, tiny: that ours and those of Python deliver what they log. Needs `dist/`. */
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

import { SCENARIOS } from "../../bench/picologging/scenarios.ts";

const PROGRAM = fileURLToPath(new URL("../../bench/picologging.ts", import.meta.url));
const TIMEOUT_MILLIS = 120_000;
const hasPython: boolean = spawnSync("python3", ["--version"]).status === 0;

function runPicologging(args: readonly string[]): Promise<{ readonly stdout: string }> {
  const env = { ...process.env, BENCH_SMOKE: "1" };
  return promisify(execFile)(process.execPath, [PROGRAM, ...args], { env, timeout: TIMEOUT_MILLIS });
}

test.skipIf(!hasPython)(
  "all scenarios have a time of CPython's logging, and one of ours where there is such a thing",
  { timeout: TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runPicologging([]);
    const [whole = ""] = stdout.split("<!-- results: picologging calls -->");
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      const row = whole.split("\n").find((line) => line.startsWith(`| ${name} `)) ?? "";
      const times = row.split("|").filter((cell) => /^ +[\d.]+ $/.test(cell));
      // Loops, logging, ours twice; picologging too where it is installed.
      expect(times.length, name).toBeGreaterThanOrEqual(scenario === undefined ? 1 : 3);
    }
    expect(stdout).toContain("logging: Python 3.");
  },
);

test(
  "without a Python the reason is printed, and ours is measured",
  { timeout: TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runPicologging(["--python", "/nonexistent/python3"]);
    expect(stdout).toContain("logging is left out: no Python: spawn /nonexistent/python3 ENOENT");
    expect(stdout).toMatch(/\| FileHandler\(\) +\| +1,000 \| +[\d.]+ \| +[\d.]+ \|/);
  },
);
