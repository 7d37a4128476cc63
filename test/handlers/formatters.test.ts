import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { threadId, Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import {
  basicConfig,
  FemtoFileHandler,
  FemtoOtlpJsonFormatter,
  FemtoStreamHandler,
  type FileHandlerOptions,
  getLogger,
  shutdown,
} from "../../src/index.ts";
import { FORMAT_NAMES } from "../../src/options/formatter-options.ts";
import { loggerOf } from "../contract/destination.ts";
import { runPlan } from "../exit/run-program.ts";
import { configErrorOf, endWithTest, makeFolder, messagesOf, troublesOfTest } from "./fixture.ts";

/** A module of the test's own. Returns its path. */
function writeModule(name: string, source: string): string {
  const path = join(makeFolder(), name);
  writeFileSync(path, source);
  return path;
}

/** What is in the file of a handler with this formatter when "one" and "two" have been logged. */
async function linesOf(options: Omit<FileHandlerOptions, "path">): Promise<string> {
  const path = join(makeFolder(), "app.log");
  const handler = endWithTest(new FemtoFileHandler({ path, ...options }));
  const logger = loggerOf(handler);
  logger.info("one");
  logger.info("two");
  await handler.shutdown();
  return readFileSync(path, "utf8");
}

const THREAD = 'import { threadId } from "node:worker_threads";';

describe("a formatter module", () => {
  test.each([
    [
      "a function that makes a function",
      "function.mjs",
      `${THREAD} export default () => (record) => record.body + threadId`,
    ],
    [
      "createFormatter, before the default",
      "named.mjs",
      `${THREAD} export default 1; export const createFormatter = ({ end }) => (record) => record.body + threadId + end`,
    ],
    [
      "a class with format(record, out)",
      "class.mjs",
      `${THREAD} export default class { format(record, out) { out.text(record.shape.template + threadId); } }`,
    ],
    [
      "CommonJS",
      "common.cjs",
      'const { threadId } = require("node:worker_threads"); module.exports = () => (record) => record.body + threadId;',
    ],
  ])("%s: runs in the handler's thread", async (_what, name, source) => {
    const text = await linesOf({ formatter: { module: writeModule(name, source), options: { end: "" } } });
    const [, first, second] = /^one(\d+)\ntwo(\d+)\n$/.exec(text) ?? [];
    expect(first).toBe(second);
    expect(Number(first)).not.toBe(threadId);
  });

  test("gets its options, and may be given by URL", async () => {
    const path = writeModule("a b#.mjs", "export default ({ end }) => (record) => record.body + end");
    const url = pathToFileURL(path);
    expect(await linesOf({ formatter: { module: url, options: { end: "!" } } })).toBe("one!\ntwo!\n");
    expect(await linesOf({ formatter: { module: url.href, options: { end: "?" } } })).toBe("one?\ntwo?\n");
  });

  test.each([
    ["that is not there", undefined, "Cannot find module"],
    [
      "that exports nothing of the kind",
      "export const format = 1",
      'exports neither "createFormatter" nor a default',
    ],
    ["that makes nothing of the kind", "export default () => ({})", "what it makes has no format()"],
    ["that throws when it is loaded", "throw new Error('no licence')", "no licence"],
    ["that waits when it is loaded", "await 1; export default () => () => ''", "top-level await"],
  ])("%s: that is told, and JSON lines are written", async (_what, source, why) => {
    const troubles = troublesOfTest();
    const path = source === undefined ? join(makeFolder(), "gone.mjs") : writeModule("f.mjs", source);
    expect(messagesOf(await linesOf({ formatter: { module: path } }))).toEqual(["one", "two"]);
    await vi.waitFor(() => expect(troubles.join("\n")).toContain(why), { timeout: 10_000 });
    expect(troubles.join("\n")).toContain("JSON lines are written instead");
  });

  test("that throws costs the record alone, and that is told", async () => {
    const troubles = troublesOfTest();
    const source =
      "export default () => (record) => { if (record.body === 'one') throw new Error('odd'); return record.body; }";
    expect(await linesOf({ formatter: { module: writeModule("f.mjs", source) } })).toBe("two\n");
    await vi.waitFor(() =>
      expect(troubles).toContain("Cannot format a record: odd; it is counted as export_failed"),
    );
  });

  test.each(["exit", "natural"] as const)(
    "formats every record of a process that ends at once (%s), without threads too",
    async (ending) => {
      const module = writeModule("f.mjs", "export default () => (record) => `n=${record.attributes.i}`");
      for (const execArgv of [[], ["--permission", "--allow-fs-read=*", "--allow-fs-write=*"]]) {
        const path = join(makeFolder(), "app.log");
        const handlers = [{ kind: "file" as const, options: { path, formatter: { module } } }];
        const ended = await runPlan({ handlers, count: 500, ending, code: 7 }, { execArgv });
        expect(ended.code).toBe(7);
        const lines = readFileSync(path, "utf8").split("\n");
        expect(lines).toEqual([...Array.from({ length: 500 }, (_, i) => `n=${i}`), ""]);
      }
    },
    60_000,
  );
});

describe("a formatter function", () => {
  test("gets each record decoded, on this thread; that is said once", async () => {
    const troubles = troublesOfTest();
    const threads: number[] = [];
    const text = await linesOf({
      name: "own",
      formatter: ({ body, severityText, loggerName, hrTime }) => {
        threads.push(threadId);
        return `${severityText} ${loggerName} ${JSON.stringify(body)} ${hrTime.length}`;
      },
    });
    expect(text).toBe('INFO contract "one" 2\nINFO contract "two" 2\n');
    expect(threads).toEqual([threadId, threadId]);
    expect(troubles.filter((trouble) => trouble.includes("on the application's thread"))).toHaveLength(1);
  });

  test("that returns no text, or throws, costs the record alone", async () => {
    const troubles = troublesOfTest();
    const results: unknown[] = [undefined, "fine"];
    expect(await linesOf({ formatter: () => results.shift() as string })).toBe("fine\n");
    expect(troubles.join("\n")).toContain("the formatter returned undefined, must be a string");
  });

  test("text of several lines and lone surrogates is written as it is, but as UTF-8", async () => {
    troublesOfTest();
    expect(await linesOf({ formatter: () => "a\nb\ud800" })).toBe("a\nb\ufffd\n".repeat(2));
  });

  test("formats the records of other threads too", async () => {
    troublesOfTest();
    const path = join(makeFolder(), "app.log");
    const root = getLogger("threads");
    const handler = new FemtoFileHandler({ path, formatter: ({ body }) => `> ${JSON.stringify(body)}` });
    root.addHandler(endWithTest(handler));
    root.propagate = false;
    onTestFinished(() => root.removeHandler(handler));
    const index = new URL("../../src/index.ts", import.meta.url).href;
    const program = `import(${JSON.stringify(index)}).then(({ getLogger }) => getLogger("threads").info("elsewhere"))`;
    const worker = new Worker(program, { eval: true });
    await once(worker, "exit");
    await vi.waitFor(() => expect(readFileSync(path, "utf8")).toBe('> "elsewhere"\n'), { timeout: 20_000 });
  });
});

describe("formats by name", () => {
  test.each(FORMAT_NAMES)("%s: as format, and as formatter", async (name) => {
    const [byFormat, byFormatter] = await Promise.all([
      linesOf({ format: name }),
      linesOf({ formatter: name }),
    ]);
    for (const text of [byFormat, byFormatter]) {
      expect(text).toMatch(/one[^\n]*\n[^\n]*two[^\n]*\n$/);
      expect(text.trimEnd().split("\n")).toHaveLength(2);
    }
  });

  test("an object of FemtoOtlpJsonFormatter works in the handler's thread", async () => {
    const troubles = troublesOfTest();
    const text = await linesOf({ formatter: new FemtoOtlpJsonFormatter() });
    expect(text.match(/^\{"resourceLogs":\[/gm)).toHaveLength(2);
    expect(troubles).toEqual([]);
  });

  test("basicConfig() takes them", async () => {
    const path = join(makeFolder(), "app.log");
    basicConfig({ path, formatter: "logfmt", force: true });
    getLogger("shop").info("paid");
    await shutdown();
    expect(readFileSync(path, "utf8")).toMatch(/^time=\S+ level=info logger=shop msg="paid"\n$/);
  });
});

describe("wrong formatters", () => {
  test.each([5, "xml", {}, { format: "json" }, { module: "relative.mjs" }, { module: 5 }, null])(
    "%j",
    (formatter) => {
      const text = configErrorOf(() => new FemtoStreamHandler({ formatter } as never));
      expect(text).toContain('"formatter" is ');
      expect(text).toContain("must be a name (pretty, text, json, ");
    },
  );

  test("options of a module that cannot go to another thread", () => {
    const formatter = { module: "/format.mjs", options: { now: () => 1 } };
    const text = configErrorOf(() => new FemtoFileHandler({ path: "never.log", formatter }));
    expect(text).toMatch(/^Cannot start handler "file": "formatter.options" is an object, must be data/);
  });
});
