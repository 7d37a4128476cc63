/** Makes a single executable application: Node itself with a bundle inside. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { ROOT } from "../../scripts/build-worker.ts";

const execFileAsync = promisify(execFile);

/** The text in Node's executable that says where the blob is, and whether there is one. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
const POSTJECT: string = join(ROOT, "node_modules", "postject", "dist", "cli.js");

/** Node puts the executable together itself from 25.5 on. */
const BUILDS_ITSELF: boolean = isSince(25, 5);

function isSince(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Whether the Node that runs the tests can do it: from 25.5 on, before with postject. */
export const CAN_MAKE_EXECUTABLE: boolean = BUILDS_ITSELF || existsSync(POSTJECT);

/** Puts the CommonJS file at `mainPath` into a copy of Node in `folder`. Returns its path. @throws {Error} Node cannot. */
export async function makeExecutable(mainPath: string, folder: string): Promise<string> {
  const path = join(folder, "application");
  const blobPath = join(folder, "blob");
  const configPath = join(folder, "sea-config.json");
  const output = BUILDS_ITSELF ? path : blobPath;
  await writeFile(
    configPath,
    JSON.stringify({ main: mainPath, output, disableExperimentalSEAWarning: true }),
  );
  if (BUILDS_ITSELF) {
    await execFileAsync(process.execPath, ["--build-sea", configPath]);
    return path;
  }
  await execFileAsync(process.execPath, ["--experimental-sea-config", configPath]);
  await copyFile(process.execPath, path);
  await chmod(path, 0o755);
  const args = [POSTJECT, path, "NODE_SEA_BLOB", blobPath, "--sentinel-fuse", FUSE];
  await execFileAsync(
    process.execPath,
    process.platform === "darwin" ? [...args, "--macho-segment-name", "NODE_SEA"] : args,
  );
  return path;
}
