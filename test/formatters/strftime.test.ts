import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

import { strftime } from "../../src/formatters/strftime.ts";

type Row = readonly [zone: string, seconds: number, format: string, text: string];

const goldenPath = fileURLToPath(new URL("python/golden.json", import.meta.url));
const programPath = fileURLToPath(new URL("programs/strftime-zone.ts", import.meta.url));
/** Made by python/make-golden.py. */
const { times } = JSON.parse(await readFile(goldenPath, "utf8")) as { readonly times: readonly Row[] };

test.each([...new Set(times.map(([zone]) => zone))])(
  "strftime() writes the local time of %s as Python does, on both sides of each change of the clocks",
  async (zone) => {
    // The time zone of a process is what it was started with.
    const { stdout } = await promisify(execFile)(process.execPath, [programPath, goldenPath, zone], {
      env: { ...process.env, TZ: zone },
    });
    expect(JSON.parse(stdout)).toEqual({ wrong: [], count: times.filter((row) => row[0] === zone).length });
  },
  60_000,
);

test("strftime() writes UTC as Python writes it where that is the local time", () => {
  for (const [zone, seconds, format, text] of times) {
    if (zone === "UTC") expect(strftime(format, new Date(seconds * 1000), true)).toBe(text);
  }
});

test("strftime() knows years that Date.UTC takes for those of the last century, and the ends of time", () => {
  const firstCentury = new Date(0);
  firstCentury.setUTCFullYear(50, 2, 1);
  expect(strftime("%Y %j %a %G-%V", firstCentury, true)).toBe("50 060 Tue 50-09");
  expect(strftime("%Y-%m-%d %U", new Date(8_640_000_000_000_000), true)).toBe("275760-09-13 36");
});
