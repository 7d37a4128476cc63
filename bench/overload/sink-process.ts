/** A sink, seen from the process that logs. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { Schedule } from "./schedule.ts";
import type { SinkOrder, SinkReport } from "./sink-messages.ts";
import type { TallyResult } from "./tally.ts";

/** Programs of sinks. */
export type SinkName = "pipe" | "otlp";

/** A running sink. */
export class SinkProcess {
  /** Path of the pipe, or URL of the receiver. */
  readonly target: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, target: string) {
    this.#child = child;
    this.target = target;
  }

  /** @param path Where a pipe may be made. */
  static async start(name: SinkName, path: string): Promise<SinkProcess> {
    const program = fileURLToPath(new URL(`${name}-sink.ts`, import.meta.url));
    const child = fork(program, [path], { execArgv: [] });
    const ready = await next(child);
    if (ready.kind !== "ready") throw new Error(`The sink said "${ready.kind}", must be "ready"`);
    return new SinkProcess(child, ready.target);
  }

  /** Says when it is to be slow. It keeps to that by itself, also when this process is stuck. */
  begin(schedule: Schedule): void {
    this.#send({ kind: "schedule", schedule });
  }

  /**
   * Waits until it has read all, and ends it.
   * @param records That the logger says it has delivered; undefined for one that does not count them.
   * @throws {Error} Something has arrived twice, in a wrong order, or different.
   */
  async finish(records?: number): Promise<TallyResult> {
    try {
      const finished = next(this.#child);
      this.#send({ kind: "finish", ...(records !== undefined && { records }) });
      const message = await finished;
      if (message.kind !== "finished") throw new Error(`The sink said "${message.kind}", must be "finished"`);
      return message.result;
    } finally {
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    if (!this.#child.connected) return;
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }

  #send(order: SinkOrder): void {
    this.#child.send(order);
  }
}

async function next(child: ChildProcess): Promise<SinkReport> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = async (): Promise<never> => {
    const [code] = (await once(child, "exit", { signal })) as [number | null];
    throw new Error(`The sink ended with ${String(code)}`);
  };
  const exit = ended();
  // Given up when there is a message.
  exit.catch(() => {});
  const [message] = (await Promise.race([once(child, "message", { signal }), exit])) as [SinkReport];
  waiting.abort();
  if (message.kind === "failed") throw new Error(message.reason);
  return message;
}
