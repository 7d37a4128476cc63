/**
 * Bundles the code of the handler threads into strings, so that a worker needs no file of its own at run time:
 * `new Worker(source, { eval: true })` works unbundled, in a single-file bundle of any bundler, and in a single
 * executable, without a plugin.
 *
 *     node scripts/build-worker.ts
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

/** The folder of package.json. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The oldest Node that the package supports, as esbuild names it: newer syntax in a bundled dependency is lowered. */
const OLDEST_TARGET = "node22.19";

interface WorkerEntry {
  /** What the worker does, for messages. */
  readonly name: string;
  /** Module that the worker starts with, relative to the root. */
  readonly entryPath: string;
  /** Git-ignored module that carries the bundle as a string, relative to the root. */
  readonly generatedPath: string;
  /**
   * The text is compressed in its module, and unpacked when a handler is made: each import of the package reads all
   * texts, also those that are hardly ever needed.
   */
  readonly isPacked?: true;
  /** Packages that bundled code requires only in functions that we do not call. */
  readonly unusedPackages?: readonly string[];
}

/** In this order: the text of the first stands in the second. */
const WORKERS: readonly WorkerEntry[] = [
  {
    name: "compressing",
    entryPath: "processors/worker/main-compressing.ts",
    generatedPath: "processors/worker/source-compressing.generated.ts",
  },
  {
    name: "blocking",
    entryPath: "processors/worker/main-blocking.ts",
    generatedPath: "processors/worker/source-blocking.generated.ts",
  },
  {
    name: "network",
    entryPath: "processors/worker/main-network.ts",
    generatedPath: "processors/worker/source-network.generated.ts",
    isPacked: true,
  },
  {
    name: "grpc",
    entryPath: "processors/worker/main-grpc.ts",
    generatedPath: "processors/worker/source-grpc.generated.ts",
    isPacked: true,
    unusedPackages: ["@grpc/proto-loader"],
  },
];

export interface WorkerBundle {
  /** CommonJS text of the worker, to be run by `eval: true`. */
  readonly source: string;
  /** Files that went into the bundle, relative to the root. */
  readonly inputPaths: readonly string[];
}

/** Bundles one worker. Identifiers are kept, so that stack traces of a worker stay readable. */
async function bundleWorker(worker: WorkerEntry): Promise<WorkerBundle> {
  if (!existsSync(join(ROOT, worker.entryPath))) {
    console.warn(`Worker "${worker.name}" is not built: ${worker.entryPath} does not exist yet`);
    return {
      source: `throw new Error(${JSON.stringify(`worker not built: ${worker.entryPath}`)});\n`,
      inputPaths: [],
    };
  }
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [worker.entryPath],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    target: OLDEST_TARGET,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    external: [...(worker.unusedPackages ?? [])],
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`Cannot bundle ${worker.entryPath}: esbuild gave no output`);
  return { source: output.text, inputPaths: Object.keys(result.metafile.inputs) };
}

function generatedModule(worker: WorkerEntry, source: string): string {
  return [
    `// Generated from ${worker.entryPath} by scripts/build-worker.ts. Do not edit.`,
    "// oxlint-disable",
    worker.isPacked === true
      ? `export const packedSource: string = "${gzipSync(source, { level: 9 }).toString("base64")}";`
      : `export const source: string = ${JSON.stringify(source)};`,
    "",
  ].join("\n");
}

/**
 * Writes a file in one step (a reader sees the old text or the new), and not at all when the text is there already:
 * watchers stay quiet, and builds that run side by side do not disturb each other.
 *
 * @returns Whether the file was written.
 */
async function writeIfChanged(path: string, text: string): Promise<boolean> {
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before === text) return false;
  await mkdir(dirname(path), { recursive: true });
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporaryPath, text);
  await rename(temporaryPath, path);
  return true;
}

/** Bundles all workers and writes their generated modules. Returns the bundles, for the notices. */
export async function buildWorkers(): Promise<readonly WorkerBundle[]> {
  const bundles: WorkerBundle[] = [];
  for (const worker of WORKERS) {
    const bundle = await bundleWorker(worker);
    const path = join(ROOT, worker.generatedPath);
    if (await writeIfChanged(path, generatedModule(worker, bundle.source))) {
      console.log(`wrote ${relative(ROOT, path)} (${bundle.source.length} characters)`);
    }
    bundles.push(bundle);
  }
  return bundles;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWorkers();
