import { spawnSync } from "node:child_process";

import { diag, DiagLogLevel } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Trouble } from "../src/diagnostics.ts";
import { reportHeldBack, reportOnce, reportTrouble, setTroubleListener } from "../src/diagnostics.ts";

const moduleUrl = new URL("../src/diagnostics.ts", import.meta.url).href;

/** Runs a program in a process of its own, because stderr is one of the things under test. */
function run(program: string): { readonly stderr: string; readonly status: number | null } {
  const source = `import { reportHeldBack, reportOnce, reportTrouble, setTroubleListener } from ${JSON.stringify(moduleUrl)};\n${program}`;
  const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: new URL("..", import.meta.url),
    encoding: "utf8",
  });
  return { stderr, status };
}

let told: Trouble[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  setTroubleListener((trouble) => told.push(trouble));
});

afterEach(() => {
  setTroubleListener(undefined);
  diag.disable();
  vi.useRealTimers();
});

describe("reportTrouble", () => {
  test("reportTrouble() tells the first of a kind at once", () => {
    reportTrouble("queue_full", "312 records dropped");
    expect(told).toEqual([{ kind: "queue_full", message: "312 records dropped", heldBackCount: 0 }]);
  });

  test("reportTrouble() holds back what follows within a minute, then tells the latest and how many there were", () => {
    for (const message of ["first", "second", "third", "fourth"]) reportTrouble("queue_full", message);
    vi.advanceTimersByTime(59_999);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told.slice(1)).toEqual([{ kind: "queue_full", message: "fourth", heldBackCount: 2 }]);
  });

  test("reportTrouble() begins a new minute with each line", () => {
    reportTrouble("queue_full", "first");
    reportTrouble("queue_full", "second");
    vi.advanceTimersByTime(60_000);
    reportTrouble("queue_full", "third");
    expect(told.map(({ message }) => message)).toEqual(["first", "second"]);
    vi.advanceTimersByTime(60_000);
    expect(told.map(({ message }) => message)).toEqual(["first", "second", "third"]);
    expect(told.map(({ heldBackCount }) => heldBackCount)).toEqual([0, 0, 0]);
  });

  test("reportTrouble() tells at once after a quiet minute", () => {
    reportTrouble("queue_full", "first");
    vi.advanceTimersByTime(60_000);
    reportTrouble("queue_full", "second");
    expect(told[1]).toEqual({ kind: "queue_full", message: "second", heldBackCount: 0 });
  });

  test("reportTrouble() counts what was held back when no timer could run, as in a thread that waits", () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    reportTrouble("queue_full", "first");
    reportTrouble("queue_full", "second");
    now.mockReturnValue(60_000);
    reportTrouble("queue_full", "third");
    expect(told[1]).toEqual({ kind: "queue_full", message: "third", heldBackCount: 1 });
    now.mockRestore();
  });

  test("reportTrouble() limits each kind for itself", () => {
    reportTrouble("queue_full", "a");
    reportTrouble("export_failed", "b");
    expect(told.map(({ kind }) => kind)).toEqual(["queue_full", "export_failed"]);
  });

  test("reportTrouble() tells 256 kinds apart and limits all further ones together", () => {
    for (let index = 0; index < 300; index++) reportTrouble(`kind ${index}`, "message");
    expect(told).toHaveLength(257);
    expect(told[256]?.kind).toBe("other");
  });
});

describe("reportOnce", () => {
  test("reportOnce() tells a key a single time", () => {
    reportOnce("environment OTEL_X", "ignored");
    vi.advanceTimersByTime(120_000);
    reportOnce("environment OTEL_X", "ignored");
    expect(told).toEqual([{ kind: "environment OTEL_X", message: "ignored", heldBackCount: 0 }]);
  });

  test("reportOnce() remembers 1024 keys and limits all further ones together", () => {
    for (let index = 0; index < 1_100; index++) reportOnce(`key ${index}`, "message");
    expect(told).toHaveLength(1_025);
  });
});

describe("reportHeldBack", () => {
  test("reportHeldBack() tells at once what is held back, and nothing when nothing is", () => {
    reportTrouble("queue_full", "first");
    reportHeldBack();
    expect(told).toHaveLength(1);
    reportTrouble("queue_full", "second");
    reportTrouble("queue_full", "third");
    reportHeldBack();
    expect(told.slice(1)).toEqual([{ kind: "queue_full", message: "third", heldBackCount: 1 }]);
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(2);
  });
});

describe("setTroubleListener", () => {
  test("setTroubleListener() returns the one before and forgets what was told", () => {
    reportTrouble("queue_full", "first");
    reportOnce("key", "once");
    const heard: Trouble[] = [];
    const listener = (trouble: Trouble): void => void heard.push(trouble);
    setTroubleListener(listener);
    reportTrouble("queue_full", "again");
    reportOnce("key", "once again");
    expect(heard.map(({ message }) => message)).toEqual(["again", "once again"]);
    expect(setTroubleListener(undefined)).toBe(listener);
  });

  test("setTroubleListener() tells nothing of what was held back for the listener before", () => {
    reportTrouble("queue_full", "first");
    reportTrouble("queue_full", "second");
    const heard: Trouble[] = [];
    setTroubleListener((trouble) => heard.push(trouble));
    vi.advanceTimersByTime(60_000);
    expect(heard).toEqual([]);
  });
});

describe("where trouble goes", () => {
  test("reportTrouble() goes to the diag logger of OpenTelemetry as a warning when one is set", () => {
    const lines: string[] = [];
    setTroubleListener(undefined);
    diag.setLogger({ ...silentDiag, warn: (line) => lines.push(line) }, { logLevel: DiagLogLevel.WARN });
    reportTrouble("export_failed", "no connection");
    expect(lines).toEqual(["femtologging: no connection"]);
  });

  test("reportTrouble() does not call a diag logger that is reporting trouble itself", () => {
    let callCount = 0;
    setTroubleListener(undefined);
    const warn = (): void => {
      callCount += 1;
      // Goes to stderr, one line.
      reportTrouble(`trouble ${callCount}`, "reported by the diag logger of a test");
    };
    diag.setLogger({ ...silentDiag, warn }, { logLevel: DiagLogLevel.WARN });
    reportTrouble("export_failed", "no connection");
    expect(callCount).toBe(1);
  });

  test("reportTrouble() writes one line to stderr, with nothing that could start another or steer a terminal", () => {
    const { stderr } = run(String.raw`reportTrouble("x", "bad\nvalue \u001b[31m \u2028 \u009b é");`);
    expect(stderr).toBe("femtologging: bad\\nvalue \\u001b[31m \\u2028 \\u009b é\n");
  });

  test("reportHeldBack() says on stderr how many more there were", () => {
    const { stderr } = run(`for (const m of ["a", "b", "c"]) reportTrouble("x", m); reportHeldBack();`);
    expect(stderr).toBe("femtologging: a\nfemtologging: c (and 1 more like it since the last line)\n");
  });

  test("reportTrouble() cuts a line to 4096 bytes between two characters", () => {
    const { stderr } = run(`reportTrouble("x", "é".repeat(5_000));`);
    expect(stderr).toMatch(/^femtologging: é+\n$/);
    expect(Buffer.byteLength(stderr)).toBe(4_095);
  });

  test("reportTrouble() does not throw when stderr is closed", () => {
    const program = `import { closeSync } from "node:fs"; closeSync(2); reportTrouble("x", "unheard"); process.exit(7);`;
    expect(run(program)).toEqual({ stderr: "", status: 7 });
  });

  test("reportTrouble() goes to stderr when the listener throws", () => {
    const { stderr, status } = run(
      `setTroubleListener(() => { throw new Error("broken"); }); reportTrouble("x", "heard");`,
    );
    expect({ stderr, status }).toEqual({ stderr: "femtologging: heard\n", status: 0 });
  });

  test("reportTrouble() does not keep the process alive for what it holds back", () => {
    const startMillis = performance.now();
    const { status } = run(`reportTrouble("x", "a"); reportTrouble("x", "b");`);
    expect(status).toBe(0);
    expect(performance.now() - startMillis).toBeLessThan(30_000);
  });
});

const silentDiag = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  verbose: () => {},
};
