import { renameSync, statSync } from "node:fs";
import {
  deleteFile,
  EXTENSIONS,
  listByName,
  backupFile,
  type BackupNames,
  type BackupNamesOptions,
} from "./backup-names.ts";
import type { BackupFile } from "./retention.ts";

/** How far numbers are looked for where a namer makes the names and nothing limits their count. */
const NUMBER_MAX = 1000;

/** `app.log.1`, `app.log.2`: the newest is 1, the others move up. */
export class NumberedNames implements BackupNames {
  readonly #options: BackupNamesOptions & { readonly backupCount: number };

  constructor(options: BackupNamesOptions & { readonly backupCount: number }) {
    this.#options = options;
  }

  list(): BackupFile[] {
    const { path, namer } = this.#options;
    const backups =
      namer === undefined
        ? listByName(path, (suffix) => (/^[1-9]\d{0,8}$/.test(suffix) ? suffix : undefined))
        : this.#probe();
    return backups.toSorted((left, right) => Number(left.key) - Number(right.key));
  }

  /**
   * Moves up what stands in the way, from the first free number down: what was broken off leaves a free number, and
   * goes on there.
   */
  makeRoom(backups: readonly BackupFile[]): string {
    const taken = new Set(backups.map(({ key }) => Number(key)));
    let free = 1;
    while (taken.has(free)) free++;
    const { backupCount } = this.#options;
    if (backupCount > 0) free = Math.min(free, backupCount);
    for (const backup of backups.toReversed()) {
      const number = Number(backup.key);
      // The oldest that may be kept goes first. The one that takes its place may have another ending; and to rename over a file makes
      // some file systems (ext4) bring the data to the disk at once.
      if (number === free) deleteFile(backup.path);
      else if (number < free) renameSync(backup.path, this.#pathOf(number + 1) + backup.extension);
    }
    return this.#pathOf(1);
  }

  #pathOf(number: number): string {
    const { path, namer } = this.#options;
    const plain = `${path}.${number}`;
    return namer === undefined ? plain : namer(plain);
  }

  /** Names that are someone else's making cannot be read back: asks for one after the other. */
  #probe(): BackupFile[] {
    const { backupCount } = this.#options;
    const found: BackupFile[] = [];
    for (let number = 1; number <= (backupCount > 0 ? backupCount : NUMBER_MAX); number++) {
      const path = this.#pathOf(number);
      const here = EXTENSIONS.map((extension) => path + extension);
      found.push(...here.filter(isFile).map((one) => backupFile(one, String(number))));
      // Rotating may have been broken off, which leaves one number free; not two.
      if (backupCount === 0 && number - Number(found.at(-1)?.key ?? 0) > 1) break;
    }
    return found;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
