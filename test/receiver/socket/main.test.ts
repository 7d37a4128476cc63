import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

import { frame } from "../../exporters/socket/frames-of.ts";

const program = fileURLToPath(new URL("../../../src/receiver/socket/main.ts", import.meta.url));

function start(args: readonly string[]): ChildProcess {
  const child = fork(program, args, { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("the child has no stdout");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { address, target } = JSON.parse(line) as { address: string; target: { port: number } };
  expect(address).toBe(`tcp://127.0.0.1:${target.port}`);
  return target.port;
}

test("main takes its options from the command line, and answers with its counts when the records have come", async () => {
  const child = start(["--keep", "count", "--frame-bytes-max", "100"]);
  const socket = connect(await portOf(child), "127.0.0.1");
  child.send({ records: 2, timeoutMillis: 20_000 });
  socket.write(Buffer.concat([frame("x".repeat(100)), frame("y"), frame("z".repeat(101))]));
  const [counts] = await once(child, "message");
  expect(counts).toMatchObject({ records: 2, oversized: 1 });
  socket.destroy();
});

test("main answers with its counts when the time is over", async () => {
  const child = start([]);
  await portOf(child);
  child.send({ records: 1, timeoutMillis: 1 });
  const [counts] = await once(child, "message");
  expect(counts).toMatchObject({ records: 0 });
});

test("main refuses an option that is not what it must be, with exit code 1", async () => {
  const child = start(["--port", "many"]);
  const chunks: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  const [exitCode] = await once(child, "close");
  expect(exitCode).toBe(1);
  expect(chunks.join("")).toContain('"port" is NaN, must be an integer from 0 to 65535');
});

test.each(["kill", "disconnect"] as const)("main ends by %s() with exit code 0", async (how) => {
  const child = start([]);
  await portOf(child);
  child[how]();
  expect(await once(child, "exit")).toStrictEqual([0, null]);
});
