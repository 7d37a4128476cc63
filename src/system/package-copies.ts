/** Where an application has its own copies of a package: they are other modules than ours, with other state. */
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// Asked for by name: bundlers replace the calls that they see by the copy they bundle, or by an error.
const { createRequire, findPackageJSON } = process.getBuiltinModule("node:module");

/** The copies that `require` of the application would get: by its main module, else by its working directory. None where there is none. */
export function requiredCopies(name: string): unknown[] {
  return basesOf().flatMap((base) => {
    try {
      return [createRequire(base)(name) as unknown];
    } catch {
      return [];
    }
  });
}

/** The copies that `import` of the application would get, where they are not ours. */
export interface ImportedCopies {
  readonly loaded: readonly unknown[];
  /** URLs of those that can be loaded by `import()` only, and so come later. */
  readonly others: readonly string[];
}

/** Loads the copies that `import` of the application would get, at once where that can be: the application starts right afterwards. */
export function importedCopies(name: string): ImportedCopies {
  const loaded: unknown[] = [];
  const others: string[] = [];
  for (const url of importedUrls(name)) {
    try {
      // The same module as by `import`.
      loaded.push(createRequire(url)(fileURLToPath(url)));
    } catch {
      others.push(url);
    }
  }
  return { loaded, others };
}

function importedUrls(name: string): string[] {
  const own = packageOf(name, import.meta.url);
  const others = basesOf()
    .map((base) => packageOf(name, base))
    .filter((path) => path !== undefined && path !== own) as string[];
  return [...new Set(others)].flatMap(importEntry);
}

function basesOf(): string[] {
  const paths = [mainModule(), join(process.cwd(), "application.js")];
  return paths.flatMap((path) => (path === undefined ? [] : [pathToFileURL(path).href]));
}

/** Where the program's own code lies, not the link it was started by. */
function mainModule(): string | undefined {
  try {
    return process.argv[1] === undefined ? undefined : realpathSync(process.argv[1]);
  } catch {
    return undefined;
  }
}

/** The package's package.json, as a module at `base` would find it. */
function packageOf(name: string, base: string): string | undefined {
  try {
    const path = findPackageJSON(name, base);
    return path === undefined ? undefined : realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The module that `import` gets. None where that is the one that `require` gets. */
function importEntry(packagePath: string): string[] {
  try {
    const { exports } = JSON.parse(readFileSync(packagePath, "utf8")) as {
      exports?: { readonly "."?: unknown };
    };
    const entry = chosenEntry(exports?.["."]);
    return entry === undefined ? [] : [new URL(entry, pathToFileURL(packagePath)).href];
  } catch {
    return [];
  }
}

/** @see Node.js, Packages: Conditional exports */
function chosenEntry(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (typeof target !== "object" || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const entry = ["node", "import", "module-sync", "default"].includes(condition)
      ? chosenEntry(inner)
      : undefined;
    if (entry !== undefined) return entry;
  }
  return undefined;
}
