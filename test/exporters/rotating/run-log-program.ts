import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { LogPlan } from "./programs/log-to-path.ts";

/** How a process has ended, and what it said. */
export interface LogProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that logs. */
export interface LogProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<LogProcessEnd>;
}

/** Starts a program of ./programs, which ends with the test. */
export function startProgram(name: string, args: readonly string[], uid?: number): LogProcess {
  const path = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const texts = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, "exit").then(async ([code, signal]) => {
    const [stdout, stderr] = await texts;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  return { child, ended };
}

/** Starts a process that logs. */
export function startLogging(plan: LogPlan, uid?: number): LogProcess {
  return startProgram("log-to-path.ts", [JSON.stringify(plan)], uid);
}

/** A process that has ended as it should, and had nothing to say. */
export const QUIET_END: LogProcessEnd = { code: 0, signal: null, stdout: "", stderr: "" };
