/**
 * What the package exports, found by a scan of the sources: our entry points only re-export, and a declaration begins
 * at the start of a line, so no parser is needed.
 */
import { readFile } from "node:fs/promises";
import { posix } from "node:path";

/** A name that an entry point exports. */
export interface ExportedName {
  /** The name where it is declared: a re-export may rename it. */
  readonly name: string;
  /** The module that declares it, relative to the root. */
  readonly path: string;
  /** Whether a doc comment stands before the declaration. */
  readonly hasDocComment: boolean;
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

const REEXPORTS: RegExp = /^export (?:type )?(?:\{([^}]*)\}|\*(?: as \w+)?) from "([^"]+)";/gm;
const DECLARATIONS: RegExp =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:class|function\*?|const|interface|type|enum) (\w+)/gm;
const DOC_COMMENT_AT_END: RegExp = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/;

/** Sources of the entry points that `exports` in package.json names, relative to the root. */
export async function entryPaths(): Promise<string[]> {
  const manifest = JSON.parse(await readFile("package.json", "utf8")) as Manifest;
  return Object.values(manifest.exports)
    .filter((target) => typeof target !== "string")
    .map((target) => target.default.replace("./dist/", "").replace(/\.js$/, ".ts"));
}

function declaredNames(path: string, text: string): ExportedName[] {
  const declarations = [...text.matchAll(DECLARATIONS)].map((match) => ({
    name: match[1] ?? "",
    path,
    hasDocComment: DOC_COMMENT_AT_END.test(text.slice(0, match.index)),
  }));
  // Of the overloads of a function the first carries the comment.
  return [...Map.groupBy(declarations, ({ name }) => name).values()].map(([first]) => first!);
}

/** Names between the braces of a re-export, as their module calls them. */
function namesInBraces(braces: string): string[] {
  const items = braces.replaceAll(/\/\/.*$/gm, "").split(",");
  return items.map((item) => /^(?:type )?(\w+)/.exec(item.trim())?.[1] ?? "").filter((name) => name !== "");
}

/** Everything that `path` exports, through all re-exports; names of other packages are left out. */
export async function exportedNames(path: string): Promise<ExportedName[]> {
  const text = await readFile(path, "utf8");
  const reexports = [...text.matchAll(REEXPORTS)].filter((match) => match[2]?.startsWith("."));
  const found = await Promise.all(
    reexports.map(async ([, braces, specifier]) => {
      const all = await exportedNames(posix.join(posix.dirname(path), specifier ?? ""));
      if (braces === undefined) return all;
      const wanted = namesInBraces(braces);
      return wanted.map((name) => {
        const known = all.find((one) => one.name === name);
        if (known === undefined)
          throw new Error(`Cannot find the declaration of "${name}" that ${path} exports`);
        return known;
      });
    }),
  );
  return [...declaredNames(path, text), ...found.flat()];
}
