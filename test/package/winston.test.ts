/** `femtologging/winston` where each package sees only what it has asked for, and in a bundle of one file. */
import { cp, glob, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";
import { makeFolder, removeFolder, runApplication } from "./application.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const TRANSPORT_APPLICATION = `
import { basicConfig, FemtoFileHandler } from "femtologging";
import { FemtoWinstonTransport } from "femtologging/winston";
import winston from "winston";

basicConfig({ handlers: [new FemtoFileHandler({ path: "app.log" })] });
winston.createLogger({ transports: [new FemtoWinstonTransport()] }).info("paid", { orderId: 7 });
process.exit(0);
`;
const CAPTURE_APPLICATION = `
import { basicConfig, FemtoFileHandler } from "femtologging";
import { captureWinston } from "femtologging/winston";
import winston from "winston";
import { Writable } from "node:stream";

basicConfig({ handlers: [new FemtoFileHandler({ path: "app.log" })] });
captureWinston({ modules: [winston] });
const stream = new Writable({ write: (chunk, encoding, done) => done() });
winston.createLogger({ transports: [new winston.transports.Stream({ stream })] }).info("paid", { orderId: 7 });
process.exit(0);
`;

/** The links that pnpm makes: the package beside what it depends on, out of the application's sight. */
async function installStrictly(folder: string): Promise<void> {
  const store = join(folder, "store/node_modules");
  const installed = join(store, "femtologging");
  await mkdir(installed, { recursive: true });
  await cp(join(ROOT, "dist"), join(installed, "dist"), { recursive: true });
  await cp(join(ROOT, "package.json"), join(installed, "package.json"));
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of names) await link(join(ROOT, "node_modules", name), join(store, name));
  await link(installed, join(folder, "node_modules/femtologging"));
  await link(join(ROOT, "node_modules/winston"), join(folder, "node_modules/winston"));
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

async function applicationFolder(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

test("the transport has its base class from the application's winston, without winston-transport in sight", async () => {
  const folder = await applicationFolder();
  await installStrictly(folder);
  await writeFile(join(folder, "app.mjs"), TRANSPORT_APPLICATION);
  const { log, stderr } = await runApplication(folder, "app.mjs");
  expect(stderr).toBe("");
  expect(JSON.parse(log)).toMatchObject({ level: "info", msg: "paid", orderId: 7 });
});

test("nothing that is published imports what only winston itself can see", async () => {
  const importers: string[] = [];
  for await (const path of glob("dist/**/*.{js,d.ts}", { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), "utf8");
    if (/(?:from|import\()\s*"(?:winston-transport|logform|triple-beam)"/.test(text)) importers.push(path);
  }
  expect(importers).toEqual([]);
});

test.for([
  ["transport", TRANSPORT_APPLICATION],
  ["capture", CAPTURE_APPLICATION],
])("a bundle of one file: %s", async ([, contents]) => {
  const folder = await applicationFolder();
  await build({
    stdin: { contents: contents ?? "", resolveDir: ROOT, loader: "js" },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: join(folder, "app.cjs"),
    logLevel: "error",
  });
  const { log, stderr } = await runApplication(folder, "app.cjs");
  expect(stderr).toBe("");
  expect(JSON.parse(log)).toMatchObject({ level: "info", msg: "paid", orderId: 7 });
});
