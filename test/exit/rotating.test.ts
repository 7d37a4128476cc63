import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allNumbersIn, backupsOf } from "../handlers/rotating-fixture.ts";
import { endOf, makeFolder, runPlan, upTo } from "./run-program.ts";

describe("1000 records just logged to a rotating file", () => {
  test.concurrent.each([
    ["natural", "own", 1002],
    ["exit", "own", 1002],
    ["exit-when-up", "own", 1002],
    ["throw", "own", 1002],
    ["exit", "inline", 1002],
    ["late-exit", "own", 1012],
    ["terminate-at-once-and-exit", "own", 1002],
    ["terminate-and-exit", "own", 2002],
    ["shutdown-and-exit", "own", 1000],
  ] as const)(
    "ending %s, thread %s: %i lines in order, in files of 10 kB",
    async (ending, thread, lineCount) => {
      const path = join(makeFolder(), "app.log");
      const options = { path, thread, maxBytes: 10_000, backupCount: 100, compress: "gzip" as const };
      const ended = await runPlan({
        handlers: [{ kind: "rotating", options }],
        count: 1000,
        ending,
        code: 7,
        logsInExitListeners: lineCount !== 1000,
      });
      expect(ended).toMatchObject({ code: ending === "throw" ? 1 : 7, signal: null });
      const found = allNumbersIn(path);
      expect(found).toHaveLength(lineCount);
      expect(found.slice(0, 1000)).toEqual(upTo(1000));
      expect(backupsOf(path).length).toBeGreaterThan(5);
      expect(endOf(ended).stats[0]).toMatchObject({ delivered: lineCount, queued: 0 });
    },
  );
});
