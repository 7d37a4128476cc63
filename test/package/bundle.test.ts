import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, type Format } from "esbuild";
import { rollup } from "rollup";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";
import {
  ESM_APPLICATION,
  makeFolder,
  removeFolder,
  runApplication,
  type RunResult,
  writeApplication,
} from "./application.ts";

/** Where the application lies beside the package, as a link to the checkout. */
let sourceFolder: string;
let entryPath: string;
let unbundled: RunResult;

beforeAll(async () => {
  sourceFolder = await makeFolder();
  entryPath = join(sourceFolder, ESM_APPLICATION.fileName);
  await mkdir(join(sourceFolder, "node_modules"));
  await symlink(ROOT, join(sourceFolder, "node_modules", "femtologging"), "dir");
  await writeApplication(sourceFolder, ESM_APPLICATION);
  unbundled = await runApplication(sourceFolder, ESM_APPLICATION.fileName);
});

afterAll(async () => {
  await removeFolder(sourceFolder);
});

/** Lines with each point in time replaced by a word: two runs differ in nothing else. */
function timeless({ log, stdout, stderr }: RunResult): RunResult {
  return {
    log: log.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?/g, "<time>"),
    stdout,
    stderr,
  };
}

/** Makes an empty folder without `node_modules`, removed after the test. */
async function emptyFolder(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(async () => removeFolder(folder));
  return folder;
}

test.for<[Format, string]>([
  ["esm", "bundle.mjs"],
  ["cjs", "bundle.cjs"],
])("one file made by esbuild (%s) logs what the sources log", async ([format, fileName]) => {
  const folder = await emptyFolder();
  await build({
    entryPoints: [entryPath],
    outfile: join(folder, fileName),
    bundle: true,
    platform: "node",
    format,
    logLevel: "silent",
  });
  expect(timeless(await runApplication(folder, fileName))).toEqual(timeless(unbundled));
});

test("one file made by Rollup logs what the sources log", async () => {
  const folder = await emptyFolder();
  const bundle = await rollup({
    input: entryPath,
    plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ["node"] })],
    onwarn: (warning) => {
      // It warns of idioms in dependencies too; only what it leaves out of the bundle is a fault of ours.
      if (warning.code === "UNRESOLVED_IMPORT") throw new Error(`Cannot bundle: ${warning.message}`);
    },
  });
  await bundle.write({ file: join(folder, "bundle.mjs"), format: "esm", inlineDynamicImports: true });
  await bundle.close();
  expect(timeless(await runApplication(folder, "bundle.mjs"))).toEqual(timeless(unbundled));
});
