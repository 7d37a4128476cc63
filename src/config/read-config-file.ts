import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import type { ConfigProblem } from "../errors.ts";
import type { Environment } from "../options/description.ts";
import { resolvePlain, substitute } from "./substitution.ts";

/** What stands in a file, or why it cannot be read. */
export type FileReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** A configuration is written by people. */
const FILE_BYTES_MAX = 1_048_576;

/**
 * Reads a JSON or YAML 1.2 file, with the environment variables that it refers to. Synchronous: this is for the start of a
 * process. Any thread.
 *
 * @param environment Where the variables are looked up.
 * @returns Its data, or its first fault of syntax, and every wrong reference to a variable, with line and column.
 */
export function readConfigFile(path: string, environment: Environment): FileReading {
  try {
    const { size } = statSync(path);
    if (size > FILE_BYTES_MAX)
      return failed(`${size} bytes long`, `must have at most ${FILE_BYTES_MAX} bytes`);
    return parse(readFileSync(path, "utf8"), environment);
  } catch (error) {
    return failed(path, `must be a file that can be read: ${(error as Error).message}`);
  }
}

function failed(value: unknown, expected: string): FileReading {
  return { ok: false, problems: [{ path: "file", value, expected }] };
}

function parse(text: string, environment: Environment): FileReading {
  // Loaded only now: most processes have no file.
  const yaml = createRequire(import.meta.url)("yaml") as typeof Yaml;
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  // What comes after the first error of syntax is mostly its consequence.
  const problems: ConfigProblem[] = document.errors.slice(0, 1).map(({ message, pos }) => ({
    path: placeOf(pos[0]),
    value: text.slice(pos[0]).split("\n", 1)[0],
    expected: `must be YAML or JSON: ${message}`,
  }));
  problems.push(...substituteAll(yaml, document, { environment, placeOf }));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: document.toJS() as unknown };
}

/** Puts variables into all scalars that are values. */
function substituteAll(
  yaml: typeof Yaml,
  document: Yaml.Document.Parsed,
  {
    environment,
    placeOf,
  }: { readonly environment: Environment; readonly placeOf: (offset: number) => string },
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  yaml.visit(document, {
    Scalar: (key, node) => {
      if (key === "key" || typeof node.value !== "string") return;
      const result = substitute(node.value, environment);
      if (!result.ok) {
        problems.push({
          path: placeOf(node.range?.[0] ?? 0),
          value: result.reference,
          expected: "must be ${NAME}, ${env:NAME} or ${NAME:-default}",
          hint: 'write "$$" for a dollar sign',
        });
      } else if (result.isChanged) {
        node.value = node.type === yaml.Scalar.PLAIN ? resolvePlain(result.text) : result.text;
      }
    },
  });
  return problems;
}
