import { afterAll, describe, expect, test } from "vitest";
import { HttpRecords } from "../support/http-records.ts";
import type { Ending } from "./programs/plan.ts";
import { type Ended, endOf, runPlan, upTo } from "./run-program.ts";

const servers: HttpRecords[] = [];

afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** Runs a program that logs to a web server of its own. */
async function send(
  ending: Ending,
  {
    format,
    count,
    status = 200,
  }: { readonly format: "ndjson" | "form"; readonly count: number; readonly status?: number },
): Promise<{ readonly ended: Ended; readonly numbers: readonly number[] }> {
  const server = await HttpRecords.start();
  servers.push(server);
  server.status = status;
  const exitTimeoutMillis = status === 200 ? 10_000 : 600;
  const options = { name: "web", url: server.url, format, maxConcurrentRequests: 1, exitTimeoutMillis };
  const ended = await runPlan({ handlers: [{ kind: "http", options }], count, ending, code: 7 });
  return { ended, numbers: server.records.map(({ i }) => Number(i)) };
}

describe.concurrent("records just logged to a web server", () => {
  test.each([
    ["natural", 1000, 7],
    ["exit", 1000, 7],
    ["late-exit", 1010, 7],
    ["throw", 1000, 1],
    ["reject", 1000, 1],
    ["shutdown", 1000, 0],
    ["shutdown-and-exit", 1000, 7],
  ] as const)("batches, ending %s: %i records, exit code %i", async (ending, count, code) => {
    const { ended, numbers } = await send(ending, { format: "ndjson", count: 1000 });
    expect(ended).toMatchObject({ code, signal: null });
    expect(numbers).toEqual(upTo(count));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: count, queued: 0 });
  });

  test.each(["natural", "exit"] as const)("a request for each record, ending %s", async (ending) => {
    const { ended, numbers } = await send(ending, { format: "form", count: 100 });
    expect(numbers).toEqual(upTo(100));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 100, queued: 0 });
  });

  test("a thread that is terminated before the end has a successor", async () => {
    const { ended, numbers } = await send("terminate-and-exit", { format: "ndjson", count: 1000 });
    expect([...new Set(numbers)]).toEqual(upTo(2000));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 2000, queued: 0, droppedTotal: 0 });
  });

  test("a server that is busy holds up the end for exitTimeoutMillis; what is left is counted and said", async () => {
    const { ended, numbers } = await send("exit-when-up", { format: "ndjson", count: 1000, status: 503 });
    expect(numbers).toEqual([]);
    const { waitedMillis, stats } = endOf(ended);
    expect(waitedMillis).toBeLessThan(5000);
    expect(stats[0]?.dropped.exit_deadline).toBe(1000);
    expect(ended.stderr).toContain('handler "web" left 1000 records behind at the end of the process');
  });
});
