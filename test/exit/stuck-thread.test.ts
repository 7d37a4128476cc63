import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Ending } from "./programs/plan.ts";
import { type Ended, endOf, makeFolder, runPlan } from "./run-program.ts";

/** How long the system holds a write to the file, as a hung disk would. */
const HELD_MICROS = 3_000_000;

/** Logs to a file whose writes hang. */
function logToHungDisk(ending: Ending): Promise<Ended> {
  const path = join(makeFolder(), "app.log");
  const hold = `write,pwrite64:delay_enter=${HELD_MICROS}`;
  return runPlan(
    {
      handlers: [{ kind: "file", options: { name: "hung", path, exitTimeoutMillis: 500 } }],
      count: 100,
      ending,
      code: 7,
      // Else a busy machine may end the process before the thread is up: then this thread writes, and hangs.
      startsThreadsFirst: true,
    },
    {
      wrapper: [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-P",
        path,
        "-e",
        "trace=write,pwrite64",
        "-e",
        `inject=${hold}`,
      ],
    },
  );
}

function canTrace(): boolean {
  return (
    spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "inject=write:delay_enter=1", "true"])
      .status === 0
  );
}

describe.skipIf(!canTrace()).concurrent("a thread that is stuck in the operating system", () => {
  test("is left behind: the exit code stays, later listeners run, and what was left is said", async () => {
    const ended = await logToHungDisk("exit-when-up");
    expect(ended.code).toBe(7);
    expect(endOf(ended).stats[0]?.dropped.exit_deadline).toBe(100);
    expect(endOf(ended).waitedMillis).toBeLessThan(1500);
    expect(ended.stderr).toContain(
      'femtologging: handler "hung" left 100 records behind at the end of the process',
    );
  });

  test("does not hide the error that ends the process", async () => {
    const ended = await logToHungDisk("throw-when-up");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/Uncaught Error: thrown by the program\n {4}at [^]*\nNode\.js v\d/);
  });
});
