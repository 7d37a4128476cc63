/** Several processes of one application: forked, and of a cluster. Each has handlers of its own; files they share. */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { INDEX, makeFolder, run } from "../logger/program.ts";

const PROCESS_COUNT = 3;
const RECORD_COUNT = 2000;

interface NumberedLine {
  readonly msg: string;
  readonly process: number;
  readonly n: number;
}

const FORK = `
  import { fork } from "node:child_process";
  import { fileURLToPath } from "node:url";
  const number = process.argv[2];
  const isFirst = number === undefined;
  const startAll = () => {
    for (let i = 1; i < ${PROCESS_COUNT}; i++) fork(fileURLToPath(import.meta.url), [String(i)]);
  };
`;
const CLUSTER = `
  import cluster from "node:cluster";
  const isFirst = cluster.isPrimary;
  const number = cluster.worker?.id;
  const startAll = () => {
    for (let i = 1; i < ${PROCESS_COUNT}; i++) cluster.fork();
  };
`;

const LOG = `
  const log = getLogger("shared");
  log.addHandler(handler);
  if (isFirst) startAll();
  for (let n = 0; n < ${RECORD_COUNT}; n++) {
    log.info("of {process}: {n}", { process: Number(number ?? 0), n, padding: "x".repeat(n % 500) });
    if (n % 100 === 0) await new Promise(setImmediate);
  }
  // A process of a cluster lives as long as its channel.
  if (!isFirst) process.disconnect?.();
`;

/** The number at the end of a file that was put away; 0 for the one that is written to. */
function numberOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

function oldestFirst(a: string, b: string): number {
  return numberOf(b) - numberOf(a);
}

async function linesIn(folder: string): Promise<readonly NumberedLine[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("app.log")).toSorted(oldestFirst);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  // A line that another process has cut in two is no JSON.
  return texts.flatMap((text) =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as NumberedLine),
  );
}

test.each([
  { how: "fork()", prelude: FORK, kind: "a file", make: "new FemtoFileHandler({ path })" },
  { how: "cluster", prelude: CLUSTER, kind: "a file", make: "new FemtoFileHandler({ path })" },
  {
    how: "fork()",
    prelude: FORK,
    kind: "files that rotate",
    make: "new FemtoRotatingFileHandler({ path, maxBytes: 100_000, backupCount: 500 })",
  },
  {
    how: "cluster",
    prelude: CLUSTER,
    kind: "files that rotate",
    make: "new FemtoRotatingFileHandler({ path, maxBytes: 100_000, backupCount: 500 })",
  },
])("$how: processes write whole lines to $kind, in order, and none is lost", async ({ prelude, make }) => {
  const folder = await makeFolder();
  const path = JSON.stringify(join(folder, "app.log"));
  const program = `${prelude}
    const path = ${path};
    const { FemtoFileHandler, FemtoRotatingFileHandler, getLogger } = await import(${JSON.stringify(INDEX)});
    const handler = ${make};
    ${LOG}`;
  const { code, stderr } = await run(program);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = await linesIn(folder);
  const numbers = Array.from({ length: RECORD_COUNT }, (_, n) => n);
  const byProcess = Object.values(Object.groupBy(lines, (line) => String(line.process)));
  expect(byProcess).toHaveLength(PROCESS_COUNT);
  for (const own of byProcess) expect((own ?? []).map(({ n }) => n)).toEqual(numbers);
});

test("a second version of the package in one process is said, and each logs to its own handlers", async () => {
  const folder = await makeFolder();
  // The layout is what versions differ in: a copy of the sources with another.
  const root = new URL("../../", import.meta.url);
  for (const name of ["src", "processors", "exporters", "proto"])
    await cp(new URL(name, root), join(folder, name), { recursive: true });
  const layout = join(folder, "processors/queue/layout.ts");
  const text = await readFile(layout, "utf8");
  await writeFile(layout, text.replace(/ARENA_VERSION = \d+/, "ARENA_VERSION = 999"));
  const { stderr } = await run(`
    const one = await import(${JSON.stringify(INDEX)});
    one.basicConfig({ path: ${JSON.stringify(join(folder, "app.log"))} });
    one.getLogger("one").info("of {process}: {n}", { process: 1, n: 1 });
    const two = await import(${JSON.stringify(join(folder, "src/index.ts"))});
    two.basicConfig({ path: ${JSON.stringify(join(folder, "app.log.2"))} });
    two.getLogger("two").info("of {process}: {n}", { process: 2, n: 1 });
  `);
  expect(stderr).toMatch(/^femtologging: Two versions of femtologging are at work in this process: .+\n$/);
  expect((await linesIn(folder)).map((line) => line.msg).toSorted()).toEqual(["of 1: 1", "of 2: 1"]);
});
