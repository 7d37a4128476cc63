import { describe, expect, test } from "vitest";

import { captureUncaught } from "../../../src/bridges/index.ts";
import { collect } from "../../logger/collect.ts";
import { type EndedProgram, runProgram, untilTestEnd } from "../captured.ts";

const PLAIN = ["plain"];

/** How the program ends with and without the capture. */
async function bothWays(
  ending: string,
  execArgv: readonly string[] = [],
): Promise<{ readonly captured: EndedProgram; readonly plain: EndedProgram }> {
  const [captured, plain] = await Promise.all([
    runProgram("uncaught.ts", { args: ["capture", ending], execArgv }),
    runProgram("uncaught.ts", { args: [...PLAIN, ending], execArgv }),
  ]);
  return { captured, plain };
}

/** What a program says of how it ends, without the number of its process. */
function outcome({ code, signal, stdout, stderr }: EndedProgram): object {
  return { code, signal, stdout, stderr: stderr.replaceAll(/node:\d+\)/g, "node:N)") };
}

interface Ending {
  readonly ending: string;
  readonly execArgv: readonly string[];
  readonly severity: number;
  readonly msg: string;
  readonly type: string;
  readonly message: string;
}

const THROWN = {
  execArgv: [],
  severity: 21,
  msg: "Uncaught exception",
  type: "TypeError",
  message: "no stock",
};
const REJECTED = { ...THROWN, msg: "Unhandled promise rejection" };
const ENDINGS: readonly Ending[] = [
  { ...THROWN, ending: "throw" },
  { ...THROWN, ending: "throw-handled" },
  { ...THROWN, ending: "throw-text", type: "string", message: "only a text" },
  { ...REJECTED, ending: "reject" },
  { ...REJECTED, ending: "reject-handled", severity: 17 },
  { ...REJECTED, ending: "reject-exits", severity: 17 },
  { ...REJECTED, ending: "reject-handled", execArgv: ["--unhandled-rejections=strict"] },
];

describe("captureUncaught()", () => {
  test.each(ENDINGS)(
    "$ending $execArgv: one record of severity $severity, and the process ends as it does without",
    async ({ ending, execArgv, severity, msg, type, message }) => {
      const { captured, plain } = await bothWays(ending, execArgv);
      expect(outcome(captured)).toEqual(outcome(plain));
      expect(captured.lines).toHaveLength(1);
      expect(captured.lines[0]).toMatchObject({
        logger: "process.uncaught",
        severity,
        msg,
        event: "exception",
        "exception.type": type,
        "exception.message": message,
      });
    },
  );

  test.each([["--unhandled-rejections=warn"], ["--unhandled-rejections=none"]])(
    "%s: a rejection that nobody listens for ends nothing and is left to Node",
    async (option) => {
      const { captured, plain } = await bothWays("reject", [option]);
      expect(outcome(captured)).toEqual(outcome(plain));
      expect(captured.lines).toEqual([]);
    },
  );

  test("in a thread: the record is there, and the thread ends as it does without", async () => {
    const { captured, plain } = await bothWays("thread");
    expect(outcome(captured)).toEqual(outcome(plain));
    expect(captured.lines).toMatchObject([{ severity: 21, "exception.message": "no stock" }]);
  });

  test("listens for rejections only while somebody else does", () => {
    const own = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    try {
      const { logging } = collect();
      untilTestEnd(captureUncaught({ logging }));
      const count = (): number => process.listenerCount("unhandledRejection");
      expect(count()).toBe(0);
      const first = (): void => {};
      const second = (): void => {};
      process.on("unhandledRejection", first);
      process.once("unhandledRejection", second);
      expect(count()).toBe(3);
      process.off("unhandledRejection", first);
      expect(count()).toBe(2);
      process.off("unhandledRejection", second);
      expect(count()).toBe(0);
    } finally {
      for (const listener of own) process.on("unhandledRejection", listener);
    }
  });

  test("release() takes all listeners away", () => {
    const events = ["uncaughtExceptionMonitor", "unhandledRejection", "newListener", "removeListener"];
    const counts = (): number[] => events.map((event) => process.listenerCount(event));
    const before = counts();
    const { logging } = collect();
    const running = captureUncaught({ logging });
    expect(counts()).not.toEqual(before);
    running.release();
    expect(counts()).toEqual(before);
  });
});
