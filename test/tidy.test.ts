/** What holds for the repository as a whole, and what no linter can see. */
import { glob, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";

import { WALLS, type Wall } from "../scripts/import-walls.ts";
import { entryPaths, exportedNames } from "./tidy/exported-names.ts";
import { isProductFile, type PlantedImport, refusedImports } from "./tidy/planted-imports.ts";
import { quotedRegions, regionText, textToQuote } from "./tidy/quoted-regions.ts";

/** One file of each area, in so far as rows tell them apart. */
const FILES: readonly string[] = [
  ...WALLS.flatMap((wall) => wall.areas)
    .filter((area) => area !== "exporters" && !area.includes("*"))
    .map((area) => (area.endsWith(".ts") ? area : `${area}/sample.ts`)),
  "src/newcomer/sample.ts",
  "src/config/otel/sample.ts",
  "exporters/file/options.ts",
  "exporters/file/exporter.ts",
  "processors/worker/spawn.ts",
  "processors/worker/protocol.ts",
  "processors/worker/network-registry.ts",
];

const PACKAGES: readonly string[] = [
  "node:fs",
  "node:timers/promises",
  "node:async_hooks",
  "node:path",
  "undici",
  "protobufjs",
  "pino",
  "@opentelemetry/api",
];

/** Folder or file that a row of the table speaks of when it says `area`, compared with a file's path. */
function covers(area: string, path: string): boolean {
  const pattern = area.replaceAll("**", "<any>").replaceAll("*", "[^/]*").replaceAll("<any>", ".*");
  return new RegExp(`^${pattern}(?:/|$)`).test(path);
}

/** The last row that speaks of a file decides, as in the linter. */
function rowOf(path: string): { readonly wall: Wall | undefined; readonly area: string } {
  const wall = WALLS.findLast(({ areas }) => areas.some((area) => covers(area, path)));
  const area = wall?.areas.find((one) => covers(one, path)) ?? path;
  return { wall, area: area.includes("*") ? area.slice(0, area.lastIndexOf("/")) : area };
}

function isPermitted({ from, to }: PlantedImport): boolean {
  if (to === "@opentelemetry/api") return true;
  const { wall, area } = rowOf(from);
  const isOwn = area.endsWith(".ts") ? from === to : covers(area, to);
  if (isOwn || wall === undefined) return isOwn;
  const names = isProductFile(to) ? wall.modules : wall.packages;
  return names.some((name) => covers(name, to));
}

function describeImport({ from, to }: PlantedImport): string {
  return `${from} -> ${to}`;
}

/** The arrows that matter most, by hand: the table itself must not be able to permit them. */
const FORBIDDEN: readonly PlantedImport[] = [
  { from: "src/record/sample.ts", to: "src/logger/sample.ts" },
  { from: "src/record/sample.ts", to: "node:worker_threads" },
  { from: "src/logger/sample.ts", to: "processors/batch/sample.ts" },
  { from: "src/logger/sample.ts", to: "src/handlers/sample.ts" },
  { from: "src/formatters/sample.ts", to: "node:fs" },
  { from: "processors/queue/sample.ts", to: "node:fs" },
  { from: "processors/batch/sample.ts", to: "exporters/file/exporter.ts" },
  { from: "processors/worker/sample.ts", to: "processors/batch/sample.ts" },
  { from: "processors/worker/sample.ts", to: "exporters/file/exporter.ts" },
  { from: "exporters/file/exporter.ts", to: "processors/batch/sample.ts" },
  { from: "exporters/file/exporter.ts", to: "processors/worker/spawn.ts" },
  { from: "exporters/file/exporter.ts", to: "src/logger/sample.ts" },
  { from: "exporters/stock/sample.ts", to: "processors/batch/sample.ts" },
  { from: "exporters/stock/sample.ts", to: "processors/worker/spawn.ts" },
  { from: "src/handlers/sample.ts", to: "exporters/file/exporter.ts" },
  { from: "src/config/sample.ts", to: "processors/batch/sample.ts" },
  { from: "src/config/sample.ts", to: "src/index.ts" },
  { from: "src/newcomer/sample.ts", to: "src/record/sample.ts" },
  { from: "src/handlers/sample.ts", to: "@opentelemetry/sdk-logs" },
  { from: "src/index.ts", to: "@opentelemetry/api-logs" },
  { from: "src/handlers/sample.ts", to: "node:worker_threads" },
];

describe("import walls", () => {
  const planted = FILES.flatMap((from) =>
    [...FILES, ...PACKAGES].filter((to) => to !== from).map((to) => ({ from, to })),
  );
  let refused: ReadonlySet<string>;

  beforeAll(async () => {
    refused = new Set((await refusedImports([...planted, ...FORBIDDEN])).map(describeImport));
  });

  test.for(FORBIDDEN)("$from may not import $to", (breach) => {
    expect(refused).toContain(describeImport(breach));
  });

  test.for(FILES)("%s may import what its row lists, and nothing else", (from) => {
    const ours = planted.filter((one) => one.from === from);
    const forbidden = ours.filter((one) => !isPermitted(one)).map(describeImport);
    expect(ours.map(describeImport).filter((one) => refused.has(one))).toEqual(forbidden);
  });
});

describe("public interface", async () => {
  test.for(await entryPaths())("each name that %s exports has a doc comment", async (path) => {
    const names = await exportedNames(path);
    expect(names.filter(({ hasDocComment }) => !hasDocComment)).toEqual([]);
    expect(names).not.toEqual([]);
  });
});

describe("documents", async () => {
  const docs: string[] = [];
  for await (const path of glob("docs/*.md")) docs.push(path);

  test("regionText() takes the lines between the marks without their common indent", () => {
    const source = "{\n  // #region greeting\n  if (ready) {\n    greet();\n  }\n  // #endregion\n}\n";
    expect(regionText(source, "greeting")).toBe("if (ready) {\n  greet();\n}\n");
  });

  test("regionText() takes the lines between the marks of YAML", () => {
    const source = "# #region queue\nqueue:\n  # Behind it.\n  size: 1\n# #endregion\nrest:\n";
    expect(regionText(source, "queue")).toBe("queue:\n  # Behind it.\n  size: 1\n");
  });

  test("quotedRegions() throws when no code follows a quote's first line", () => {
    expect(() => quotedRegions("<!-- region: examples/a.ts#b -->\ntext\n")).toThrow("1 quotes begin, but 0");
  });

  test.for(["README.md", "CONFIG.md", ...docs])("%s quotes the examples as they are", async (path) => {
    const quotes = quotedRegions(await readFile(path, "utf8"));
    for (const quote of quotes) {
      expect(quote.code, `${quote.path}#${quote.region}`).toBe(await textToQuote(quote));
    }
  });
});

describe("repository", () => {
  /** Git-ignored, or written by others and kept as it came. */
  const FOREIGN = ["**/node_modules/**", "dist/**", "coverage/**", "**/*.generated.ts", "package-lock.json"];
  const OWN = ["**/*.{ts,js,mjs,cjs,json,md,yaml,yml}", ".ci/run"];
  // Written so that it does not find itself.
  const UNFINISHED = /\b(?:TO[D]O|FIX[M]E)\b/;

  test("no file speaks of work that is left to do", async () => {
    const unfinished: string[] = [];
    for await (const path of glob(OWN, { exclude: FOREIGN })) {
      if (UNFINISHED.test(await readFile(path, "utf8"))) unfinished.push(path);
    }
    expect(unfinished).toEqual([]);
  });
});
