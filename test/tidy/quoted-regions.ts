/**
 * Code in documents is quoted from examples that run:
 *
 *     <!-- region: examples/file.ts#name -->      // #region name
 *     ```ts                                       ...
 *     ...                                         // #endregion
 *     ```
 *
 * In YAML the marks begin with `#` in place of `//`.
 */
import { readFile } from "node:fs/promises";

/** A block of code in a document and where it says it comes from. */
export interface QuotedRegion {
  /** The example's file, relative to the root. */
  readonly path: string;
  /** Name of the region in that file. */
  readonly region: string;
  /** The code as the document has it. */
  readonly code: string;
}

const QUOTE: RegExp = /^<!-- region: (\S+)#(\S+) -->\n+```\w*\n([\s\S]*?)^```$/gm;
const QUOTE_BEGIN = "<!-- region:";

/** The quotes of one document. @throws {Error} A quote has no block of code after it. */
export function quotedRegions(documentText: string): QuotedRegion[] {
  const quotes = [...documentText.matchAll(QUOTE)].map(([, path = "", region = "", code = ""]) => ({
    path,
    region,
    code,
  }));
  const begunCount = documentText.split(QUOTE_BEGIN).length - 1;
  if (begunCount !== quotes.length) {
    throw new Error(`${begunCount} quotes begin, but ${quotes.length} are followed by a block of code`);
  }
  return quotes;
}

function withoutCommonIndent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common));
}

/** What a comment of a source says; undefined where the line is none. */
function markOf(line: string): string | undefined {
  return /^\s*(?:\/\/|#) (.*?)\s*$/.exec(line)?.[1];
}

/** The text of a region of a source, without the indent that all of its lines have. Ends with a line break. */
export function regionText(sourceText: string, region: string): string {
  const lines = sourceText.split("\n");
  const begin = lines.findIndex((line) => markOf(line) === `#region ${region}`);
  const end = lines.findIndex((line, index) => index > begin && markOf(line)?.startsWith("#endregion"));
  if (begin === -1 || end === -1) throw new Error(`Cannot find "// #region ${region}" and its end`);
  return `${withoutCommonIndent(lines.slice(begin + 1, end))
    .join("\n")
    .trim()}\n`;
}

/** The text that a quote must have. */
export async function textToQuote({ path, region }: QuotedRegion): Promise<string> {
  return regionText(await readFile(path, "utf8"), region);
}
