/** The outage, for two seconds. Needs `dist/`. */
import { expect, test } from "vitest";

import { runSmoke, SMOKE_TIMEOUT_MILLIS } from "./smoke.ts";

test("bench/outage.ts: all that is logged arrives", { timeout: SMOKE_TIMEOUT_MILLIS }, async () => {
  const { stdout } = await runSmoke("outage.ts", []);
  expect(stdout).toMatch(/\| during /);
  expect(stdout).toMatch(/: (\d+) records logged, \1 delivered, 0 dropped/);
});

test("bench/outage.ts refuses what is no time", { timeout: SMOKE_TIMEOUT_MILLIS }, async () => {
  await expect(runSmoke("outage.ts", ["--seconds", "0"])).rejects.toThrow(
    '"--seconds" is 0, must be more than 0',
  );
});
