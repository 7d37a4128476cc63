import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "./programs/plan.ts";
import { type Ended, makeFolder, numbersIn, startProgram, upTo } from "./run-program.ts";

/** Lets a program log for a while, then sends it a signal. */
async function kill(
  signal: NodeJS.Signals,
  { handleSignals = false, endsItself = false, afterCount = 1000 }: { readonly handleSignals?: boolean; readonly endsItself?: boolean; readonly afterCount?: number } = {},
): Promise<{ readonly path: string; readonly ended: Ended; readonly loggedCount: number }> {
  const path = join(makeFolder(), "app.log");
  const program = startProgram("log-for-ever.ts", [JSON.stringify({ path, handleSignals, endsItself })]);
  await program.logged(afterCount);
  program.child.kill(signal);
  const ended = await program.ended;
  return { path, ended, loggedCount: Math.max(...ended.reports.map(countOf)) };
}

function countOf(report: Report): number {
  return report.event === "logged" ? report.count : 0;
}

/** The numbers of the whole lines, and whether the last one broke off. */
function wholeLines(path: string): { readonly numbers: readonly number[]; readonly rest: string } {
  const lines = readFileSync(path, "utf8").split("\n");
  const rest = lines.pop() as string;
  return { numbers: lines.map((line) => (JSON.parse(line) as { readonly i: number }).i), rest };
}

describe.concurrent("a process that a signal ends at once", () => {
  test.each(["SIGTERM", "SIGKILL", "SIGINT"] as const)("%s: the file has a prefix of what was logged, in whole lines", async (signal) => {
    const { path, ended, loggedCount } = await kill(signal);
    const { numbers, rest } = wholeLines(path);
    expect(ended).toMatchObject({ code: null, signal });
    expect(rest).toBe("");
    expect(numbers).toEqual(upTo(numbers.length));
    // The burst of the last turn, and at most what the thread had not taken when the signal came.
    expect(loggedCount - numbers.length).toBeLessThanOrEqual(1000);
  });
});

describe.concurrent("a process with handleSignals", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s loses nothing, and the process still ends by it", async (signal) => {
    const { path, ended, loggedCount } = await kill(signal, { handleSignals: true });
    expect(ended).toMatchObject({ code: null, signal, stderr: "" });
    expect(numbersIn(path)).toEqual(upTo(loggedCount));
  });

  test("an application that listens to the signal itself ends itself, and is heard until then", async () => {
    const { path, ended, loggedCount } = await kill("SIGTERM", { handleSignals: true, endsItself: true });
    expect(ended).toMatchObject({ code: 9, signal: null, stderr: "" });
    expect(numbersIn(path)).toEqual(upTo(loggedCount));
  });
});
