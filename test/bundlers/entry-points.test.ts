import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";
import { BUNDLERS } from "./bundlers.ts";
import { makeBareFolder, makeProject } from "./project-folder.ts";

const { exports: paths } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, unknown>>;
};
/** All that an application may import: `femtologging`, `femtologging/receiver` … */
const ENTRY_POINTS: readonly string[] = Object.keys(paths)
  .filter((path) => !path.endsWith(".json"))
  .map((path) => path.replace(".", "femtologging"));

let projectFolder: string;

beforeAll(async () => {
  projectFolder = await makeProject();
});

afterAll(() => rm(projectFolder, { recursive: true, force: true }));

describe.each(BUNDLERS)("$name", ({ name, bundle, formats }) => {
  test.each(ENTRY_POINTS)("warns of nothing in %s, used as a whole", async (entryPoint) => {
    const folder = await makeBareFolder();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const entryPath = join(projectFolder, `entry-${name}.mjs`);
    await writeFile(entryPath, `export * from "${entryPoint}";\n`);
    const [format = "esm"] = formats;
    const warnings = await bundle({
      entryPath,
      outputPath: join(folder, "bundle.mjs"),
      format,
      minify: false,
    });
    expect(warnings.filter((warning) => warning.includes("femtologging/dist"))).toEqual([]);
    expect(await readFile(join(folder, "bundle.mjs"), "utf8")).not.toMatch(/(?:from|import) ?"femtologging/);
  });
});
