import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import {
  EXTENSIONS,
  listByName,
  listFolder,
  splitExtension,
  type BackupNames,
  type BackupNamesOptions,
} from "./backup-names.ts";
import type { BackupFile } from "./retention.ts";

/** Names that are tried for a file beyond those that are known to be taken. */
const TRIES_MAX = 100;

/** What a scheme of dated names is made of. */
export interface DatedNamesOptions extends BackupNamesOptions {
  /** What a suffix looks like: text of a regular expression. */
  readonly pattern: string;
  /** The suffix of the interval that ends. */
  readonly suffix: () => string;
}

/** `app.log.2026-03-29_14`; further files of the same interval have a number: `app.log.2026-03-29_14.1`. */
export class DatedNames implements BackupNames {
  readonly #options: DatedNamesOptions;

  constructor(options: DatedNamesOptions) {
    this.#options = options;
  }

  list(): BackupFile[] {
    const { path, namer, pattern } = this.#options;
    const whole = new RegExp(`^${pattern}(?:\\.[1-9]\\d{0,8})?$`);
    const backups =
      namer === undefined
        ? listByName(path, (suffix) => (whole.test(suffix) ? suffix : undefined))
        : this.#search();
    return backups.toSorted((left, right) => compareKeys(right.key, left.key));
  }

  /** A name that is free: nothing is ever written over. */
  makeRoom(backups: readonly BackupFile[]): string {
    const { path, namer } = this.#options;
    const suffix = this.#options.suffix();
    const numbers = backups.flatMap(({ key }) => (stemOf(key) === suffix ? [numberOf(key)] : []));
    const first = Math.max(-1, ...numbers) + 1;
    for (let number = first; number < first + TRIES_MAX; number++) {
      const plain = `${path}.${suffix}${number === 0 ? "" : `.${number}`}`;
      const named = namer === undefined ? plain : namer(plain);
      if (!EXTENSIONS.some((extension) => existsSync(named + extension))) return named;
    }
    throw new Error(`no free name for ${path}.${suffix}: the namer gives those of files that are there`);
  }

  /** Files that the namer would call so, for what looks like a suffix in their names. */
  #search(): BackupFile[] {
    return listFolder(dirname(this.#options.path), (name) => this.#keyIn(name));
  }

  #keyIn(name: string): string | undefined {
    const { path, pattern } = this.#options;
    const namer = this.#options.namer ?? String;
    const stems = new Set([name, splitExtension(name).stem]);
    for (const [match, number = ""] of name.matchAll(
      new RegExp(`(?<!\\d)${pattern}(\\.[1-9]\\d{0,8})?(?!\\d)`, "g"),
    )) {
      const keys = [match, match.slice(0, match.length - number.length)];
      const key = keys.find((candidate) => stems.has(basename(namer(`${path}.${candidate}`))));
      if (key !== undefined) return key;
    }
    return undefined;
  }
}

function stemOf(key: string): string {
  return key.split(".")[0] as string;
}

function numberOf(key: string): number {
  return Number(key.split(".")[1] ?? 0);
}

/** By interval, and by number within one. */
function compareKeys(left: string, right: string): number {
  const [leftStem, rightStem] = [stemOf(left), stemOf(right)];
  if (leftStem !== rightStem) return leftStem < rightStem ? -1 : 1;
  return numberOf(left) - numberOf(right);
}
