import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { HttpRecords } from "../support/http-records.ts";
import type { FileHandlerOptions } from "../../src/index.ts";
import type { Ending } from "./programs/plan.ts";
import { type Ended, endOf, makeFolder, numbersIn, runPlan, startProgram, upTo } from "./run-program.ts";

const COUNT = 1000;
const servers: HttpRecords[] = [];

afterAll(() => Promise.all(servers.map((server) => server.stop())));

interface Kept {
  readonly ended: Ended;
  readonly numbers: readonly number[];
}

/** Runs a program that keeps all its records before a file. */
async function keepForFile(ending: Ending, options: Partial<FileHandlerOptions> = {}): Promise<Kept> {
  const path = join(makeFolder(), "app.log");
  const handlers = [{ kind: "memory" as const, options: { ...options, path } }];
  const ended = await runPlan({ handlers, count: COUNT, ending, code: 7 });
  return { ended, numbers: numbersIn(path) };
}

/** Runs a program that keeps all its records before a web server. */
async function keepForServer(ending: Ending, status = 200): Promise<Kept> {
  const server = await HttpRecords.start();
  servers.push(server);
  server.status = status;
  const exitTimeoutMillis = status === 200 ? 10_000 : 600;
  const options = { name: "web", url: server.url, maxConcurrentRequests: 1, exitTimeoutMillis };
  const ended = await runPlan({
    handlers: [{ kind: "memory-http", options }],
    count: COUNT,
    ending,
    code: 7,
  });
  return { ended, numbers: server.records.map(({ i }) => Number(i)) };
}

const ENDINGS = [
  ["natural", 1000, 7],
  ["exit", 1000, 7],
  ["exit-when-up", 1000, 7],
  ["late-exit", 1010, 7],
  ["throw", 1000, 1],
  ["throw-when-up", 1000, 1],
  ["reject", 1000, 1],
] as const;

describe.concurrent.each([
  ["a file", keepForFile],
  ["a web server", keepForServer],
] as const)("records that a memory handler keeps for %s", (_name, keep) => {
  test.each(ENDINGS)(
    "ending %s delivers them, with flushOnClose false too: %i, exit code %i",
    async (...row) => {
      const [ending, count, code] = row;
      const { ended, numbers } = await keep(ending);
      expect(ended).toMatchObject({ code, signal: null });
      expect(numbers).toEqual(upTo(count));
      expect(endOf(ended).stats[0]).toMatchObject({
        emitted: count,
        delivered: count,
        filtered: 0,
        queued: 0,
        droppedTotal: 0,
      });
    },
  );

  test.each(["shutdown", "shutdown-and-exit"] as const)(
    "ending %s with flushOnClose false leaves them out: counted as filtered",
    async (ending) => {
      const { ended, numbers } = await keep(ending);
      expect(numbers).toEqual([]);
      const [stats] = endOf(ended).stats;
      expect(stats).toMatchObject({ emitted: 1010, delivered: 0, filtered: 1000, queued: 0 });
      expect(stats?.dropped.already_shutdown).toBe(10);
    },
  );

  test("a thread that is terminated before the end has a successor, which finds what was kept", async () => {
    const { ended, numbers } = await keep("terminate-and-exit");
    expect(numbers).toEqual(upTo(2 * COUNT));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 2 * COUNT, queued: 0, droppedTotal: 0 });
  });
});

describe.concurrent("records that a memory handler keeps", () => {
  test.each(["natural", "exit", "throw"] as const)(
    "thread 'inline', ending %s: delivered",
    async (ending) => {
      const { ended, numbers } = await keepForFile(ending, { thread: "inline" });
      expect(numbers).toEqual(upTo(COUNT));
      expect(endOf(ended).stats[0]).toMatchObject({ delivered: COUNT, queued: 0 });
    },
  );

  test("a server that is busy holds up the end for exitTimeoutMillis; they are counted and said", async () => {
    const { ended, numbers } = await keepForServer("exit-when-up", 503);
    expect(numbers).toEqual([]);
    const { waitedMillis, stats } = endOf(ended);
    expect(waitedMillis).toBeLessThan(5000);
    expect(stats[0]?.dropped.exit_deadline).toBe(COUNT);
    expect(ended.stderr).toContain('handler "web" left 1000 records behind at the end of the process');
  });

  test("SIGKILL takes them along: kept is not written", async () => {
    const path = join(makeFolder(), "app.log");
    const handlers = [{ kind: "memory", options: { path } }];
    const plan = JSON.stringify({ handlers, count: COUNT, ending: "wait" });
    const program = startProgram("log-and-end.ts", [plan]);
    await program.logged(COUNT);
    program.child.kill("SIGKILL");
    expect(await program.ended).toMatchObject({ signal: "SIGKILL" });
    expect(numbersIn(path)).toEqual([]);
  });
});
