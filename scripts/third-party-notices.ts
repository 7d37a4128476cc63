/**
 * The license texts of the packages whose code is inside of our own: of the handler threads, and of the entry points.
 * (Packages that are merely depended on bring their own.)
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const LICENSE_FILE: RegExp = /^(?:licen[cs]e|notice|copying)(?:\.(?:md|txt))?$/i;

const INTRODUCTION =
  "femtologging contains code of the following packages, under the licenses printed below each.";

/** Folder of the package that a bundled file belongs to, relative to the root; undefined for our own files. */
function packageFolderOf(inputPath: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(inputPath)?.[0];
}

async function noticeOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as PackageManifest;
  const fileNames = (await readdir(folder)).filter((name) => LICENSE_FILE.test(name)).toSorted();
  const heading = `${manifest.name} ${manifest.version}`;
  if (fileNames.length === 0 && manifest.license === undefined) {
    throw new Error(
      `Cannot write the notice of ${heading}: it has neither a license file nor a "license" field`,
    );
  }
  const texts = await Promise.all(fileNames.map((name) => readFile(join(folder, name), "utf8")));
  const declared = manifest.license === undefined ? [] : [`License: ${manifest.license}`];
  return [heading, ...declared, ...texts.map((text) => `\n${text.trim()}`)].join("\n");
}

/**
 * Puts the notices together, in the order of the packages' folders.
 *
 * @param root Folder that the input paths are relative to.
 * @param inputPaths Files that went into the bundles.
 * @throws {Error} A package says nothing about its license.
 */
export async function thirdPartyNotices(root: string, inputPaths: readonly string[]): Promise<string> {
  const folders = new Set(inputPaths.map(packageFolderOf).filter((folder) => folder !== undefined));
  const notices = await Promise.all([...folders].toSorted().map((folder) => noticeOf(join(root, folder))));
  const separator = `\n\n${"-".repeat(80)}\n\n`;
  return `${[INTRODUCTION, ...notices].join(separator)}\n`;
}
