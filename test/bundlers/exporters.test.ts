import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { BUNDLERS } from "./bundlers.ts";
import { addProgram, makeBareFolder, makeProject } from "./project-folder.ts";

const execFileAsync = promisify(execFile);

const RUN_TIMEOUT_MILLIS = 60_000;
const RECORD_COUNT = 20;

let projectFolder: string;
let entryPath: string;

beforeAll(async () => {
  projectFolder = await makeProject();
  entryPath = await addProgram(projectFolder, "exporters");
});

afterAll(() => rm(projectFolder, { recursive: true, force: true }));

async function countLines(path: string): Promise<number> {
  return (await readFile(path, "utf8")).trimEnd().split("\n").length;
}

describe.each(BUNDLERS)("one file made by $name without a plugin", ({ bundle, formats }) => {
  test.each(formats)("uses every exporter and both receivers (%s)", async (format) => {
    const folder = await makeBareFolder();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const fileName = format === "esm" ? "bundle.mjs" : "bundle.cjs";
    const outputPath = join(folder, fileName);
    const warnings = await bundle({ entryPath, outputPath, format, minify: false });
    expect(warnings).toEqual([]);
    const { stdout, stderr } = await execFileAsync(process.execPath, [fileName], {
      cwd: folder,
      timeout: RUN_TIMEOUT_MILLIS,
    });
    expect(stderr).toBe("");
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(RECORD_COUNT + 1);
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
      memory: RECORD_COUNT,
      otlp: 2 * RECORD_COUNT,
      sockets: RECORD_COUNT,
      http: RECORD_COUNT,
      syslog: RECORD_COUNT,
    });
    for (const name of ["file.jsonl", "rotating.jsonl", "timed.jsonl"])
      expect(await countLines(join(folder, name)), name).toBe(RECORD_COUNT);
  });
});
