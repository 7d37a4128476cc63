/** The load generator, seen from the process that has the server. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { LoadStep, StepResult } from "./load-program.ts";

const PROGRAM: string = fileURLToPath(new URL("load-program.ts", import.meta.url));

/** A running load generator. */
export class LoadProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(PROGRAM, { execArgv: [] });
  }

  /** Does one step, and says what it has found. @throws {Error} A request failed, or got a wrong answer. */
  async run<Step extends LoadStep>(step: Step): Promise<Extract<StepResult, { kind: Step["kind"] }>> {
    const answered = once(this.#child, "message") as Promise<[StepResult]>;
    this.#child.send(step);
    const [result] = await Promise.race([answered, this.#exit()]);
    if (result.kind === "failed") throw new Error(result.reason);
    return result as Extract<StepResult, { kind: Step["kind"] }>;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }

  async #exit(): Promise<never> {
    const [code, signal] = (await once(this.#child, "exit")) as [number | null, string | null];
    throw new Error(`The load generator ended with ${String(code ?? signal)}`);
  }
}
