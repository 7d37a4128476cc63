import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { BUNDLERS, type BundleTask } from "./bundlers.ts";
import { expectOutcome } from "./expect-outcome.ts";
import { addProgram, makeBareFolder, makeProject } from "./project-folder.ts";
import { runBundle } from "./run-bundle.ts";

let projectFolder: string;
let entryPath: string;

beforeAll(async () => {
  projectFolder = await makeProject();
  entryPath = await addProgram(projectFolder, "application");
});

afterAll(() => rm(projectFolder, { recursive: true, force: true }));

async function bareFolder(): Promise<string> {
  const folder = await makeBareFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const FILE_NAMES: Readonly<Record<BundleTask["format"], string>> = { esm: "bundle.mjs", cjs: "bundle.cjs" };

describe.each(BUNDLERS)("one file made by $name without a plugin", ({ bundle, formats }) => {
  test.each(formats)("uses every handler, and nothing is warned of (%s, minified)", async (format) => {
    const folder = await bareFolder();
    const fileName = FILE_NAMES[format];
    const warnings = await bundle({ entryPath, outputPath: join(folder, fileName), format, minify: true });
    expect(warnings).toEqual([]);
    expectOutcome(await runBundle(folder, [process.execPath, fileName]));
  });
});

test.each([
  ["--disallow-code-generation-from-strings"],
  ["--frozen-intrinsics"],
  ["--disable-proto=delete"],
  ["--no-addons"],
])("a bundle uses every handler under %s", async (option) => {
  const folder = await bareFolder();
  const [esbuild] = BUNDLERS;
  await esbuild?.bundle({ entryPath, outputPath: join(folder, "bundle.mjs"), format: "esm", minify: false });
  const outcome = await runBundle(folder, [process.execPath, "--no-warnings", option, "bundle.mjs"]);
  expectOutcome(outcome);
});
