/**
 * Builds what is published into `dist/`: the declarations of every module, mirroring src/, processors/, exporters/ and
 * proto/, and the programs of the entry points, each with what it imports in a few shared files: importing one file
 * takes half the time of importing a hundred.
 *
 *     node scripts/build.ts
 */
import { spawnSync } from "node:child_process";
import { copyFile, glob, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build, type Plugin } from "esbuild";
import { rollup, type GetModuleInfo } from "rollup";

import { buildWorkers, ROOT } from "./build-worker.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

const DIST: string = join(ROOT, "dist");
/** Where a build grows: it takes the place of the last one only when it is whole. */
const NEXT: string = join(ROOT, ".dist-next");
const PRODUCT_FOLDERS = "{src,processors,exporters,proto}";
const ENTRY_POINTS: string[] = [
  "src/index.ts",
  "src/bridges/winston/index.ts",
  "src/receiver/index.ts",
  "src/register/index.ts",
  "src/receiver/main.ts",
  "src/receiver/socket/main.ts",
  "src/cli/replay-otlp-file.ts",
  "exporters/index.ts",
  "src/bridges/pino/index.ts",
  "src/bridges/fastify/index.ts",
  "src/bridges/index.ts",
  "src/bridges/bunyan/index.ts",
  "src/bridges/log4js/index.ts",
];
const NOTICES_NAME = "THIRD-PARTY-NOTICES";
/** CommonJS packages: an application that is bundled as an ECMAScript module cannot have them as they are. */
const BUNDLED_PACKAGES = /^(?:undici|protobufjs|@grpc\/grpc-js)(?:\/|$)/;
/** Required by grpc-js in a function that nobody here calls. */
const UNUSED_PACKAGE = "@grpc/proto-loader";

/** Checks the sources and writes their declarations. @throws {Error} There are errors; the compiler has printed them. */
function compile(): void {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", NEXT], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error("Cannot build: the compiler found the errors printed above");
}

/**
 * What a CommonJS package requires of Node it gets by name: `require` is not there in an ECMAScript module, and what stands in
 * for it would be one more thing for the bundler of an application to stumble over.
 */
const builtinsByName: Plugin = {
  name: "builtins-by-name",
  setup(building) {
    building.onResolve({ filter: /./ }, ({ path, kind }) => {
      if (kind === "require-call" && isBuiltin(path)) return { path, namespace: "builtin" };
      if (path === UNUSED_PACKAGE) return { path, namespace: "unused" };
      const isPackage = /^[^./]/.test(path) && !BUNDLED_PACKAGES.test(path) && kind !== "require-call";
      return isPackage ? { path, external: true } : undefined;
    });
    building.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    building.onLoad({ filter: /./, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** Bundles the entry points; ECMAScript packages stay imports. Returns the files that went in, relative to the root. */
async function bundleEntryPoints(): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRY_POINTS,
    outdir: NEXT,
    outbase: ROOT,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    metafile: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    plugins: [builtinsByName],
    // A stack trace then names the function that a reader finds in the sources.
    keepNames: false,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
  });
  return Object.keys(metafile.inputs);
}

/**
 * Puts what the main entry point loads into one file. Splitting by who needs what makes two dozen of it, the more the more entry points
 * there are, and each file is a millisecond of every import of the package.
 */
async function joinChunks(): Promise<void> {
  const main = join(NEXT, "src/index.js");
  const bundle = await rollup({
    input: Object.fromEntries(
      ENTRY_POINTS.map((path) => [path.replace(/\.ts$/, ""), join(NEXT, path.replace(/\.ts$/, ".js"))]),
    ),
    external: (path) => /^[^./]/.test(path),
    treeshake: false,
    preserveEntrySignatures: "strict",
  });
  const closure = new Set<string>();
  const { output } = await bundle.generate({
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    manualChunks: (path, { getModuleInfo }) => {
      if (closure.size === 0) addClosure(main, closure, getModuleInfo);
      return closure.has(path) ? "core" : undefined;
    },
  });
  await bundle.close();
  await rm(join(NEXT, "chunks"), { recursive: true });
  await mkdir(join(NEXT, "chunks"));
  for (const file of output) {
    if (file.type === "chunk") await writeFile(join(NEXT, file.fileName), file.code);
  }
}

/** The modules that a module imports when it is loaded, and those that they import. */
function addClosure(path: string, closure: Set<string>, getModuleInfo: GetModuleInfo): void {
  if (closure.has(path)) return;
  const info = getModuleInfo(path);
  if (info === null || info.isExternal) return;
  closure.add(path);
  for (const imported of info.importedIds) addClosure(imported, closure, getModuleInfo);
}

/** Copies the .proto files, for those who want to read or compile them. */
async function copyAssets(): Promise<void> {
  for await (const path of glob(`${PRODUCT_FOLDERS}/**/*.proto`, { cwd: ROOT })) {
    await mkdir(dirname(join(NEXT, path)), { recursive: true });
    await copyFile(join(ROOT, path), join(NEXT, path));
  }
}

/** Builds everything into `dist/`. */
export async function buildDist(): Promise<void> {
  const bundles = await buildWorkers();
  await rm(NEXT, { recursive: true, force: true });
  compile();
  const entryInputs = await bundleEntryPoints();
  await joinChunks();
  await copyAssets();
  const inputPaths = [...bundles.flatMap((worker) => worker.inputPaths), ...entryInputs];
  await writeFile(join(NEXT, NOTICES_NAME), await thirdPartyNotices(ROOT, inputPaths));
  await rm(DIST, { recursive: true, force: true });
  await rename(NEXT, DIST);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDist();
