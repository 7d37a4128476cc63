/** What a thread sees of the handlers, levels and filters of its process. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { makeFolder } from "../../logger/program.ts";
import { runApplication } from "./application.ts";

test("handlers, stats(), flush() and flushSync() of a thread cover what the main thread has made", async () => {
  const { stdout } = await runApplication(
    `const { basicConfig } = await load(); basicConfig({ path }); start();`,
    `const { flush, flushSync, getLogger, stats } = await load();
     const { readFileSync } = await import("node:fs");
     const log = getLogger("shop");
     const lineCount = () => readFileSync(path, "utf8").split("\\n").length - 1;
     log.info("1");
     await flush();
     const counts = [lineCount()];
     log.info("2");
     counts.push(flushSync(), lineCount(), stats().file.delivered);
     const [handler] = getLogger().handlers;
     handler.setLevel("ERROR");
     log.info("below the level of the handler");
     console.log(JSON.stringify([...counts, handler.name, handler === getLogger().handlers[0], stats().file.emitted]));`,
  );
  expect(JSON.parse(stdout)).toEqual([1, true, 2, 2, "file", true, 2]);
});

test("basicConfig() in a thread adds nothing to the handlers of its process; with force it takes their place for all", async () => {
  const { messages } = await runApplication(
    `const { basicConfig, getLogger } = await load();
     basicConfig({ path });
     const worker = start();
     await once(worker, "message");
     getLogger().info("before");
     worker.postMessage("go on");
     await once(worker, "message");
     getLogger().info("after");
     console.log(getLogger().handlers.length);
     worker.postMessage("go on");
     await once(worker, "exit");
     getLogger().info("after the end of the thread");`,
    `const { basicConfig, getLogger } = await load();
     basicConfig({ path: folder + "/own.log" });
     getLogger().info("thread");
     parentPort.postMessage("configured");
     await once(parentPort, "message");
     basicConfig({ path: folder + "/own.log", force: true });
     parentPort.postMessage("forced");
     await once(parentPort, "message");`,
  );
  expect(messages().toSorted()).toEqual(["before", "thread"]);
  expect(messages("own.log")).toEqual(["after", "after the end of the thread"]);
});

test("built-in filters and modules of a logger hold on every thread, functions on their own, which is said", async () => {
  const module = join(await makeFolder(), "drop.mjs");
  await writeFile(module, "export default ({ text }) => ({ body }) => body !== text;\n");
  const { lines, stderr } = await runApplication(
    `const { basicConfig, FemtoMessageFilter, getLogger } = await load();
     basicConfig({ path });
     const log = getLogger("shop");
     const message = new FemtoMessageFilter({ pattern: /^a/ });
     log.addFilter(message);
     log.addFilter({ module: ${JSON.stringify(module)}, options: { text: "a dropped" } });
     log.addFilter(({ body }) => body !== "a function");
     const worker = start();
     const turn = async () => { worker.postMessage("next"); await once(worker, "message"); };
     await once(worker, "message");
     await turn();
     message.update({ pattern: /^b/ });
     await turn();
     log.removeFilter(message);
     await turn();
     console.log(log.filters.length);
     await turn();
     console.log(log.filters.length);
     worker.postMessage("end");`,
    `const { getLogger } = await load();
     const log = getLogger("shop");
     let turn = 0;
     parentPort.on("message", (what) => {
       if (what === "end") return void parentPort.close();
       if (++turn === 4) log.removeFilter(log.filters[0]);
       for (const text of ["a", "b", "a dropped", "a function"]) log.info(text, { turn });
       parentPort.postMessage("logged");
     });
     parentPort.postMessage("up");`,
  ).then((outcome) => {
    expect(outcome.stdout).toBe("2\n1\n");
    return outcome;
  });
  const byTurn = [1, 2, 3, 4].map((turn) =>
    lines.filter((line) => line["turn"] === turn).map(({ msg }) => msg),
  );
  expect(byTurn).toEqual([
    ["a", "a function"],
    ["b"],
    ["a", "b", "a function"],
    ["a", "b", "a dropped", "a function"],
  ]);
  expect(stderr).toMatch(
    /^femtologging: Logger "shop" has a filter that is an object or function of thread 0: records of this thread do not pass it; .+\n$/,
  );
});

test("withContext() and withFingersCrossed() are of the thread that calls them", async () => {
  const { lines } = await runApplication(
    `const { basicConfig, getLogger, withContext } = await load();
     basicConfig({ path });
     await withContext({ tenant: "main" }, async () => {
       const worker = start();
       await once(worker, "exit");
       getLogger().info("main");
     });`,
    `const { getLogger, withContext, withFingersCrossed } = await load();
     const log = getLogger();
     withContext({ tenant: "thread" }, () => log.info("inside"));
     log.info("outside");
     withFingersCrossed({ level: "ERROR" }, () => log.info("all went well"));
     withFingersCrossed({ level: "ERROR" }, () => { log.info("kept"); log.error("wrong"); });`,
  );
  // Order holds within a thread.
  const seen = lines.map(({ msg, tenant }) => [msg, tenant]);
  expect(seen.filter(([msg]) => msg !== "main")).toEqual([
    ["inside", "thread"],
    ["outside", undefined],
    ["kept", undefined],
    ["wrong", undefined],
  ]);
  expect(seen.filter(([msg]) => msg === "main")).toEqual([["main", "main"]]);
});

test("redaction holds on every thread: older than it, younger, and one that had an arena of its own", async () => {
  const { lines, stderr, messages } = await runApplication(
    `const older = start("older");
     await once(older, "message");
     const { basicConfig, getLogger } = await load();
     const known = start("known");
     await once(known, "message");
     basicConfig({ path, redact: ["**.token"] });
     getLogger("main").info("main", { token: "S3CRET" });
     for (const worker of [older, known]) {
       worker.postMessage("configured");
       await once(worker, "exit");
     }
     const younger = start("younger");
     younger.postMessage("configured");
     await once(younger, "exit");
     basicConfig({ path, force: true, redact: [] });
     getLogger("main").info("open", { token: "shown" });`,
    `const { getLogger } = await load();
     const log = getLogger("thread");
     // A thread that knows of no process would say so.
     if (workerData !== "older") log.info("early", { token: "nobody" });
     if (workerData !== "younger") parentPort.postMessage("up");
     await once(parentPort, "message");
     // An older thread hears of the process by a message: that takes a turn of the event loop.
     for (let turn = 0; turn < 1000 && log.handlers.length === 0; turn++) await pause(1);
     log.info(workerData, { token: "S3CRET", deep: [{ token: "S3CRET" }] });
     log.with({ token: "S3CRET" }).info(workerData);`,
  );
  expect(stderr).toBe("");
  // Two handlers have written the file: their order is nobody's.
  expect(messages().toSorted()).toEqual(
    ["early", "main", "open", ...["older", "known", "younger"].flatMap((name) => [name, name])].toSorted(),
  );
  expect(JSON.stringify(lines)).not.toContain("S3CRET");
  expect(lines.filter(({ token }) => token === "[Redacted]")).toHaveLength(8);
  expect(lines.find(({ msg }) => msg === "open")).toMatchObject({ token: "shown" });
});

test("a thread that goes over to the handlers of its process takes its redaction along, where that has none", async () => {
  const { lines, stderr } = await runApplication(
    `const worker = start();
     await once(worker, "message");
     const { basicConfig, getLogger } = await load();
     basicConfig({ path });
     worker.postMessage("configured");
     await once(worker, "exit");
     getLogger("main").info("after", { token: "S3CRET" });`,
    `const { basicConfig, getLogger } = await load();
     basicConfig({ handlers: [], redact: ["token"] });
     parentPort.postMessage("up");
     await once(parentPort, "message");
     const log = getLogger("thread");
     for (let turn = 0; turn < 1000 && log.handlers.length === 0; turn++) await pause(1);
     log.info("over", { token: "S3CRET" });`,
  );
  expect(stderr).toBe("");
  expect(lines.map(({ msg, token }) => `${msg} ${String(token)}`).toSorted()).toEqual([
    "after [Redacted]",
    "over [Redacted]",
  ]);
});
