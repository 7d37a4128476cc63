import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { endOf, makeFolder, numbersIn, runPlan, startProgram, upTo } from "./run-program.ts";

const PRELOADED = fileURLToPath(new URL("./programs/preloaded.cjs", import.meta.url));

describe.concurrent("without threads (--permission, no --allow-worker)", () => {
  function permitted(folder: string): string[] {
    return ["--permission", "--allow-fs-read=*", `--allow-fs-write=${folder}`];
  }

  test.each(["natural", "exit", "late-exit"] as const)(
    "a file handler writes on the application's thread, ending %s",
    async (ending) => {
      const folder = makeFolder();
      const path = join(folder, "app.log");
      const handlers = [{ kind: "file" as const, options: { path } }];
      const ended = await runPlan(
        { handlers, count: 1000, ending, code: 7 },
        { execArgv: permitted(folder) },
      );
      expect(ended.code).toBe(7);
      expect(numbersIn(path)).toEqual(upTo(ending === "late-exit" ? 1010 : 1000));
      expect(ended.stderr).toMatch(
        /^femtologging: Cannot start a thread for handler "file": [^\n]*; the handler works on the application's thread from now on\n$/,
      );
    },
  );

  test("an OTLP handler sends on the application's event loop, and has it at a natural end", async () => {
    const receiver = await OtlpReceiver.start();
    const handlers = [{ kind: "otlp" as const, options: { url: receiver.url } }];
    // Newer versions of Node restrict the network too.
    const netFlags = ["--allow-net"].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag));
    const options = { execArgv: [...permitted("/nowhere"), ...netFlags] };
    const ended = await runPlan({ handlers, count: 1000, ending: "natural", code: 7 }, options);
    expect(receiver.counts.records).toBe(1000);
    await receiver.stop();
    expect(ended.code).toBe(7);
    expect(ended.stderr.match(/works on the application's thread/g)).toHaveLength(1);
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 1000, droppedTotal: 0 });
  });
});

describe.concurrent("beside an application's own set-up", () => {
  test("what NODE_OPTIONS preloads does not get into the handler's thread", async () => {
    const folder = makeFolder();
    const path = join(folder, "app.log");
    const preloadedPath = join(folder, "preloaded");
    const handlers = [{ kind: "file" as const, options: { path } }];
    const env = { NODE_OPTIONS: `--require ${PRELOADED}`, PRELOADED_PATH: preloadedPath };
    const ended = await runPlan({ handlers, count: 1000, ending: "late-exit" }, { env });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(numbersIn(path)).toEqual(upTo(1010));
    expect(readFileSync(preloadedPath, "utf8")).toBe("main\n");
  });

  test("nor do options on the command line", async () => {
    const folder = makeFolder();
    const path = join(folder, "app.log");
    const preloadedPath = join(folder, "preloaded");
    const handlers = [{ kind: "file" as const, options: { path } }];
    const options = {
      execArgv: ["--require", PRELOADED, "--stack-trace-limit=3"],
      env: { PRELOADED_PATH: preloadedPath },
    };
    const ended = await runPlan({ handlers, count: 1000, ending: "late-exit" }, options);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(preloadedPath, "utf8")).toBe("main\n");
  });

  test.each(["natural", "exit", "throw"])(
    "a handler that a thread of the application made: ending %s loses nothing",
    async (ending) => {
      const path = join(makeFolder(), "app.log");
      const { code, stdout } = await startProgram("handler-in-thread.ts", [path, ending]).ended;
      expect([code, stdout]).toEqual([0, ending === "throw" ? "thrown in the thread" : ""]);
      expect(numbersIn(path)).toEqual(upTo(1000));
    },
  );

  test("threads of the application that end, or are terminated, lose nothing of what they logged", async () => {
    const path = join(makeFolder(), "app.log");
    const ended = await startProgram("application-threads.ts", [path]).ended;
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(numbersIn(path).toSorted((left, right) => left - right)).toEqual(upTo(3000));
  });
});
