/** `basicConfig({ handleSignals: true })`: the end by a signal waits for the records, and stays an end by a signal. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

import { INDEX, start, type Running } from "./program.ts";

/** A program whose exporter says each record on stdout, a moment after it was given it. */
const PROGRAM = `
  import { basicConfig, FemtoBatchLogRecordProcessor, info } from "${INDEX}";
  const exporter = {
    export: (records, callback) =>
      setTimeout(() => {
        for (const { body } of records) console.log(body);
        callback({ code: 0 });
      }, 50),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const handler = new FemtoBatchLogRecordProcessor({ exporter, scheduledDelayMillis: 60_000 });
  basicConfig({ handlers: [handler], handleSignals: true });
  setInterval(() => {}, 1000);
  info("logged before");
`;

async function startAndWait(program: string): Promise<Running> {
  const running = await start(`${program}\nconsole.log("ready");\n`);
  await once(createInterface(running.child.stdout), "line");
  return running;
}

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s ends the process after its records are out",
  async (signal) => {
    const { child, ended } = await startAndWait(PROGRAM);
    child.kill(signal);
    expect(await ended).toEqual({ code: null, signal, stdout: "ready\nlogged before\n", stderr: "" });
  },
);

test("an application that listens itself ends when it wants to, and what it logs until then is taken", async () => {
  const { child, ended } = await startAndWait(`${PROGRAM}
    process.once("SIGTERM", () => {
      info("shutting down");
      setTimeout(async () => {
        info("closed");
        await handler.forceFlush();
        process.exit(3);
      }, 200);
    });
  `);
  child.kill("SIGTERM");
  const { code, signal, stdout } = await ended;
  expect([code, signal]).toEqual([3, null]);
  expect(stdout).toBe("ready\nlogged before\nshutting down\nclosed\n");
});

test("a second signal does not wait for an exporter that never answers", async () => {
  const { child, ended } = await startAndWait(
    PROGRAM.replace("callback({ code: 0 });", 'console.log("hangs");'),
  );
  const startMillis = performance.now();
  const lines = createInterface(child.stdout);
  child.kill("SIGTERM");
  for await (const line of lines) if (line === "hangs") break;
  child.kill("SIGTERM");
  const [, signal] = (await once(child, "exit")) as [unknown, NodeJS.Signals];
  expect(signal).toBe("SIGTERM");
  // A flush may take 5 seconds.
  expect(performance.now() - startMillis).toBeLessThan(4000);
  await ended;
});
