import { readFileSync, statSync } from "node:fs";

import { pemFaultOf } from "./pem-fault.ts";
import type { TlsFileName, TlsSettings } from "./tls-settings.ts";

/**
 * TLS settings whose files may be replaced while a program runs. They are looked at when a connection is about to be opened:
 * one that is open lasts with what it began with. Files that cannot be read, or do not fit together (a new certificate whose
 * key is not there yet), leave the old ones in use. The thread that connects.
 */
export class TlsFiles {
  readonly #report: (trouble: string) => void;
  #settings: TlsSettings;
  /** Of the files at the last look: which they were, and of when. */
  #signature = "";
  #isBad = false;

  /** @param report Is told of files that cannot be used, once a change. */
  constructor(settings: TlsSettings, report: (trouble: string) => void = () => {}) {
    this.#settings = settings;
    this.#report = report;
  }

  /** What the next connection is to be made with; the same object as long as nothing has changed. */
  current(): TlsSettings {
    const { files } = this.#settings;
    if (files === undefined) return this.#settings;
    const signature = signatureOf(Object.values(files));
    const isNew = signature !== this.#signature;
    this.#signature = signature;
    // Bad ones are read every time: what makes them whole may come within one tick of the file system's clock.
    if (isNew || this.#isBad) this.#reload(files, isNew);
    return this.#settings;
  }

  #reload(files: NonNullable<TlsSettings["files"]>, isNew: boolean): void {
    const fault = this.#tryReload(files);
    this.#isBad = fault !== undefined;
    if (fault === undefined || !isNew) return;
    const paths = Object.values(files).map((path) => `"${path}"`);
    this.#report(
      `Cannot use the changed TLS files ${paths.join(", ")}: ${fault}; connections are made with what they held before`,
    );
  }

  /** @returns What is wrong; `undefined` when the files are in use now. */
  #tryReload(files: NonNullable<TlsSettings["files"]>): string | undefined {
    const texts: Partial<Record<TlsFileName, string>> = {};
    try {
      for (const [name, path] of Object.entries(files))
        texts[name as TlsFileName] = readFileSync(path, "utf8");
    } catch (error) {
      return (error as Error).message;
    }
    const isSame = Object.entries(texts).every(
      ([name, text]) => this.#settings[name as TlsFileName] === text,
    );
    if (isSame) return undefined;
    const settings = { ...this.#settings, ...texts };
    const fault = pemFaultOf(settings);
    if (fault !== undefined) {
      return fault.name === "ca"
        ? `"ca" must be certificates in PEM (${fault.code})`
        : `"cert" must be a certificate with the key "key" in PEM (${fault.code})`;
    }
    this.#settings = settings;
    return undefined;
  }
}

/** Inode, size and time of each file; what a file that cannot be looked at says is part of it. */
function signatureOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        const { ino, size, mtimeNs } = statSync(path, { bigint: true });
        return `${ino} ${size} ${mtimeNs}`;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? "unknown";
      }
    })
    .join(",");
}
