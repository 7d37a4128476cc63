import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { numbersInLines } from "../contract/destination.ts";

/** How a file is read, by its ending. */
function readBack(path: string): string {
  const bytes = readFileSync(path);
  if (path.endsWith(".gz")) return gunzipSync(bytes).toString("utf8");
  if (path.endsWith(".zst")) return zstdDecompressSync(bytes).toString("utf8");
  return bytes.toString("utf8");
}

/** The names of the files that were put away, without that of the log: ".1", ".2.gz"; the oldest first. */
export function backupsOf(path: string): string[] {
  const name = basename(path);
  const endings = readdirSync(dirname(path))
    .filter((one) => one.startsWith(`${name}.`))
    .map((one) => one.slice(name.length));
  const areNumbers = endings.every((ending) => /^\.\d{1,9}(?:\.[a-z]+)?$/.test(ending));
  const inOrder = endings.toSorted(new Intl.Collator("en", { numeric: true }).compare);
  return areNumbers ? inOrder.toReversed() : inOrder;
}

/** Everything of a log: what was put away, the oldest first, and the file. */
export function wholeTextOf(path: string): string {
  const paths = [...backupsOf(path).map((ending) => path + ending), path];
  // Who was killed after a rename has left no file.
  return paths.map((one) => (existsSync(one) ? readBack(one) : "")).join("");
}

/** The numbers of the records in all files of a log, the oldest first. */
export function allNumbersIn(path: string): number[] {
  return numbersInLines(wholeTextOf(path));
}

/** Files of the log's folder whose name begins with a dot. */
export function hiddenFilesBeside(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => name.startsWith("."));
}
