/** The end of a process that logs by winston: nothing is lost, and nothing waits for winston's three seconds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("./programs/end.ts", import.meta.url));
/** winston gives up on transports after this. */
const STALL_MILLIS = 3_000;

interface Line {
  readonly msg: string;
  readonly level: string;
  readonly [attribute: string]: unknown;
}

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  /** From the end of the set-up to the exit of the process. */
  readonly millis: number;
  readonly lines: readonly Line[];
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function run(
  way: string,
  options: object = {},
  { target }: { readonly target?: string } = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "femto-winston-"));
  folders.push(folder);
  const path = join(folder, "app.log");
  const child = spawn(process.execPath, [PROGRAM, target ?? path, way, JSON.stringify(options)], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
    timeout: 25_000,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  const written = target === undefined ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  return {
    code: code as number | null,
    stderr,
    millis: Number(stdout),
    lines: written.map((line) => JSON.parse(line) as Line),
  };
}

const NUMBERS = Array.from({ length: 100 }, (_, i) => i);

describe.concurrent("nothing is lost", () => {
  test("process.exit() right after the last record", async ({ expect: expectHere }) => {
    const { code, stderr, lines } = await run("exit");
    expectHere({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectHere(lines.map(({ i }) => i)).toEqual(NUMBERS);
  });

  test("process.exit() while a stuck transport holds up the logger", async ({ expect: expectHere }) => {
    const { code, lines } = await run("exit", { isStuck: true });
    expectHere(code).toBe(0);
    expectHere(lines.map(({ i }) => i)).toEqual(NUMBERS);
  });

  test("end(), and exit at finish", async ({ expect: expectHere }) => {
    const { code, lines } = await run("end");
    expectHere(code).toBe(0);
    expectHere(lines.map(({ i }) => i)).toEqual(NUMBERS);
  });
});

describe("errors that nobody caught", () => {
  const syslogWithoutError = { levels: { emerg: 0, alert: 1 }, level: "alert" };

  test.for([
    ["throw", "uncaughtException: nobody catches this", {}],
    ["reject", "unhandledRejection: nobody handles this", {}],
    ["throw", "uncaughtException: nobody catches this", { asHandlers: true }],
    ["reject", "unhandledRejection: nobody handles this", { asHandlers: true }],
    ["throw", "uncaughtException: nobody catches this", { isStuck: true }],
    ["throw", "uncaughtException: nobody catches this", syslogWithoutError],
  ] as const)("%s, %s, with %j, are recorded without a stall", async ([way, message, options]) => {
    const { code, millis, lines } = await run(way, options);
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    const [line] = lines;
    expect(line).toMatchObject({
      msg: message,
      "exception.type": "TypeError",
      "exception.message": message.split(": ")[1],
      "exception.stacktrace": expect.stringMatching(/^TypeError: nobody .*\n {4}at /),
      process: { pid: expect.any(Number) },
    });
    for (const key of ["exception", "rejection", "error", "stack", "trace", "date"])
      expect(line).not.toHaveProperty(key);
    // A stuck transport without handleExceptions holds nothing up: winston waits for those with it.
    expect(millis).toBeLessThan(STALL_MILLIS);
  });

  test("leave the transport at work where the process goes on", async () => {
    const { code, lines } = await run("throw-twice", { exitOnError: false });
    expect(code).toBe(0);
    expect(lines.map(({ msg }) => msg)).toEqual([
      "uncaughtException: nobody catches this",
      "after the error",
    ]);
  });

  test("do not wait for ever for a peer that hangs", async () => {
    const server = createServer(() => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const { code, stderr, millis } = await run("throw", {}, { target: `http://127.0.0.1:${port}/v1/logs` });
    expect(code).toBe(1);
    expect(stderr).toContain("exit_deadline");
    expect(millis).toBeLessThan(2 * STALL_MILLIS);
  });
});
