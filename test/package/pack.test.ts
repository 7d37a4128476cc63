import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";
import {
  CJS_APPLICATION,
  ESM_APPLICATION,
  makeFolder,
  removeFolder,
  runApplication,
  runNpm,
  writeApplication,
} from "./application.ts";

/** What `npm pack --json` says of a tarball, as far as we look. */
interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const DOCUMENTS = ["CHANGELOG.md", "CONFIG.md", "LICENSE", "README.md", "SECURITY.md", "package.json"];

let folder: string;
let packedPaths: readonly string[];

beforeAll(async () => {
  folder = await makeFolder();
  // dist/ is fresh (dist-setup.ts): scripts would only build it again.
  const output = await runNpm(["pack", ROOT, "--json", "--ignore-scripts"], folder);
  const [report] = JSON.parse(output) as PackReport[];
  if (report === undefined) throw new Error(`Cannot pack: npm printed ${output}`);
  packedPaths = report.files.map((file) => file.path);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "application", private: true }));
  await runNpm(
    ["install", `./${report.filename}`, "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"],
    folder,
  );
  await writeApplication(folder, ESM_APPLICATION);
  await writeApplication(folder, CJS_APPLICATION);
});

afterAll(async () => {
  await removeFolder(folder);
});

test("the tarball holds dist/ and the documents, and nothing else", () => {
  const others = packedPaths.filter((path) => !path.startsWith("dist/"));
  expect(others.toSorted()).toEqual(DOCUMENTS);
});

test("the tarball holds the notices of the packages inside of the workers", () => {
  expect(packedPaths).toContain("dist/THIRD-PARTY-NOTICES");
});

test("the tarball holds a declaration for each entry point, and no module beside entry points and shared pieces", () => {
  const modules = packedPaths.filter((path) => path.endsWith(".js") && !path.startsWith("dist/chunks/"));
  const undeclared = modules.filter((path) => !packedPaths.includes(path.replace(/\.js$/, ".d.ts")));
  expect(undeclared).toEqual([]);
  expect(modules.toSorted()).toEqual([
    "dist/exporters/index.js",
    "dist/src/bridges/bunyan/index.js",
    "dist/src/bridges/fastify/index.js",
    "dist/src/bridges/index.js",
    "dist/src/bridges/log4js/index.js",
    "dist/src/bridges/pino/index.js",
    "dist/src/bridges/winston/index.js",
    "dist/src/cli/replay-otlp-file.js",
    "dist/src/index.js",
    "dist/src/receiver/index.js",
    "dist/src/receiver/main.js",
    "dist/src/receiver/socket/main.js",
    "dist/src/register/index.js",
  ]);
});

test.for([ESM_APPLICATION, CJS_APPLICATION])(
  "the installed package logs to a file and lets the process end: $fileName",
  async ({ fileName }) => {
    const { log, stdout, stderr } = await runApplication(folder, fileName);
    expect(log).toContain("hello 1");
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  },
);

/** Copies a package of the checkout with all that it needs: a registry need not be asked. */
async function copyPackage(name: string, done: Set<string>): Promise<void> {
  if (done.has(name)) return;
  done.add(name);
  const from = join(ROOT, "node_modules", name);
  await cp(from, join(folder, "node_modules", name), { recursive: true });
  const { dependencies = {} } = JSON.parse(await readFile(join(from, "package.json"), "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  for (const dependency of Object.keys(dependencies)) await copyPackage(dependency, done);
}

test('log4js finds the appender by its type, "femtologging/log4js"', async () => {
  await copyPackage("log4js", new Set());
  const text = `const log4js = require("log4js");
    const { basicConfig } = require("femtologging");
    basicConfig({ path: "app.log" });
    log4js.configure({
      appenders: { femto: { type: "femtologging/log4js" } },
      categories: { default: { appenders: ["femto"], level: "info" } },
    });
    log4js.getLogger("shop").info("paid %d", 7);
    log4js.shutdown(() => process.stdout.write("delivered"));`;
  await writeApplication(folder, { fileName: "log4js.cjs", text });
  const { log, stdout, stderr } = await runApplication(folder, "log4js.cjs");
  expect(JSON.parse(log)).toMatchObject({ logger: "shop", level: "INFO", msg: "paid 7" });
  expect({ stdout, stderr }).toEqual({ stdout: "delivered", stderr: "" });
});
