/** A folder with an application beside its packages, as `npm install` leaves it: what bundlers start from. */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transform } from "esbuild";

import { ROOT } from "../../scripts/build-worker.ts";

const PROGRAMS: string = join(import.meta.dirname, "programs");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function hasPackagesAbove(folder: string): boolean {
  const isHere = existsSync(join(folder, "node_modules"));
  return isHere || (dirname(folder) !== folder && hasPackagesAbove(dirname(folder)));
}

/**
 * Makes an empty folder where no package can be found: what a bundle does not hold is missed there. The caller removes it.
 *
 * @throws {Error} There is `node_modules` above every folder for temporary files.
 */
export async function makeBareFolder(): Promise<string> {
  const candidates = await Promise.all(
    [tmpdir(), "/var/tmp", "/dev/shm"].filter(existsSync).map((path) => realpath(path)),
  );
  const parent = candidates.find((folder) => !hasPackagesAbove(folder));
  if (parent === undefined)
    throw new Error(`Cannot run bundles: there is node_modules above ${candidates.join(", ")}`);
  return mkdtemp(join(parent, "femtologging-"));
}

/** Makes the folder, with this package as it is published. The caller removes it. */
export async function makeProject(): Promise<string> {
  const folder = await makeBareFolder();
  const packages = join(folder, "node_modules");
  const own = join(packages, "femtologging");
  await mkdir(own, { recursive: true });
  await cp(join(ROOT, "dist"), join(own, "dist"), { recursive: true });
  await cp(join(ROOT, "package.json"), join(own, "package.json"));
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;
  const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const names = named.filter((name) => !name.startsWith("@opentelemetry/"));
  for (const name of ["@opentelemetry", ...names]) {
    await mkdir(dirname(join(packages, name)), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), join(packages, name), "dir");
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "application", type: "module" }));
  return folder;
}

/** Puts a program of `programs/` into the folder, without its types. Returns its path. */
export async function addProgram(folder: string, name: string): Promise<string> {
  const source = await readFile(join(PROGRAMS, `${name}.ts`), "utf8");
  const { code } = await transform(source, { loader: "ts", format: "esm", target: "node22" });
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, code);
  return path;
}
