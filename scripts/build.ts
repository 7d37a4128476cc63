/**
 * Builds what is published: `dist/` mirrors src/, processors/, exporters/ and proto/.
 *
 *     node scripts/build.ts
 */
import { spawnSync } from "node:child_process";
import { copyFile, glob, mkdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildWorkers, ROOT } from "./build-worker.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

const DIST: string = join(ROOT, "dist");
const PRODUCT_FOLDERS = "{src,processors,exporters,proto}";
const NOTICES_NAME = "THIRD-PARTY-NOTICES";

/** Compiles the sources. @throws {Error} There are errors; the compiler has printed them. */
function compile(): void {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error("Cannot build: the compiler found the errors printed above");
}

/** Copies what the compiler leaves behind: the .proto files, which are read at run time. */
async function copyAssets(): Promise<void> {
  for await (const path of glob(`${PRODUCT_FOLDERS}/**/*.proto`, { cwd: ROOT })) {
    await mkdir(dirname(join(DIST, path)), { recursive: true });
    await copyFile(join(ROOT, path), join(DIST, path));
  }
}

/** The source of a built file, relative to the root; undefined when there is none any more. */
function sourceOf(builtPath: string): string | undefined {
  const candidates = [builtPath.replace(/(?:\.d\.ts|\.js)$/, ".ts"), builtPath];
  return candidates.find((path) => existsSync(join(ROOT, path)));
}

/** Removes what was built from a source that is gone, so that a moved file is not published twice. */
async function removeStale(): Promise<void> {
  for await (const entry of glob("**/*", { cwd: DIST, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isStale = entry.name !== NOTICES_NAME && sourceOf(path.slice(DIST.length + 1)) === undefined;
    if (isStale) await rm(path, { recursive: true });
  }
}

/** Builds everything into `dist/`. */
export async function buildDist(): Promise<void> {
  const bundles = await buildWorkers();
  compile();
  await copyAssets();
  await removeStale();
  const inputPaths = bundles.flatMap((bundle) => bundle.inputPaths);
  await writeFile(join(DIST, NOTICES_NAME), await thirdPartyNotices(ROOT, inputPaths));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDist();
