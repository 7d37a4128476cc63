import type { HandlerStats } from "../../../src/index.ts";

/** Where the program of a frozen runtime sends to. */
export interface FrozenPlan {
  readonly otlpUrl: string;
  readonly httpUrl: string;
  readonly path: string;
}

/** What has become of the records when an invocation is over. */
export interface FrozenReport {
  readonly stats: readonly HandlerStats[];
  /** Threads that were started so far. */
  readonly threadCount: number;
  /** Timers and the like that would keep the process alive. */
  readonly heldBy: readonly string[];
}
