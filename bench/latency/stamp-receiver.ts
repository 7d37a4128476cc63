/** The receiver of this package in a process of its own, where it sees how long ago records were logged. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { DistributionSummary } from "./distribution.ts";

const PROGRAM: string = fileURLToPath(new URL("stamp-receiver-main.ts", import.meta.url));

/** What the process says: first where it listens, and when asked what came. */
export type StampMessage = { readonly url: string } | StampedRecords;

/** What came. */
export interface StampedRecords {
  readonly recordCount: number;
  /** How old the records were when their request had been decoded, by their attribute `at`. */
  readonly delays: DistributionSummary;
}

/** A running receiver. */
export class StampReceiver {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** @param untimedCount So many records come first that are not taken into account. */
  static async start(untimedCount: number): Promise<StampReceiver> {
    const child = fork(PROGRAM, [String(untimedCount)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: [],
    });
    const [message] = (await once(child, "message")) as [StampMessage];
    if (!("url" in message)) throw new Error("The receiver has not said where it listens");
    return new StampReceiver(child, message.url);
  }

  /** Ends it, and says what came. */
  async finish(): Promise<StampedRecords> {
    const exited = once(this.#child, "exit");
    this.#child.send("finish");
    const [message] = (await once(this.#child, "message")) as [StampMessage];
    this.#child.disconnect();
    await exited;
    if (!("delays" in message)) throw new Error("The receiver has not said what came");
    return message;
  }
}
