import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { configDoc } from "../../scripts/config-doc.ts";
import { manualReference } from "../../src/options/explain.ts";
import { OPTION_TABLES } from "../../src/options/tables.ts";

const text = readFileSync(new URL("../../CONFIG.md", import.meta.url), "utf8");

/** The anchors that GitHub makes of the headings. */
const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-"),
);

const options = OPTION_TABLES.flatMap(({ table }) => Object.entries(table));

describe("CONFIG.md", () => {
  test("CONFIG.md is what `npm run docs:config` writes", () => {
    expect(text).toBe(configDoc());
  });

  test("CONFIG.md has the heading that errors point to, for each option", () => {
    const missing = options.map(([name]) => manualReference(name).replace("CONFIG.md#", ""));
    expect(missing.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  test("CONFIG.md has no heading twice: the second would get another anchor", () => {
    expect(anchors).toEqual([...new Set(anchors)]);
  });

  test("CONFIG.md has no link that leads nowhere", () => {
    const targets = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(targets.length).toBeGreaterThan(options.length - 1);
    expect(targets.filter((target) => !anchors.includes(target))).toEqual([]);
  });

  test("CONFIG.md names each environment variable and each word of an option", () => {
    const words = options.flatMap(([, option]) => [
      ...(option.environment ?? []),
      ...(option.type === "enum" ? option.values : []),
    ]);
    expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
  });
});
