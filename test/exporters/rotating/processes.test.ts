import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RotatingFileHandlerOptions } from "../../../src/index.ts";
import { numbers } from "../../contract/destination.ts";
import { makeFolder } from "../../handlers/fixture.ts";
import { backupsOf, wholeTextOf } from "../../handlers/rotating-fixture.ts";
import { type LogProcess, QUIET_END, startLogging } from "./run-log-program.ts";

const COUNT = 6000;

function start(
  options: Partial<RotatingFileHandlerOptions>,
  processCount: number,
): { readonly path: string; readonly processes: LogProcess[] } {
  const path = join(makeFolder(), "app.log");
  const all = { path, maxBytes: 50_000, backupCount: 1000, ...options };
  const processes = numbers({ to: processCount }).map((one) =>
    startLogging({ options: all, process: one, count: COUNT }),
  );
  return { path, processes };
}

interface Line {
  readonly i: number;
  readonly p: number;
}

/** A line; of one that a killed process has left cut, what another process has appended to it. */
function parse(line: string): Line | undefined {
  const beginAt = line.lastIndexOf('{"time"');
  try {
    return JSON.parse(line.slice(Math.max(0, beginAt))) as Line;
  } catch {
    return undefined;
  }
}

/** The numbers of one process's records, in the order of the files. */
function numbersOf(text: string, one: number): number[] {
  const lines = text.split("\n").map(parse);
  return lines.flatMap((line) => (line?.p === one ? [line.i] : []));
}

test.each([
  ["plain files", {}],
  ["gzip", { compress: "gzip" }],
  ["tiny files", { maxBytes: 3000, backupCount: 100_000 }],
] as const)(
  "four processes on one path: each line whole, once and in order (%s)",
  async (_name, options) => {
    const { path, processes } = start(options, 4);
    const ends = await Promise.all(processes.map(({ ended }) => ended));
    expect(ends).toEqual([QUIET_END, QUIET_END, QUIET_END, QUIET_END]);
    const text = wholeTextOf(path);
    for (const line of text.split("\n")) if (line !== "") JSON.parse(line);
    for (const one of numbers({ to: 4 })) expect(numbersOf(text, one)).toEqual(numbers({ to: COUNT }));
    expect(backupsOf(path).length).toBeGreaterThan(30);
  },
  120_000,
);

test("a process that is killed at any moment takes nothing from the others, and rotation goes on", async () => {
  const { path, processes } = start({ maxBytes: 5000, backupCount: 100_000 }, 4);
  const [survivor, ...doomed] = processes as [LogProcess, ...LogProcess[]];
  for (const { child } of doomed) {
    await sleep(150);
    child.kill("SIGKILL");
  }
  expect(await survivor.ended).toEqual(QUIET_END);
  const text = wholeTextOf(path);
  expect(numbersOf(text, 0)).toEqual(numbers({ to: COUNT }));
  // A cut line at most for each of the killed.
  expect(text.split("\n").filter((line) => line !== "" && parse(line) === undefined).length).toBeLessThan(4);
  for (const one of [1, 2, 3]) {
    const found = numbersOf(text, one);
    expect(found).toEqual(numbers({ to: found.length }));
  }
}, 120_000);
