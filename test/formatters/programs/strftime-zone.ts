/** Compares strftime() with the golden times of the zone that this process was started in. */
import { readFileSync } from "node:fs";

import { strftime } from "../../../src/formatters/strftime.ts";

const [goldenPath = "", zone] = process.argv.slice(2);
const { times } = JSON.parse(readFileSync(goldenPath, "utf8")) as {
  readonly times: readonly (readonly [string, number, string, string])[];
};
/** Without the zone's name: it is that of the ICU in Node, which differs between versions, and need not be the tz database's. */
function withoutZone(text: string, format: string): string {
  const words = text.split(" ");
  const at = format.split(" ").indexOf("%Z");
  if (at >= 0 && words[at] !== "") words.splice(at, 1);
  return words.join(" ");
}

const rows = times.filter((row) => row[0] === zone);
const wrong = rows
  .map(([, seconds, format, text]) => ({
    seconds,
    format,
    text,
    got: strftime(format, new Date(seconds * 1000), false),
  }))
  .filter(({ text, got, format }) => withoutZone(text, format) !== withoutZone(got, format));
process.stdout.write(JSON.stringify({ wrong, count: rows.length }));
