import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";

interface Ended {
  readonly code: number;
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly stderr: string;
}

const program = fileURLToPath(new URL("../../src/cli/replay-otlp-file.ts", import.meta.url));

function start(args: readonly string[]): { readonly kill: () => void; readonly ended: Promise<Ended> } {
  const env = { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({
      code: code as number,
      results: stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
      stderr,
    }),
  );
  return { kill: () => void child.kill("SIGTERM"), ended };
}

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  return receiver;
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-replay-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const line = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}\n`;

test("replays files one after the other, and prints a line for each", async () => {
  const receiver = await startReceiver();
  const folder = makeFolder();
  const paths = [3, 5].map((count) => join(folder, `${count}.jsonl`));
  writeFileSync(paths[0]!, line.repeat(3));
  writeFileSync(paths[1]!, `${line.repeat(5)}torn`);
  const { code, results, stderr } = await start(["--url", receiver.url, "--header", "x-a=b=c", ...paths])
    .ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("torn") as string });
  expect(results).toMatchObject([
    { path: paths[0], isComplete: true, deliveredCount: 3, tornByteCount: 0 },
    { path: paths[1], isComplete: true, deliveredCount: 5, tornByteCount: 4 },
  ]);
  expect(receiver.requests[0]?.headers).toMatchObject({ "x-a": "b=c" });
});

test("SIGTERM stops it, and --offset-file goes on where it was", async () => {
  const receiver = await startReceiver();
  const folder = makeFolder();
  const path = join(folder, "app.jsonl");
  const offsetPath = join(folder, "offset");
  writeFileSync(path, line.repeat(40_000));
  receiver.respond({});
  receiver.respond({ hang: true });
  const args = ["--url", receiver.url, "--offset-file", offsetPath, path];
  const first = start(args);
  await receiver.waitForRequests(2);
  first.kill();
  const stopped = await first.ended;
  expect(stopped).toMatchObject({ code: 1, results: [{ isComplete: false }] });
  expect(stopped.stderr).toContain("stopped by SIGTERM");
  expect(Number(readFileSync(offsetPath, "utf8"))).toBe(stopped.results[0]!["nextOffset"]);
  expect(await start(args).ended).toMatchObject({ code: 0, results: [{ isComplete: true }] });
  expect(receiver.records).toHaveLength(40_000);
  expect(Number(readFileSync(offsetPath, "utf8"))).toBe(statSync(path).size);
});

test.each([
  [[], "No file is named"],
  [["--nonsense", "a"], "--nonsense"],
  [["--offset", "5", "a", "b"], "An offset is that of one file"],
  [["--header", "x", "a"], "A header is name=value"],
  [["--url", "ftp://x", "a"], '"url"'],
  [["/nonexistent/file"], "ENOENT"],
])("a wrong command line %j ends with 2 and says why", async (args, why) => {
  const { code, stderr, results } = await start(args).ended;
  expect({ code, results }).toEqual({ code: 2, results: [] });
  expect(stderr).toContain(why);
});
