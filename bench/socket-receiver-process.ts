/** A receiver of frames or lines in a process of its own, where it only counts. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAMS = {
  frames: fileURLToPath(new URL("socket/main.js", import.meta.resolve("femtologging/receiver"))),
  lines: fileURLToPath(new URL("line-receiver.ts", import.meta.url)),
};
const WAIT_MILLIS = 60_000;

/** What a receiver has got since its start. */
export interface SocketCounts {
  readonly records: number;
  readonly bytes: number;
}

/** Where a receiver listens. */
export interface SocketTarget {
  readonly host: string;
  readonly port: number;
}

/** A running receiver. */
export class SocketReceiverProcess {
  readonly target: SocketTarget;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, target: SocketTarget) {
    this.#child = child;
    this.target = target;
  }

  static async start(unit: "frames" | "lines"): Promise<SocketReceiverProcess> {
    const args = unit === "frames" ? ["--keep", "count"] : [];
    const child = fork(PROGRAMS[unit], args, { stdio: ["ignore", "pipe", "inherit", "ipc"], execArgv: [] });
    if (child.stdout === null) throw new Error("The receiver has no stdout");
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return new SocketReceiverProcess(child, (JSON.parse(line) as { readonly target: SocketTarget }).target);
  }

  /** Waits until so many records have come. @throws {Error} They have not within a minute, or more have. */
  async expect(recordCount: number): Promise<SocketCounts> {
    const answered = once(this.#child, "message");
    this.#child.send({ records: recordCount, timeoutMillis: WAIT_MILLIS });
    const [counts] = (await answered) as [SocketCounts];
    if (counts.records !== recordCount) {
      throw new Error(`${recordCount} records were logged, the receiver has ${JSON.stringify(counts)}`);
    }
    return counts;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }
}
