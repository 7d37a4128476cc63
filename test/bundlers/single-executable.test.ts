import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { BUNDLERS } from "./bundlers.ts";
import { expectOutcome } from "./expect-outcome.ts";
import { addProgram, makeBareFolder, makeProject } from "./project-folder.ts";
import { runBundle } from "./run-bundle.ts";
import { CAN_MAKE_EXECUTABLE, makeExecutable } from "./single-executable.ts";

let projectFolder: string;
let folder: string;

beforeAll(async () => {
  projectFolder = await makeProject();
  folder = await makeBareFolder();
});

afterAll(async () => {
  await rm(projectFolder, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

test.skipIf(!CAN_MAKE_EXECUTABLE)("a single executable application uses every handler", async () => {
  const entryPath = await addProgram(projectFolder, "application");
  const mainPath = join(projectFolder, "bundle.cjs");
  const esbuild = BUNDLERS.find(({ name }) => name === "esbuild");
  expect(await esbuild?.bundle({ entryPath, outputPath: mainPath, format: "cjs", minify: true })).toEqual([]);
  const executable = await makeExecutable(mainPath, projectFolder);
  expectOutcome(await runBundle(folder, [executable]));
});
