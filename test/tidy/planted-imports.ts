/** Plants imports in a folder that has the checkout's import walls, and tells which of them the linter refuses. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";

import { ROOT } from "../../scripts/build-worker.ts";

/** An import that a file might have. */
export interface PlantedImport {
  /** The importing file, relative to the root. */
  readonly from: string;
  /** What it imports: a product file relative to the root, or the specifier of a package. */
  readonly to: string;
}

interface LintReport {
  readonly diagnostics: readonly {
    readonly code?: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

/** Whether `to` is a file of ours: packages have no extension. */
export function isProductFile(to: string): boolean {
  return to.endsWith(".ts");
}

function specifierOf({ from, to }: PlantedImport): string {
  if (!isProductFile(to)) return to;
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith("../") ? path : `./${path}`;
}

/** Runs the linter of the checkout over `folder`. It exits with 1 when it finds something, which is no error here. */
async function lint(folder: string): Promise<LintReport> {
  const oxlint = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [oxlint, "--format=json"],
      { cwd: folder, maxBuffer: 2 ** 26 },
      (error, stdout) => {
        if (error !== null && error.code !== 1) reject(error);
        else resolve(stdout);
      },
    );
  });
  return JSON.parse(output) as LintReport;
}

/**
 * Makes a folder with the walls of the checkout's configuration and nothing to lint. Everything else is switched off:
 * imports that all point at each other are dear to other rules.
 */
async function makeLintedFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), "femtologging-walls-"));
  const original = JSON.stringify(join(ROOT, "oxlint.config.ts"));
  const lines = [
    `import config from ${original};`,
    'export default { overrides: config.overrides, categories: { correctness: "off" } };',
  ];
  await writeFile(join(folder, "oxlint.config.ts"), lines.join("\n"));
  return folder;
}

/** Writes each importing file with one import a line, in the order of `imports`; a file imports nothing real. */
async function plant(
  folder: string,
  imports: readonly PlantedImport[],
): Promise<Map<string, PlantedImport[]>> {
  const importsOf = Map.groupBy(imports, ({ from }) => from);
  for (const [from, planted] of importsOf) {
    const lines = planted.map(
      (one, index) => `export * as name${index} from ${JSON.stringify(specifierOf(one))};\n`,
    );
    await mkdir(dirname(join(folder, from)), { recursive: true });
    await writeFile(join(folder, from), lines.join(""));
  }
  return importsOf;
}

/** The ones of `imports` that the walls forbid, in no particular order. */
export async function refusedImports(imports: readonly PlantedImport[]): Promise<PlantedImport[]> {
  const folder = await makeLintedFolder();
  try {
    const importsOf = await plant(folder, imports);
    const { diagnostics } = await lint(folder);
    return diagnostics
      .filter(({ code }) => code === "eslint(no-restricted-imports)")
      .flatMap(({ filename, labels }) => importsOf.get(filename)?.[(labels[0]?.span.line ?? 0) - 1] ?? []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
