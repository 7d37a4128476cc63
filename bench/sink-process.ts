/** What takes lines in a process of its own, and only counts them. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM: string = fileURLToPath(new URL("sink-program.ts", import.meta.url));
const WAIT_MILLIS = 60_000;

/** How lines come: in bodies of HTTP, or over a connection as they are. */
export type SinkKind = "http" | "stream";

/** What a sink has got since its start. */
export interface SinkCounts {
  readonly records: number;
  readonly bytes: number;
}

/** A running sink. */
export class SinkProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(kind: SinkKind): Promise<SinkProcess> {
    const child = fork(PROGRAM, [kind], { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
    const [port] = (await once(child, "message")) as [number];
    return new SinkProcess(child, port);
  }

  /** Waits until so many records have come. @throws {Error} They have not within a minute, or more have. */
  async expect(recordCount: number): Promise<SinkCounts> {
    const answered = once(this.#child, "message", { signal: AbortSignal.timeout(WAIT_MILLIS) });
    this.#child.send(recordCount);
    const [counts] = (await answered) as [SinkCounts];
    if (counts.records !== recordCount) {
      throw new Error(`${recordCount} records were logged, the sink has ${JSON.stringify(counts)}`);
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
