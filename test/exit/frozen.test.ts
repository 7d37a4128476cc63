import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { HttpRecords } from "../support/http-records.ts";
import type { FrozenPlan, FrozenReport } from "./programs/frozen-plan.ts";
import { makeFolder, numbersIn, upTo } from "./run-program.ts";

const PROGRAM = fileURLToPath(new URL("./programs/frozen.ts", import.meta.url));
const INVOCATION_COUNT = 4;

function start(plan: FrozenPlan): ChildProcess {
  const child = fork(PROGRAM, [JSON.stringify(plan)], { env: { ...process.env, NODE_NO_WARNINGS: "1" } });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function invoke(child: ChildProcess, invocation: number): Promise<FrozenReport> {
  const answered = once(child, "message");
  child.send(invocation);
  const [report] = (await answered) as [FrozenReport];
  return report;
}

async function freeze(child: ChildProcess): Promise<void> {
  child.kill("SIGSTOP");
  await vi.waitFor(() => expect(stateOf(child)).toBe("T"), { timeout: 20_000 });
}

/** The state that the system has the process in: T is stopped. */
function stateOf({ pid }: ChildProcess): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}

test.skipIf(process.platform !== "linux")(
  "thread 'inline': after a flush the process may be stopped, and goes on when its peers have forgotten it",
  async () => {
    let receiver = await OtlpReceiver.start();
    const http = await HttpRecords.start();
    const path = join(makeFolder(), "frozen.jsonl");
    const child = start({ otlpUrl: receiver.url, httpUrl: http.url, path });
    const received: number[] = [];
    const takeReceived = (): void => {
      received.push(...receiver.records.map(({ attributes }) => Number(attributes.get("i"))));
    };
    const { port } = new URL(receiver.url);

    for (let invocation = 0; invocation < INVOCATION_COUNT; invocation++) {
      const report = await invoke(child, invocation);
      await freeze(child);
      const all = upTo((invocation + 1) * 10);
      takeReceived();
      expect(numbersIn(path)).toEqual(all);
      expect(received).toEqual(all);
      expect(http.records.map(({ i }) => i)).toEqual(all);
      expect(report).toMatchObject({ threadCount: 0, heldBy: [] });
      for (const stats of report.stats)
        expect(stats).toMatchObject({ emitted: all.length, delivered: all.length, queued: 0 });
      // The connection is gone, and the process does not see it go.
      await receiver.stop();
      receiver = await OtlpReceiver.start({ port: Number(port) });
      child.kill("SIGCONT");
    }

    const ended = once(child, "exit");
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    await receiver.stop();
    await http.stop();
    expect(receiver.records).toEqual([]);
  },
);
