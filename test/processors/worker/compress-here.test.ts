import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { CompressHere } from "../../../processors/worker/compress-here.ts";
import type { CompressJob } from "../../../processors/worker/compressing-registry.ts";

const LONG = { timeout: 20_000 };

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-compress-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files `app.log.<number>`, each with its number in it. */
function jobFor(folder: string, numbers: readonly number[]): CompressJob {
  const logPath = join(folder, "app.log");
  const paths = numbers.map((number) => `${logPath}.${number}`);
  for (const [index, path] of paths.entries()) writeFileSync(path, `${numbers[index]}\n`.repeat(10_000));
  return { logPath, paths, compress: "gzip", fileMode: 0o644 };
}

test("start() returns before anything is compressed; then each file is, whole", async () => {
  const troubles: string[] = [];
  const job = jobFor(makeFolder(), [1, 2]);
  new CompressHere((trouble) => troubles.push(trouble)).start(job);
  expect(job.paths.map((path) => existsSync(path))).toEqual([true, true]);
  await vi.waitFor(() => expect(job.paths.some((path) => existsSync(path))).toBe(false), LONG);
  const texts = job.paths.map((path) => gunzipSync(readFileSync(`${path}.gz`)).toString());
  expect(texts).toEqual(["1\n".repeat(10_000), "2\n".repeat(10_000)]);
  expect(troubles).toEqual([]);
});

test("of the jobs that come while one is under way only the last is done, after it", async () => {
  const folder = makeFolder();
  const compressing = new CompressHere(() => {});
  const [first, forgotten, last] = [[1], [2], [3]].map((numbers) => jobFor(folder, numbers)) as [
    CompressJob,
    CompressJob,
    CompressJob,
  ];
  compressing.start(first);
  // One turn: the first is taken, and its file is being read.
  await Promise.resolve();
  await Promise.resolve();
  compressing.start(forgotten);
  compressing.start(last);
  await vi.waitFor(() => expect(existsSync(`${last.paths[0]}.gz`)).toBe(true), LONG);
  expect(existsSync(`${first.paths[0]}.gz`)).toBe(true);
  expect(existsSync(`${forgotten.paths[0]}.gz`)).toBe(false);
});

test("what goes wrong is told, the file stays, and the next job is done", async () => {
  const troubles: string[] = [];
  const folder = makeFolder();
  const compressing = new CompressHere((trouble) => troubles.push(trouble));
  const job = jobFor(folder, [1]);
  // A folder stands where the compressed file must go.
  mkdirSync(`${job.paths[0]}.gz`);
  compressing.start(job);
  await vi.waitFor(() => expect(troubles).toHaveLength(1), LONG);
  expect(troubles[0]).toContain(`Cannot compress rotated files of ${job.logPath}: EISDIR`);
  expect(existsSync(job.paths[0] as string)).toBe(true);
  const next = jobFor(folder, [2]);
  compressing.start(next);
  await vi.waitFor(() => expect(existsSync(`${next.paths[0]}.gz`)).toBe(true), LONG);
});

test("end() forgets what has not begun", async () => {
  const folder = makeFolder();
  const compressing = new CompressHere(() => {});
  const job = jobFor(folder, [1]);
  compressing.start(job);
  compressing.end();
  const other = jobFor(folder, [2]);
  new CompressHere(() => {}).start(other);
  await vi.waitFor(() => expect(existsSync(`${other.paths[0]}.gz`)).toBe(true), LONG);
  expect(existsSync(job.paths[0] as string)).toBe(true);
});
