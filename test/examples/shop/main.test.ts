import { createInterface } from "node:readline";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { OtlpReceiver } from "../../../src/receiver/receiver.ts";
import {
  finish,
  linesOf,
  makeFolder,
  readLines,
  runExample,
  startExample,
  type ExampleResult,
  type Line,
} from "../run-example.ts";

const MAIN = "shop/main.ts";

/** A handler's row in the table: emitted, delivered, dropped, and what is said of the content. */
function rowOf(
  stdout: string,
  title: string,
): { readonly counts: number[]; readonly content: string | undefined } {
  const line = stdout.split("\n").find((one) => one.startsWith(`${title}  `)) ?? "";
  const cells = line.split(/ {2,}/).slice(1);
  return { counts: cells.slice(0, 3).map((cell) => Number(cell.replaceAll(",", ""))), content: cells[3] };
}

function numbersOf(lines: readonly Line[]): number[] {
  return lines.map(({ seq }) => Number(seq)).toSorted((one, other) => one - other);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

test("main sends orders, compares what arrived, and ends with 0 when nothing is missing", async () => {
  const path = join(await makeFolder(), "shop.jsonl");
  const args = ["--requests", "240", "--logs-per-request", "12", "--file", path];
  const { exitCode, stdout, stderr } = await runExample({ path: MAIN, args });
  const lines = await readLines(path);
  const screenLines = linesOf(stderr);
  expect(rowOf(stdout, "file")).toEqual({ counts: [lines.length, lines.length, 0], content: "identical" });
  expect(rowOf(stdout, "rotating")).toEqual({
    counts: [lines.length, lines.length, 0],
    content: "identical",
  });
  expect(rowOf(stdout, "otlp")).toEqual({ counts: [lines.length, lines.length, 0], content: "identical" });
  expect(rowOf(stdout, "screen").counts).toEqual([screenLines.length, screenLines.length, 0]);
  expect(stdout).toMatch(/^request .* 234 × 201, 2 × 400, 2 × 409, 2 × 502$/m);
  expect(stdout).toMatch(/^24 of 240 orders, \d+ records, [\d.]+ s$/m);
  expect(stdout).toMatch(/\nNothing is missing\.\n$/);
  expect(exitCode).toBe(0);
  // The same, from outside: no gaps, and the screen has the file's lines from WARN on.
  expect(numbersOf(lines)).toEqual(upTo(lines.length));
  expect(screenLines).toEqual(lines.filter(({ severity }) => Number(severity) >= 13));
});

test("main leaves the records that its options ask for, each in the trace of its request", async () => {
  const path = join(await makeFolder(), "shop.jsonl");
  await runExample({ path: MAIN, args: ["--requests", "3", "--logs-per-request", "9", "--file", path] });
  const lines = await readLines(path);
  const requests = Map.groupBy(lines, ({ requestId }) => requestId);
  expect([...requests.values()].map((records) => records.length)).toEqual([9, 9, 9]);
  for (const records of requests.values()) {
    expect(new Set(records.map((record) => record["trace_id"])).size).toBe(1);
    // One each of the service, of checkout, of the inventory and of payment.
    expect(new Set(records.map((record) => record["span_id"])).size).toBe(4);
  }
  // The customers chose them, and choose the same in every run.
  expect(new Set(lines.map((line) => line["trace_id"]))).toEqual(
    new Set([
      "12449224b72ab96025d4f3ff8ce55a8d",
      "234b12d2db491e445b30a4729d16e1a0",
      "23e8026e066876a3081ec67316501af3",
    ]),
  );
});

test("main logs errors that really happened", async () => {
  const { stderr } = await runExample({ path: MAIN, args: ["--requests", "90"] });
  const types = linesOf(stderr).filter(({ severity }) => severity === 17);
  expect(types.map((line) => line["exception.type"])).toEqual([
    "SyntaxError",
    "OrderRefusedError",
    "PaymentError",
  ]);
  const [, refused, unpaid] = types;
  expect(refused?.["exception.causes"]).toMatchObject([
    { type: "OutOfStockError", properties: { missing: 1 } },
  ]);
  expect(unpaid?.["exception.causes"]).toMatchObject([{ properties: { code: "ECONNREFUSED" } }]);
});

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  return receiver;
}

async function runWith(receiver: OtlpReceiver): Promise<ExampleResult> {
  return runExample({
    path: MAIN,
    args: ["--requests", "40", "--endpoint", new URL(receiver.url).origin],
  });
}

test("main sends to the collector that --endpoint names, and says what it could not compare", async () => {
  const receiver = await startReceiver();
  const { exitCode, stdout } = await runWith(receiver);
  const count = receiver.counts.records;
  expect(count).toBeGreaterThan(700);
  expect(rowOf(stdout, "otlp")).toEqual({ counts: [count, count, 0], content: "counted only" });
  expect(stdout).toContain(`${receiver.url} cannot be read back: only its counters were compared.`);
  expect(exitCode).toBe(0);
});

test("main ends with 1 and says why when the collector refuses records", async () => {
  const receiver = await startReceiver();
  receiver.respond({ partialSuccess: { rejected: 3, message: "no room" } });
  const { exitCode, stdout } = await runWith(receiver);
  const { counts } = rowOf(stdout, "otlp");
  expect(counts[2]).toBe(3);
  expect(stdout).toContain("otlp: it dropped 3: rejected");
  expect(stdout).not.toContain("Nothing is missing");
  expect(exitCode).toBe(1);
});

test("main stops at Ctrl-C, loses nothing of what was logged, and ends with 130", async () => {
  const path = join(await makeFolder(), "shop.jsonl");
  const child = await startExample({ path: MAIN, args: ["--requests", "5000", "--file", path] });
  if (child.stdout === null) throw new Error("Cannot read the output of the shop");
  const finished = finish(child);
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("500 of 5000 orders")) child.kill("SIGINT");
  });
  const { exitCode, signal, stdout } = await finished;
  const lines = await readLines(path);
  expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
  expect(stdout).toContain("Interrupted: no more orders are sent");
  expect(stdout).not.toContain("5000 of 5000 orders");
  expect(rowOf(stdout, "otlp")).toEqual({ counts: [lines.length, lines.length, 0], content: "identical" });
  expect(numbersOf(lines)).toEqual(upTo(lines.length));
});

test("main refuses wrong options with exit code 2, before it does anything", async () => {
  const { exitCode, stdout, stderr } = await runExample({ path: MAIN, args: ["--requests", "0"] });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(
    /^Cannot start the shop: "--requests" is "0", must be an integer from 1 to 100000\n/,
  );
  expect(stderr).toContain("--logs-per-request N");
});

test("main ends with 1 and says why when the log file cannot be written", async () => {
  const { exitCode, stderr } = await runExample({ path: MAIN, args: ["--file", "."] });
  expect(stderr).toMatch(/^Cannot start handler "file": .*EISDIR/);
  expect(exitCode).toBe(1);
});

test("main prints how it is used when asked for help", async () => {
  const { exitCode, stdout, stderr } = await runExample({ path: MAIN, args: ["--help"] });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("--endpoint URL");
});
