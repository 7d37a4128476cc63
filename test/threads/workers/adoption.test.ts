/** How threads come to the handlers of their process, whenever they were started. */
import * as threads from "node:worker_threads";
import { expect, test } from "vitest";

import { runApplication } from "./application.ts";

/** From 22.20 and 24.6 on Node tells a thread its name. */
const NAME = "threadName" in threads ? { "thread.name": "pool 1" } : {};

test("a thread that was started before basicConfig() logs to its handlers, with its number and name", async () => {
  const { lines, stderr } = await runApplication(
    `const { basicConfig } = await load();
     const worker = start(undefined, { name: "pool 1" });
     basicConfig({ path });
     worker.postMessage("configured");`,
    `const { getLogger } = await load();
     await once(parentPort, "message");
     getLogger("shop").info("paid {amount}", { amount: 5 });
     getLogger("shop").info("own", { "thread.name": "given" });`,
  );
  expect(stderr).toBe("");
  expect(lines).toMatchObject([
    { logger: "shop", msg: "paid 5", amount: 5, "thread.id": 1, ...NAME },
    { msg: "own", "thread.id": 1, "thread.name": "given" },
  ]);
});

test("the main thread's records name no thread", async () => {
  const { lines } = await runApplication(
    `const { basicConfig, info } = await load(); basicConfig({ path }); info("here");`,
    "",
  );
  expect(Object.keys(lines[0] as object)).not.toContain("thread.id");
});

test("a thread that is older than the import finds the handlers with its first record", async () => {
  const { messages, stderr } = await runApplication(
    `const worker = start();
     await once(worker, "message");
     const { basicConfig } = await load();
     basicConfig({ path });
     worker.postMessage("configured");
     await once(worker, "message");
     // What the thread has asked before it said so is answered in these turns.
     for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
     worker.postMessage("answered");`,
    `parentPort.postMessage("up");
     await once(parentPort, "message");
     const { getLogger } = await load();
     parentPort.postMessage("loaded");
     await once(parentPort, "message");
     getLogger("shop").info("found");`,
  );
  expect(stderr).toBe("");
  expect(messages()).toEqual(["found"]);
});

test("a thread that has logged before the import goes over, with its loggers, their levels and attributes", async () => {
  const { lines, stderr } = await runApplication(
    `const worker = start();
     await once(worker, "message");
     const { basicConfig, getLogger } = await load();
     basicConfig({ path, level: "DEBUG" });
     worker.postMessage("configured");
     await once(worker, "exit");
     getLogger("quiet").warn("quiet on every thread");`,
    `const { getLogger } = await load();
     const log = getLogger("shop");
     const bound = log.with({ bound: 1 });
     const quiet = getLogger("quiet");
     quiet.setLevel("ERROR");
     log.info("nobody is there");
     bound.warn("nobody is there");
     parentPort.postMessage("logged");
     await once(parentPort, "message");
     // The news is on its way: it takes a turn of the event loop.
     while (!log.isEnabledFor("DEBUG")) await pause(1);
     log.debug("over");
     bound.info("bound too");
     quiet.warn("quiet");
     quiet.error("loud");`,
  );
  expect(lines).toMatchObject([
    { level: "DEBUG", logger: "shop", msg: "over", "thread.id": 1 },
    { msg: "bound too", bound: 1, "thread.id": 1 },
    { logger: "quiet", msg: "loud" },
  ]);
  expect(stderr).toMatch(/^femtologging: This thread logs, but was started before its process loaded/);
  expect(stderr.match(/femtologging:/g)).toHaveLength(1);
  expect(stderr).toContain("WARN shop: nobody is there");
});

test("a thread of a thread that knows nothing of femtologging logs to the handlers of the main thread", async () => {
  const { messages, stderr } = await runApplication(
    `const { basicConfig } = await load(); basicConfig({ path }); start("middle");`,
    `if (workerData === "middle") start("lowest");
     else (await load()).getLogger("shop").info("found");`,
  );
  expect({ messages: messages(), stderr }).toEqual({ messages: ["found"], stderr: "" });
});

test("where only a thread uses femtologging it says what is, and goes on with handlers of its own", async () => {
  const { linesOf, stderr } = await runApplication(
    `start();`,
    `const { basicConfig, getLogger } = await load();
     getLogger("shop").warn("to stderr");
     basicConfig({ path: folder + "/own.log" });
     getLogger("shop").info("to the file");`,
  );
  expect(stderr).toContain("load femtologging before the first thread is started");
  expect(stderr).toContain("WARN shop: to stderr");
  expect(linesOf("own.log")).toMatchObject([{ msg: "to the file", "thread.id": 1 }]);
});

test("a thread that has made handlers before the import stays apart and says so; both sides deliver", async () => {
  const { messages, stderr } = await runApplication(
    `const worker = start();
     await once(worker, "message");
     const { basicConfig, getLogger } = await load();
     basicConfig({ path });
     getLogger().info("main");
     worker.postMessage("configured");`,
    `const { basicConfig, getLogger, setTroubleListener } = await load();
     const { promise, resolve } = Promise.withResolvers();
     setTroubleListener(({ message }) => { console.error(message); resolve(); });
     basicConfig({ path: folder + "/own.log" });
     parentPort.postMessage("configured");
     const alive = setInterval(() => {}, 1000);
     await promise;
     clearInterval(alive);
     getLogger().info("apart");`,
  );
  expect(stderr).toMatch(/^This thread has handlers of its own, .+ stay apart; load femtologging before/);
  expect([messages(), messages("own.log")]).toEqual([["main"], ["apart"]]);
});

test("threads of a main thread that does not use femtologging have nothing to do with each other", async () => {
  const { messages, linesOf } = await runApplication(
    `const workers = [start("app.log"), start("own.log")];
     await Promise.all(workers.map((worker) => once(worker, "message")));
     for (const worker of workers) worker.postMessage("all are configured");`,
    `const { basicConfig, getLogger } = await load();
     basicConfig({ path: folder + "/" + workerData });
     parentPort.postMessage("configured");
     await once(parentPort, "message");
     getLogger().info(workerData);`,
  );
  expect([messages(), linesOf("own.log").map(({ msg }) => msg)]).toEqual([["app.log"], ["own.log"]]);
});
