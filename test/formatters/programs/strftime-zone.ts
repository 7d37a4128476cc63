/** Compares strftime() with the golden times of the zone that this process was started in. */
import { readFileSync } from "node:fs";

import { strftime } from "../../../src/formatters/strftime.ts";

const [goldenPath = "", zone] = process.argv.slice(2);
const { times } = JSON.parse(readFileSync(goldenPath, "utf8")) as {
  readonly times: readonly (readonly [string, number, string, string])[];
};
const rows = times.filter((row) => row[0] === zone);
const wrong = rows
  .map(([, seconds, format, text]) => ({
    seconds,
    format,
    text,
    got: strftime(format, new Date(seconds * 1000), false),
  }))
  .filter(({ text, got }) => text !== got);
process.stdout.write(JSON.stringify({ wrong, count: rows.length }));
