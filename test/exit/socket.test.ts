import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import type { SocketHandlerOptions } from "../../src/index.ts";
import { FemtoSocketReceiver } from "../../src/receiver/index.ts";
import type { Ending, Plan } from "./programs/plan.ts";
import { type Ended, endOf, runPlan, upTo } from "./run-program.ts";

const receivers: FemtoSocketReceiver[] = [];
const LONG = { timeoutMillis: 20_000 };

afterAll(() => Promise.all(receivers.map((receiver) => receiver.stop())));

function run(ending: Ending, options: SocketHandlerOptions, plan: Partial<Plan> = {}): Promise<Ended> {
  const handlers = [{ kind: "socket" as const, options: { exitTimeoutMillis: 10_000, ...options } }];
  return runPlan({ handlers, count: 1000, ending, code: 7, ...plan });
}

/** Runs a program that logs to a receiver of its own, and waits for what it has delivered. */
async function send(
  ending: Ending,
  plan: Partial<Plan> = {},
): Promise<{ readonly ended: Ended; readonly numbers: readonly number[] }> {
  const receiver = await FemtoSocketReceiver.start();
  receivers.push(receiver);
  const ended = await run(ending, { ...receiver.target }, plan);
  // The process is gone: what it has written is on its way, or was read already.
  await receiver.waitFor(endOf(ended).stats[0]?.delivered ?? 0, LONG);
  return { ended, numbers: receiver.records.map(({ attributes }) => Number(attributes["i"])) };
}

// A thread takes its time to start on a busy machine: hence exitTimeoutMillis.
describe.concurrent("1000 records just logged to a socket", () => {
  test.each([
    ["natural", 1000, 7],
    ["exit", 1000, 7],
    ["late-exit", 1010, 7],
    ["throw", 1000, 1],
    ["reject", 1000, 1],
    ["shutdown", 1000, 0],
    ["shutdown-and-exit", 1000, 7],
  ] as const)("ending %s: %i records, exit code %i", async (ending, count, code) => {
    const { ended, numbers } = await send(ending);
    expect(ended).toMatchObject({ code, signal: null });
    expect(numbers).toEqual(upTo(count));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: count, queued: 0 });
    expect(endOf(ended).stats[0]?.dropped.exit_deadline).toBe(0);
  });

  test("a resource whose attributes never come holds nothing up", async () => {
    const { ended, numbers } = await send("exit-when-up", { hasPendingResource: true });
    expect(numbers).toEqual(upTo(1000));
    // Longer than the threads' 5 s for a resource: it was not waited for.
    expect(endOf(ended).waitedMillis).toBeLessThan(4500);
  });

  test("a thread that is terminated before the end has a successor", async () => {
    const { ended, numbers } = await send("terminate-and-exit");
    expect([...new Set(numbers)]).toEqual(upTo(2000));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 2000, queued: 0, droppedTotal: 0 });
  });

  test("a thread that is terminated while it starts has a successor", async () => {
    const { numbers } = await send("terminate-at-once-and-exit");
    expect(numbers).toEqual(upTo(1000));
  });

  test("records that listeners of 'exit' log too late are counted", async () => {
    const { ended, numbers } = await send("exit", { logsInExitListeners: true });
    expect(numbers).toEqual(upTo(1001));
    expect(endOf(ended).stats[0]).toMatchObject({ emitted: 1002, delivered: 1001, queued: 0 });
    expect(endOf(ended).stats[0]?.dropped.already_shutdown).toBe(1);
  });
});

describe.concurrent("the end of a process whose receiver takes nothing", () => {
  /** More than the buffers of a connection hold. */
  const recordCount = 100_000;
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  async function startUnread(): Promise<SocketHandlerOptions> {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on("error", () => {});
      sockets.push(socket);
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  }

  test.each(["natural", "exit-when-up"] as const)(
    "%s: a peer that never reads holds it up for exitTimeoutMillis, and what is left is counted and said",
    async (ending) => {
      const options = { ...(await startUnread()), exitTimeoutMillis: 1000, queueBytes: 67_108_864 };
      const ended = await run(ending, options, { count: recordCount });
      const { stats, waitedMillis } = endOf(ended);
      const [{ delivered, queued, dropped, emitted } = expect.fail("no statistics")] = stats;
      expect(ended.code).toBe(7);
      expect(waitedMillis).toBeLessThan(6000);
      expect(dropped.exit_deadline).toBeGreaterThan(0);
      expect({ queued, emitted, sum: delivered + dropped.exit_deadline }).toEqual({
        queued: 0,
        emitted: recordCount,
        sum: recordCount,
      });
      expect(ended.stderr).toContain(String(dropped.exit_deadline));
    },
  );

  test("a peer that is away holds it up for exitTimeoutMillis, and everything is counted", async () => {
    const socketPath = "/tmp/femto-no-such-folder/socket";
    const ended = await run("exit", { socketPath, exitTimeoutMillis: 500 });
    expect(ended.code).toBe(7);
    expect(endOf(ended).stats[0]).toMatchObject({
      delivered: 0,
      queued: 0,
      dropped: { exit_deadline: 1000 },
    });
    expect(endOf(ended).waitedMillis).toBeLessThan(5000);
  });
});
