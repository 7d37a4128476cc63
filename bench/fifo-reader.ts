/** A process that reads FIFOs: what is at the other end of a pipe, and sees when a line has come. */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { DistributionSummary } from "./latency/distribution.ts";

const PROGRAM: string = fileURLToPath(new URL("fifo-reader-main.ts", import.meta.url));

/** What one FIFO brought, from the first byte to its end. */
export interface FifoContent {
  readonly lineCount: number;
  readonly byteCount: number;
  /** One line in 997. */
  readonly samples: readonly string[];
  /** Of lines with an attribute `at`, by the reader's clock less `at`: how long they took. The first lines may be left out. */
  readonly delays: DistributionSummary;
}

/** What the reader sends: first that it has opened all FIFOs, in the end what came. */
export type ReaderMessage =
  | { readonly kind: "open" }
  | { readonly kind: "content"; readonly contents: readonly FifoContent[] };

/** How it reads. */
export interface ReaderOptions {
  readonly untimedCount?: number;
}

/** What the program of the reader is told. */
export interface ReaderOrder extends Required<ReaderOptions> {
  readonly paths: readonly string[];
}

/** A running reader. */
export class FifoReader {
  readonly paths: readonly string[];
  readonly #child: ChildProcess;
  readonly #contents: Promise<readonly FifoContent[]>;
  /** Write ends, so that a FIFO does not end before its writer has opened it. */
  readonly #holders: readonly number[];

  private constructor(paths: readonly string[], child: ChildProcess) {
    this.paths = paths;
    this.#child = child;
    this.#holders = paths.map((path) => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    this.#contents = contentsOf(child);
    child.send("held");
  }

  /**
   * Makes the FIFOs and starts a process that reads them.
   *
   * @param options `untimedCount`: so many lines of each are not in its `delays`; 0 by default.
   */
  static async start(paths: readonly string[], options: ReaderOptions = {}): Promise<FifoReader> {
    for (const path of paths) execFileSync("mkfifo", [path]);
    const child = fork(PROGRAM, [JSON.stringify({ untimedCount: 0, ...options, paths })], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    await nextMessage(child);
    return new FifoReader(paths, child);
  }

  /** Waits for the end of all FIFOs, which comes when their writers have closed them. */
  async finish(): Promise<readonly FifoContent[]> {
    for (const descriptor of this.#holders) closeSync(descriptor);
    const exited = once(this.#child, "exit");
    const contents = await this.#contents;
    await exited;
    return contents;
  }
}

async function contentsOf(child: ChildProcess): Promise<readonly FifoContent[]> {
  const message = await nextMessage(child);
  if (message.kind !== "content") throw new Error("The reader of the FIFOs has said no content");
  return message.contents;
}

/** @throws {Error} The process has ended instead. Not by its "exit", which may come before its last message. */
function nextMessage(child: ChildProcess): Promise<ReaderMessage> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as ReaderMessage));
    child.once("disconnect", () => reject(new Error("The reader of the FIFOs has ended and said nothing")));
  });
}
