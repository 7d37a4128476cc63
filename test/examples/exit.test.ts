/** Every row of the table "How a process may end" in README.md. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";
import { OtlpReceiver } from "../../src/receiver/receiver.ts";
import { makeFolder, readLines, runExample } from "./run-example.ts";

interface End {
  readonly way: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** First cell of the row in README.md. */
  readonly row: string;
}

const ENDS: readonly End[] = [
  { way: "natural", exitCode: 0, signal: null, row: "by itself" },
  { way: "exit", exitCode: 3, signal: null, row: "by `process.exit()`" },
  { way: "throw", exitCode: 1, signal: null, row: "by an error that nobody catches" },
  { way: "reject", exitCode: 1, signal: null, row: "by a rejection that nobody handles" },
  ...(["SIGTERM", "SIGINT", "SIGHUP"] as const).map((signal) => ({
    way: signal,
    exitCode: null,
    signal,
    row: "by SIGTERM, SIGINT or SIGHUP, with `handleSignals: true`",
  })),
];

const RECORD_NUMBERS = Array.from({ length: 1_000 }, (_, i) => i);

test.for(ENDS)("exit.ts loses nothing when it ends by $way", async ({ way, exitCode, signal }) => {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  const folder = await makeFolder();
  // Longer than a busy machine needs; how long it takes is not what is tested.
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin,
    EXIT_TIMEOUT_MILLIS: "20000",
  };
  expect(await runExample({ path: "exit.ts", args: [way], folder, env })).toMatchObject({ exitCode, signal });
  const lines = await readLines(folder, "exit.jsonl");
  expect(lines.map(({ i }) => i)).toEqual(RECORD_NUMBERS);
  expect(receiver.records.map(({ attributes }) => Number(attributes.get("i")))).toEqual(RECORD_NUMBERS);
});

test("exit.ts counts what a collector that is away did not take, says so, and keeps its exit code", async () => {
  const receiver = await OtlpReceiver.start();
  await receiver.stop();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin, EXIT_TIMEOUT_MILLIS: "200" };
  const { exitCode, stderr } = await runExample({ path: "exit.ts", args: ["exit"], env });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('handler "otlp-http" left 1000 records behind at the end of the process');
  expect(stderr).toContain("counted as exit_deadline");
});

test("README.md has a row for each way to end, and no other that promises anything", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const table = /^\| A process that ends .*\n\| -.*\n((?:\|.*\n)+)/m.exec(readme)?.[1] ?? "";
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, , promise]) => promise === "nothing");
  expect(rows.map(([, row]) => row)).toEqual([...new Set(ENDS.map(({ row }) => row))]);
});
