import { afterAll, describe, expect, test } from "vitest";
import { parseMessage } from "../support/syslog-messages.ts";
import { StreamServer } from "../support/syslog-server.ts";
import type { Ending } from "./programs/plan.ts";
import { type Ended, endOf, runPlan, upTo } from "./run-program.ts";

const COUNT = 1000;
const servers: StreamServer[] = [];

afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** Runs a program that logs to a syslog server of its own. */
async function send(
  ending: Ending,
  { count = COUNT, isDeaf = false }: { readonly count?: number; readonly isDeaf?: boolean } = {},
): Promise<{ readonly ended: Ended; readonly server: StreamServer }> {
  const server = await StreamServer.start({ greet: () => isDeaf });
  servers.push(server);
  const exitTimeoutMillis = isDeaf ? 600 : 10_000;
  const address = { transport: "tcp", host: "127.0.0.1", port: server.port } as const;
  const options = { name: "syslog", ...address, exitTimeoutMillis };
  const ended = await runPlan({ handlers: [{ kind: "syslog", options }], count, ending, code: 7 });
  return { ended, server };
}

function numbersIn(messages: readonly string[]): number[] {
  return messages.map((text) => Number(/^record (\d+)$/.exec(parseMessage(text).msg)?.[1]));
}

describe.concurrent("records just logged to a syslog server", () => {
  test.each([
    ["natural", COUNT, 7],
    ["exit", COUNT, 7],
    ["late-exit", COUNT + 10, 7],
    ["throw", COUNT, 1],
    ["reject", COUNT, 1],
    ["shutdown", COUNT, 0],
    ["shutdown-and-exit", COUNT, 7],
  ] as const)("ending %s: %i records, exit code %i", async (ending, count, code) => {
    const { ended, server } = await send(ending);
    expect(ended).toMatchObject({ code, signal: null });
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: count, queued: 0 });
    // The system had it all when the program ended.
    expect(numbersIn(await server.received(count))).toEqual(upTo(count));
  });

  test("a thread that is terminated before the end has a successor", async () => {
    const { ended, server } = await send("terminate-and-exit");
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 2 * COUNT, queued: 0, droppedTotal: 0 });
    expect([...new Set(numbersIn(await server.received(2 * COUNT)))]).toEqual(upTo(2 * COUNT));
  });

  test("a server that accepts and never reads holds up the end for exitTimeoutMillis; what is left is counted", async () => {
    // More than the buffers of the system hold.
    const { ended } = await send("exit-when-up", { isDeaf: true, count: 150_000 });
    const { waitedMillis, stats } = endOf(ended);
    expect(ended.code).toBe(7);
    expect(waitedMillis).toBeLessThan(6000);
    const [{ emitted, delivered, droppedTotal, queued, dropped }] = stats as [(typeof stats)[number]];
    expect([emitted, delivered + droppedTotal, queued]).toEqual([150_000, 150_000, 0]);
    expect(dropped.exit_deadline).toBeGreaterThan(0);
    expect(ended.stderr).toContain("behind at the end of the process");
  });
});
