/** Starts the collector. */
import { fork } from "node:child_process";
import { once } from "node:events";
import type { CollectorUrls } from "./collector.ts";
import type { ComparisonResult } from "./comparison.ts";
import { compareCollector } from "./read-back.ts";

/** A collector in another process. */
export interface CollectorProcess {
  /** Where OTLP is sent to. */
  readonly url: string;
  /** Compares what it holds with what was logged. */
  readonly compare: () => Promise<ComparisonResult>;
  /** Ends the process. */
  readonly stop: () => Promise<void>;
}

/** Starts the collector. @throws {Error} It ended before it listened; it has said why on stderr. */
export async function startCollector(): Promise<CollectorProcess> {
  const child = fork(new URL("collector.ts", import.meta.url), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const failed = exited.then(([code]) => {
    throw new Error(`Cannot start the collector: its process ended with code ${String(code)}`);
  });
  const [{ url, recordsUrl }] = (await Promise.race([once(child, "message"), failed])) as [CollectorUrls];
  return {
    url,
    compare: () => compareCollector(recordsUrl),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
