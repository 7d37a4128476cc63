import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { HttpRecords } from "../support/http-records.ts";
import { BUNDLERS } from "./bundlers.ts";
import { addProgram, makeBareFolder, makeProject } from "./project-folder.ts";
import { CAN_MAKE_EXECUTABLE, makeExecutable } from "./single-executable.ts";

const execFileAsync = promisify(execFile);

const RUN_TIMEOUT_MILLIS = 60_000;

/** What an application ships beside its bundle. */
const MODULES: Readonly<Record<string, string>> = {
  "formatter.mjs": `export const createFormatter = ({ prefix }) => ({ body }) => prefix + " " + body;`,
  "filter.mjs": `export const createFilter = () => ({ attributes }) => attributes.orderId % 2 === 1;`,
  "exporter.mjs": `
    import { appendFileSync } from "node:fs";
    export const createExporter = ({ path }) => ({
      export(records, onResult) {
        for (const { body } of records) appendFileSync(path, body + "\\n");
        onResult({ code: 0 });
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    });`,
  "mapper.mjs": `export const createMapper = () => ({ body }) => ({ mapped: body });`,
  "headers.mjs": `export const getHeaders = () => ({ headers: { "x-token": "t" } });`,
  "namer.mjs": `export const namer = (path) => path + ".kept";`,
};

let projectFolder: string;
let entryPath: string;

beforeAll(async () => {
  projectFolder = await makeProject();
  entryPath = await addProgram(projectFolder, "modules");
});

afterAll(() => rm(projectFolder, { recursive: true, force: true }));

async function makeFolder(modules: Readonly<Record<string, string>>): Promise<string> {
  const folder = await makeBareFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(modules)) await writeFile(join(folder, name), text);
  return folder;
}

interface Run {
  readonly stderr: string;
  readonly sent: readonly unknown[];
}

async function runIn(
  folder: string,
  command: readonly [string, ...string[]],
  exitTimeoutMillis = 60_000,
): Promise<Run> {
  const server = await HttpRecords.start();
  try {
    const [file, ...args] = command;
    const { stderr } = await execFileAsync(file, args, {
      cwd: folder,
      env: { HTTP_URL: server.url, EXIT_TIMEOUT_MILLIS: String(exitTimeoutMillis) },
      timeout: RUN_TIMEOUT_MILLIS,
    });
    return { stderr, sent: server.records };
  } finally {
    await server.stop();
  }
}

const ORDERS = [1, 2, 3, 4, 5].map((orderId) => `Order ${orderId}`);

async function expectAll(folder: string, { stderr, sent }: Run): Promise<void> {
  const lines = async (name: string): Promise<string[]> =>
    (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
  expect(stderr).toBe("");
  for (const name of ["formatted.log", "formatted-inline.log"])
    expect(await lines(name), name).toEqual(ORDERS.map((order) => `-> ${order}`));
  for (const name of ["exported.log", "exported-inline.log"]) expect(await lines(name), name).toEqual(ORDERS);
  expect(await lines("filtered.log")).toHaveLength(3);
  expect(sent).toHaveLength(2 * ORDERS.length);
  expect(sent).toEqual(expect.arrayContaining(ORDERS.map((mapped) => ({ mapped }))));
  expect((await readdir(folder)).filter((name) => name.endsWith(".kept")).length).toBeGreaterThan(0);
}

describe.each(BUNDLERS)("one file made by $name", ({ bundle, formats }) => {
  test.each(formats)("loads modules of the application that lie beside it (%s)", async (format) => {
    const folder = await makeFolder(MODULES);
    const fileName = format === "esm" ? "bundle.mjs" : "bundle.cjs";
    const outputPath = join(folder, fileName);
    expect(await bundle({ entryPath, outputPath, format, minify: false })).toEqual([]);
    await expectAll(folder, await runIn(folder, [process.execPath, fileName]));
  });
});

test("a module that was not deployed is said, and what can do without it goes on", async () => {
  // Without these two handlers are not even made.
  const deployed = ["filter.mjs", "namer.mjs"].map((name) => [name, MODULES[name] ?? ""] as const);
  const folder = await makeFolder(Object.fromEntries(deployed));
  const [esbuild] = BUNDLERS;
  await esbuild?.bundle({ entryPath, outputPath: join(folder, "bundle.mjs"), format: "esm", minify: false });
  const { stderr, sent } = await runIn(folder, [process.execPath, "bundle.mjs"], 1_000);
  for (const name of ["formatter.mjs", "exporter.mjs", "mapper.mjs"]) expect(stderr).toContain(name);
  for (const name of ["formatted.log", "formatted-inline.log"]) {
    const lines = (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual(ORDERS);
  }
  expect(sent).toEqual([]);
  expect(stderr).toContain("counted as exit_deadline");
});

test.skipIf(!CAN_MAKE_EXECUTABLE)("a single executable loads modules that lie beside it", async () => {
  const folder = await makeFolder(MODULES);
  const outputPath = join(projectFolder, "modules.cjs");
  const esbuild = BUNDLERS.find(({ name }) => name === "esbuild");
  await esbuild?.bundle({ entryPath, outputPath, format: "cjs", minify: false });
  await expectAll(folder, await runIn(folder, [await makeExecutable(outputPath, projectFolder)]));
});
