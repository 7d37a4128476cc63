import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import type { CaseReport } from "../../bench/case-program.ts";
import { runCaseProcess } from "../../bench/harness.ts";

const TIMEOUT_MILLIS = 20_000;

function run(source: string, timeoutMillis: number = TIMEOUT_MILLIS): Promise<CaseReport> {
  const directory = mkdtempSync(join(tmpdir(), "femtologging-harness-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const program = join(directory, "case.mjs");
  writeFileSync(program, source);
  return runCaseProcess({ program, args: { count: 3 }, timeoutMillis });
}

test("runCaseProcess() hands the arguments over and reads the line that the program prints", async () => {
  const report = await run("console.log(JSON.stringify({ measures: JSON.parse(process.argv[2]) }))");
  expect(report).toStrictEqual({ measures: { count: 3 } });
});

test("runCaseProcess() rejects with what the program said when it fails", async () => {
  await expect(run('throw new Error("2 records were logged, 1 have arrived")')).rejects.toThrow(
    /ended with code 1: [^]*2 records were logged, 1 have arrived/,
  );
});

test("runCaseProcess() rejects when the program prints anything beside its report", async () => {
  await expect(run('console.log("hello\\n{}")')).rejects.toThrow("printed 2 lines, must be one");
});

test("runCaseProcess() ends a program that takes too long", async () => {
  await expect(run("setInterval(() => {}, 1000)", 200)).rejects.toThrow(
    "was ended by SIGKILL (limit 200 ms)",
  );
});

test("runCaseProcess() runs the program with the command that is asked for", async () => {
  const directory = mkdtempSync(join(tmpdir(), "femtologging-harness-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const program = join(directory, "case.sh");
  writeFileSync(program, `printf '{"settings":%s}' "$1"\n`);
  const report = await runCaseProcess({
    program,
    args: { count: 3 },
    command: "/bin/sh",
    timeoutMillis: TIMEOUT_MILLIS,
  });
  expect(report).toStrictEqual({ settings: { count: 3 } });
});
