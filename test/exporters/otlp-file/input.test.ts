import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";

import { inputBytes } from "../../../exporters/otlp-file/input-bytes.ts";
import { inputLines, type InputLine } from "../../../exporters/otlp-file/input-lines.ts";

function fileOf(bytes: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-input-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "app");
  writeFileSync(path, bytes);
  return path;
}

async function allOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

async function textOf(path: string, offset = 0): Promise<string> {
  return Buffer.concat(await allOf(inputBytes(path, offset))).toString();
}

/** Two pieces that do not end at the ends of what is read at once. */
const [first, second] = ["first\n".repeat(50_001), "second\n".repeat(70_003)] as const;

const packings: readonly (readonly [string, Uint8Array])[] = [
  ["plain", Buffer.from(first + second)],
  ["gzip", gzipSync(first + second)],
  ["two gzip files in one", Buffer.concat([gzipSync(first), gzipSync(second)])],
  ["zstd", zstdCompressSync(first + second)],
  [
    "three zstd frames",
    Buffer.concat([zstdCompressSync(first), zstdCompressSync(""), zstdCompressSync(second)]),
  ],
];

test.each(packings)("inputBytes() unpacks %s, from any byte on", async (_name, bytes) => {
  const path = fileOf(bytes);
  expect(await textOf(path)).toBe(first + second);
  for (const offset of [1, 300_006, 400_000]) {
    expect(await textOf(path, offset)).toBe((first + second).slice(offset));
  }
});

test.each(packings)("inputBytes() refuses an offset behind the end of %s", async (_name, bytes) => {
  await expect(textOf(fileOf(bytes), first.length + second.length + 1)).rejects.toThrow(RangeError);
});

test.each([
  ["gzip", gzipSync(first + second).subarray(0, -9)],
  ["gzip behind another", Buffer.concat([gzipSync(first), gzipSync(second).subarray(0, -9)])],
  ["something behind zstd", Buffer.concat([zstdCompressSync(first), Buffer.from("garbage, and more of it")])],
])("inputBytes() does not take %s that is cut off or damaged for whole", async (_name, bytes) => {
  await expect(textOf(fileOf(bytes))).rejects.toThrow();
});

test("inputBytes() gives nothing for an empty file", async () => {
  expect(await textOf(fileOf(""))).toBe("");
});

async function linesOf(chunks: readonly string[], lineBytesMax = 100): Promise<InputLine[]> {
  const bytes = async function* (): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };
  return allOf(inputLines(bytes(), { startAt: 10, lineBytesMax }));
}

test.each([[["ab\ncde\n\nf"]], [["a", "b\nc", "de", "\n\n", "f"]], [["ab\n", "cde\n", "\n", "f"]]])(
  "inputLines() gives lines with their places, however they come: %j",
  async (chunks) => {
    const lines = await linesOf(chunks);
    expect(lines.map(({ bytes, ...place }) => ({ text: bytes?.toString(), ...place }))).toEqual([
      { text: "ab", startAt: 10, endAt: 13, isEnded: true },
      { text: "cde", startAt: 13, endAt: 17, isEnded: true },
      { text: "", startAt: 17, endAt: 18, isEnded: true },
      { text: "f", startAt: 18, endAt: 19, isEnded: false },
    ]);
  },
);

test("inputLines() keeps nothing of a line that is too long, and goes on behind it", async () => {
  const lines = await linesOf(["abc", "def\ng", "hi\n", "jklm"], 3);
  expect(lines.map(({ bytes, endAt }) => [bytes?.toString(), endAt])).toEqual([
    [undefined, 17],
    ["ghi", 21],
    [undefined, 25],
  ]);
});
