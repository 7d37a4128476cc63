/** Records that no handler takes: WARN and above go to stderr, at once. */
import { expect, test } from "vitest";

import { INDEX, run } from "./program.ts";

test("warnings and errors of a program without handlers go to stderr, the rest nowhere", async () => {
  const { code, stdout, stderr } = await run(`
    import { getLogger, info, warn } from "${INDEX}";
    const log = getLogger("shop");
    log.setLevel("TRACE");
    log.info("quiet");
    info("quiet too");
    log.warn("low on {item}", { item: "tea", count: 2 });
    warn("retry %d", 3);
    log.error(new Error("no money"));
    log.emit({ severityNumber: 17, body: { a: 1 } });
    log.emit({ body: "no severity" });
    log.critical("forged\\nline {a}", { a: "\\u001b[31m" });
    console.log(log.enabled({ severityNumber: 13 }), log.enabled({ severityNumber: 9 }));
  `);
  expect([code, stdout]).toEqual([0, "true false\n"]);
  const lines = stderr.trimEnd().split("\n");
  expect(lines[0]).toMatch(/WARN.*shop.*low on tea count=2/);
  expect(lines[1]).toMatch(/WARN.*root.*retry 3/);
  expect(lines[2]).toMatch(/ERROR.*shop.*no money/);
  expect(stderr).toContain("Error: no money\n");
  expect(stderr).toMatch(/shop.*\{"a":1\}/);
  expect(stderr).toMatch(/forged\\nline \\u001b\[31m/);
  expect(stderr).not.toContain("quiet");
  expect(stderr).not.toContain("no severity");
});

test("a handler anywhere above ends it; propagate false without a handler brings it back", async () => {
  const { stderr } = await run(`
    import { createLogging, FemtoBatchLogRecordProcessor, FemtoInMemoryExporter } from "${INDEX}";
    const handler = new FemtoBatchLogRecordProcessor({ exporter: new FemtoInMemoryExporter() });
    const logging = createLogging({ handlers: [handler] });
    const log = logging.getLogger("a.b");
    log.warn("taken");
    log.propagate = false;
    log.warn("not propagated");
    log.propagate = true;
    logging.root.removeHandler(handler);
    log.warn("removed");
    logging.disable("WARN");
    log.warn("disabled");
    log.disabled = true;
    log.error("disabled");
  `);
  const lines = stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("not propagated");
  expect(lines[1]).toContain("removed");
});

test("a thread of the program says its warnings too", async () => {
  const { stderr } = await run(`
    import { isMainThread, Worker } from "node:worker_threads";
    import { getLogger } from "${INDEX}";
    getLogger("t").warn(isMainThread ? "main" : "thread");
    if (isMainThread) new Worker(new URL(import.meta.url));
  `);
  expect(stderr).toMatch(/WARN.*main\n[^]*WARN.*thread thread.id=1\n/);
});

test("a record that is larger than a pipe arrives whole, and the next one on a line of its own", async () => {
  const { stderr } = await run(`
    import { getLogger } from "${INDEX}";
    getLogger("big").warn("x".repeat(3_000_000));
    getLogger("big").warn("end");
  `);
  const lines = stderr.trimEnd().split("\n");
  expect(lines.map((line) => line.replace(/x+/, ({ length }) => `[${length}]`).slice(24))).toEqual([
    "WARN big: [3000000]",
    "WARN big: end",
  ]);
});

test("a stderr that nobody reads holds a program up for a second in all, not for each record", async () => {
  const startMillis = performance.now();
  const { code, stdout } = await run(
    `
    import { getLogger } from "${INDEX}";
    for (let id = 0; id < 20; id++) getLogger("big").warn("x".repeat(1_000_000));
    console.log("done");
  `,
    { isUnread: true },
  );
  expect([code, stdout]).toEqual([0, "done\n"]);
  expect(performance.now() - startMillis).toBeLessThan(10_000);
});
