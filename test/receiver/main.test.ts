import { fork } from "node:child_process";
import type { ChildProcess, ForkOptions } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

import { emptyRecords, events, send } from "./client.ts";
import { callExport } from "./grpc-client.ts";

const program = fileURLToPath(new URL("../../src/receiver/main.ts", import.meta.url));

interface Urls {
  readonly url: string;
  readonly grpcUrl?: string;
  readonly statsUrl: string;
  readonly recordsUrl: string;
}

function start(args: readonly string[]): ChildProcess {
  const options: ForkOptions = { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] };
  const child = fork(program, args, options);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the child has no stdout");
  const [line] = await once(createInterface(child.stdout), "line");
  return line as string;
}

async function startReceiver(args: readonly string[]): Promise<Urls & { child: ChildProcess }> {
  const child = start(args);
  const urls = JSON.parse(await firstLine(child)) as Urls;
  return { ...urls, child };
}

async function read(url: string): Promise<string> {
  return (await send(url, { method: "GET", headers: {} })).body.toString();
}

test("main prints where it listens, and takes and gives records there", async () => {
  const { url, statsUrl, recordsUrl } = await startReceiver([]);
  await send(url, { body: events("a") });
  expect(JSON.parse(await read(statsUrl))).toMatchObject({ requests: 1, records: 1 });
  expect(JSON.parse(await read(recordsUrl))).toMatchObject({ eventName: "a" });
});

test("main takes its options from the command line", async () => {
  const args = ["--keep", "count", "--path", "/otlp", "--body-bytes-max", "100", "--host", "localhost"];
  const { url, statsUrl, recordsUrl } = await startReceiver(args);
  expect(url).toMatch(/^http:\/\/localhost:\d+\/otlp$/);
  await send(url, { body: emptyRecords(10) });
  expect((await send(url, { body: emptyRecords(100) })).status).toBe(413);
  expect(JSON.parse(await read(statsUrl))).toMatchObject({ requests: 2, records: 10, errors: 1 });
  expect(await read(recordsUrl)).toBe("");
});

test("main listens for gRPC as well with --grpc-port, and says where", async () => {
  const { grpcUrl, statsUrl } = await startReceiver(["--grpc-port", "0"]);
  expect(await callExport(grpcUrl!, events("a"))).toMatchObject({ code: 0 });
  expect(JSON.parse(await read(statsUrl))).toMatchObject({ requests: 1, records: 1 });
});

test("main refuses an option that is not what it must be, with exit code 1", async () => {
  const child = start(["--port", "many"]);
  const chunks: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  const [exitCode] = await once(child, "close");
  expect(exitCode).toBe(1);
  expect(chunks.join("")).toContain('"port" is NaN, must be an integer from 0 to 65535');
});

test("main ends on SIGTERM with exit code 0", async () => {
  const { child } = await startReceiver([]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toStrictEqual([0, null]);
});

test("main ends when the process that forked it is gone", async () => {
  const { child } = await startReceiver([]);
  child.disconnect();
  expect(await once(child, "exit")).toStrictEqual([0, null]);
});
