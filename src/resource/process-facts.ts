import { readFileSync } from "node:fs";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

/** What is the same for all threads of a process, though not each of them can see it. */
export interface ProcessFacts {
  /** A UUID of version 4, made for this process. */
  readonly instanceId: string;
  /** Of the main thread: that of a thread names the thread's own file. */
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
}

const ENVIRONMENT_KEY = "femtologging.process.1";
/** Gives another UUID of version 4 each time it is read. */
const LINUX_UUID_PATH = "/proc/sys/kernel/random/uuid";

/**
 * The facts of this process: those that the thread which started this one has left, else found out now and left for the
 * threads that this one starts later. Never throws.
 */
export function processFacts(): ProcessFacts {
  const inherited = getEnvironmentData(ENVIRONMENT_KEY) as unknown as ProcessFacts | undefined;
  if (inherited !== undefined) return inherited;
  const facts: ProcessFacts = {
    instanceId: makeInstanceId(),
    argv: [...process.argv],
    execArgv: [...process.execArgv],
  };
  setEnvironmentData(ENVIRONMENT_KEY, facts);
  return facts;
}

/** Without `node:crypto` where that can be: it takes 7 ms to load. */
function makeInstanceId(): string {
  try {
    return readFileSync(LINUX_UUID_PATH, "utf8").trim();
  } catch {
    return process.getBuiltinModule("node:crypto").randomUUID();
  }
}
