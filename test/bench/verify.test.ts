import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { ROW_MASK, tables } from "../../bench/data.ts";
import { type Site, sitesOf } from "../../bench/sites.ts";
import { forEachLine, type LineReader, verifyLines } from "../../bench/verify.ts";

const SITES = sitesOf(false);
const readLine: LineReader = (line) => {
  const attributes = JSON.parse(line) as Record<string, unknown>;
  return { message: attributes["msg"], attributes };
};

function lineOf(index: number, sites: readonly Site[]): string {
  const site = sites[index % sites.length] as Site;
  const values = site.attributes.map(({ key, kind }) => [key, tables[kind][index & ROW_MASK]] as const);
  return JSON.stringify({ msg: site.text, ...Object.fromEntries(values) });
}

function linesOf(count: number, sites: readonly Site[] = SITES): string[] {
  return Array.from({ length: count }, (_, index) => lineOf(index, sites));
}

function fileWith(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "femtologging-verify-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "out.log");
  writeFileSync(path, text);
  return path;
}

function verify(
  lines: readonly string[],
  { logged, sites = SITES }: { readonly logged: number; readonly sites?: readonly Site[] },
): string {
  return verifyLines(fileWith(lines.map((one) => `${one}\n`).join("")), { logged, sites, readLine });
}

test("verifyLines() takes a file in which every record stands once, and gives the same checksum each time", () => {
  const checksum = verify(linesOf(2000), { logged: 2000 });
  expect(checksum).toMatch(/^[0-9a-f]{8}$/);
  expect(verify(linesOf(2000), { logged: 2000 })).toBe(checksum);
});

test("verifyLines() follows the call sites in turn", () => {
  const sites = sitesOf(true);
  expect(() => verify(linesOf(2000, sites), { logged: 2000, sites })).not.toThrow();
});

test("verifyLines() throws when a line is missing at the end", () => {
  expect(() => verify(linesOf(10), { logged: 11 })).toThrow("11 records were logged, 10 have arrived");
});

test("verifyLines() throws when a line is there twice", () => {
  expect(() => verify([...linesOf(10), lineOf(9, SITES)], { logged: 10 })).toThrow(
    "10 records were logged, 11 have arrived",
  );
});

test("verifyLines() throws when a line was lost and another came twice: the samples are in the wrong place", () => {
  const lines = linesOf(2000);
  lines.splice(500, 1);
  lines.push(lineOf(1999, SITES));
  expect(() => verify(lines, { logged: 2000 })).toThrow("Record 997");
});

test("verifyLines() throws when a value is not the one that was logged", () => {
  const changed = lineOf(0, SITES).replace(/"status":\d+/, '"status":-1');
  expect(() => verify([changed], { logged: 1 })).toThrow('Record 0: "status" is -1, must be');
});

test("verifyLines() throws when the last line is cut off", () => {
  const path = fileWith(`${lineOf(0, SITES)}\n{"msg":`);
  expect(() => verifyLines(path, { logged: 1, sites: SITES, readLine })).toThrow(
    "ends in the middle of a line",
  );
});

test("forEachLine() hands over lines that are longer than a piece that is read, whole", () => {
  const lines = ["a".repeat(1_500_000), "", "b".repeat(700_000)];
  const path = fileWith(`${lines.join("\n")}\n`);
  const seen: string[] = [];
  forEachLine(path, (line) => seen.push(line.toString()));
  expect(seen.map((line) => line.length)).toStrictEqual([1_500_000, 0, 700_000]);
  expect(seen).toStrictEqual(lines);
});
