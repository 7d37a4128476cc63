/**
 * A page of docs/migration-from-*.md as data: what stands in its blocks of code and in its tables is what runs.
 *
 *     <!-- theirs -->   the block of code after it comes before each call on their side; `<!-- ours -->` likewise
 *
 *     | theirs | ours | what differs |
 *     | `log.info("a")` | `log.info("a")` | same |
 *
 * The last cell begins with "same", with "no record" where neither side makes one, or with what differs: `message: "a" → "b"`,
 * each side in backticks or the word none. Fields that it does not name are the same. The rest of the cell is for people.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { ROOT } from "../../scripts/build-worker.ts";

/** Fields of a record that a row may say differ. */
export type Field =
  | "level"
  | "message"
  | "attributes"
  | "exception"
  | "logger"
  | "eventName"
  | "file"
  | "records";

/** One field, as each side has it. */
export interface Difference {
  readonly field: Field;
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** A call of theirs and ours. */
export interface Row {
  /** The heading that the table stands under. */
  readonly section: string;
  readonly theirs: string;
  readonly ours: string;
  readonly differences: readonly Difference[];
  readonly isSilent: boolean;
}

/** A page, read. */
export interface Page {
  readonly theirSetup: string;
  readonly ourSetup: string;
  readonly rows: readonly Row[];
}

const CODE = /^`([^`]+)`$/;
const DIFFERENCE =
  /(level|message|attributes|exception|logger|eventName|file|records): (?:`([^`]+)`|none) → (?:`([^`]+)`|none)/g;

/** Reads a page. @throws {Error} Something in it is not of the form above. */
export function readPage(name: string): Page {
  const text = readFileSync(join(ROOT, "docs", name), "utf8");
  const rows: Row[] = [];
  let section = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("## ")) section = line.slice(3);
    if (line.startsWith("| `")) rows.push(rowOf(line, section));
  }
  return { theirSetup: blockAfter(text, "theirs"), ourSetup: blockAfter(text, "ours"), rows };
}

function blockAfter(text: string, mark: string): string {
  const block = new RegExp(`<!-- ${mark} -->\\n+\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text);
  if (block === null) throw new Error(`Cannot find a block of code after <!-- ${mark} -->`);
  return block[1] as string;
}

function rowOf(line: string, section: string): Row {
  const cells = line.split(/(?<!\\)\|/).slice(1, -1);
  const [theirs = "", ours = "", differs = ""] = cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
  const code = [theirs, ours].map((cell) => CODE.exec(cell)?.[1]);
  const differences = [...differs.matchAll(DIFFERENCE)].map(([, field, left, right]) => ({
    field: field as Field,
    theirs: valueOf(left),
    ours: valueOf(right),
  }));
  const isSilent = differs.startsWith("no record");
  const isSaid = isSilent || differs.startsWith("same") || differences.length > 0;
  if (cells.length !== 3 || code[0] === undefined || code[1] === undefined || !isSaid)
    throw new Error(`Cannot read the row: ${line}`);
  return { section, theirs: code[0], ours: code[1], differences, isSilent };
}

function valueOf(literal: string | undefined): unknown {
  // As this realm has it: objects of another one are never equal.
  return literal === undefined ? undefined : structuredClone(runInNewContext(`(${literal})`));
}
