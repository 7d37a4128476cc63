/** Threads of the application end: by themselves, by an error, by others, with the process; whatever they were doing. */
import { expect, test } from "vitest";

import { runApplication, upTo } from "./application.ts";

test.each([
  { ending: "naturally", code: "" },
  { ending: "by process.exit()", code: "process.exit(0);" },
  { ending: "by an error", code: "throw new Error('thrown');" },
  { ending: "by an error of another turn", code: "setImmediate(() => { throw new Error('thrown'); });" },
])("a thread ends $ending: what it has logged is delivered, in order", async ({ code }) => {
  const { messages } = await runApplication(
    `const { basicConfig } = await load(); basicConfig({ path }); start().on("error", () => {});`,
    `log100((await load()).getLogger("shop")); ${code}`,
  );
  expect(messages()).toEqual(upTo(100));
});

test("a thread that does not keep the process alive: what it has logged by the end is delivered", async () => {
  const { messages } = await runApplication(
    `const { basicConfig } = await load();
     basicConfig({ path });
     const worker = start();
     await once(worker, "message");
     worker.unref();`,
    `log100((await load()).getLogger("shop"));
     parentPort.postMessage("logged");
     setInterval(() => {}, 1000);`,
  );
  expect(messages()).toEqual(upTo(100));
});

test.each([
  { ending: "naturally", end: `worker.postMessage("end"); await once(worker, "exit");`, code: "" },
  { ending: "by process.exit()", end: `worker.postMessage("end");`, code: "process.exit(0);" },
  { ending: "by an error", end: `worker.postMessage("end");`, code: "throw new Error('thrown');" },
  { ending: "by terminate()", end: "await worker.terminate();", code: "" },
  { ending: "by terminate(), unseen", end: "void worker.terminate();", code: "" },
])(
  "the thread that made the handler ends $ending while another logs to it: no record is lost, and none comes twice",
  async ({ end, code }) => {
    const { messages, stdout, stderr } = await runApplication(
      `const { flush, getLogger, stats } = await load();
       const log = getLogger("shop");
       const worker = start().on("error", () => {});
       await once(worker, "message");
       log100(log);
       ${end}
       for (let n = 100; n < 10_000; n += 100) { log100(log, n); if (n % 500 === 0) await pause(1); }
       await flush();
       const { file } = stats();
       console.log(file.delivered, file.queued, file.droppedTotal, log.handlers.length, getLogger().handlers[0].name);
       log100(log, 10_000);`,
      `(await load()).basicConfig({ path });
       parentPort.postMessage("up");
       await once(parentPort, "message");
       ${code}`,
    );
    expect(stderr).toBe("");
    expect(messages()).toEqual(upTo(10_100));
    expect(stdout).toBe("10000 0 0 0 file\n");
  },
);

test("process.exit() on the main thread waits for the handlers of the other threads", async () => {
  const { messages, code } = await runApplication(
    `const { getLogger } = await load();
     const worker = start();
     await once(worker, "message");
     for (let n = 0; n < 5000; n += 100) log100(getLogger("shop"), n);
     process.exit(3);`,
    `(await load()).basicConfig({ path }); parentPort.postMessage("up"); setInterval(() => {}, 1000);`,
  );
  expect(code).toBe(3);
  expect(messages()).toEqual(upTo(5000));
});

test("a handler with an exporter object ends with its thread: that is said, what is left is counted, others go on", async () => {
  const { messages, stderr } = await runApplication(
    `const { basicConfig, getLogger, stats } = await load();
     basicConfig({ path });
     const worker = start();
     await once(worker, "message");
     await worker.terminate();
     log100(getLogger("shop"));
     console.log(Object.keys(stats()));`,
    `const { FemtoBatchLogRecordProcessor, getLogger } = await load();
     const exporter = { export: () => {}, shutdown: async () => {}, forceFlush: async () => {} };
     getLogger().addHandler(new FemtoBatchLogRecordProcessor({ exporter, name: "mine" }));
     parentPort.postMessage("up");
     setInterval(() => {}, 1000);`,
  );
  expect(stderr).toMatch(
    /^femtologging: Handler "mine" has ended with thread \d+, which had made it: it uses/,
  );
  expect(messages()).toEqual(upTo(100));
});

test("threads that are terminated at any moment leave whole records in order, and harm nobody", async () => {
  const { lines, stdout, stderr } = await runApplication(
    `const { basicConfig, flush, getLogger, stats } = await load();
     basicConfig({ path });
     const log = getLogger("main");
     let n = 0;
     for (let round = 0; round < 12; round++) {
       const worker = start(round);
       // Some before they are up, some in the middle of a record.
       if (round % 4 > 0) await once(worker, "message");
       for (let turn = 0; turn < round * 5; turn++) { log.info("{n}", { n: n++ }); await new Promise(setImmediate); }
       await worker.terminate();
     }
     for (let i = 0; i < 500; i++) log.info("{n}", { n: n++ });
     await flush();
     const { emitted, delivered, droppedTotal } = stats().file;
     console.log(JSON.stringify([n, emitted - delivered - droppedTotal, droppedTotal]));`,
    `const log = (await load()).getLogger("thread");
     for (let n = 0; ; n++) {
       log.info("{n} of {round}", { n, round: workerData, padding: "x".repeat(n % 300) });
       if (n === 50) parentPort.postMessage("up");
     }`,
  );
  expect(stderr).toBe("");
  const [count, missing, dropped] = JSON.parse(stdout) as [number, number, number];
  expect(missing).toBe(0);
  const main = lines.filter(({ logger }) => logger === "main").map(({ msg }) => Number(msg));
  if (dropped === 0) expect(main).toEqual(Array.from({ length: count }, (_, n) => n));
  for (let round = 0; round < 12; round++) {
    const numbers = lines.filter((line) => line["round"] === round).map((line) => line["n"] as number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
  }
});

test("a thread that runs out of memory harms nobody", async () => {
  const { messages, stdout } = await runApplication(
    `const { basicConfig, flush, getLogger } = await load();
     basicConfig({ path });
     const worker = start(undefined, { resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 2 } });
     worker.on("error", ({ code }) => console.log(code));
     await new Promise((resolve) => worker.on("exit", resolve));
     log100(getLogger("shop"), 100);
     await flush();`,
    `log100((await load()).getLogger("shop"));
     const kept = [];
     for (;;) kept.push(Array.from({ length: 1000 }, () => ({})));`,
  );
  expect(stdout).toBe("ERR_WORKER_OUT_OF_MEMORY\n");
  // Order holds within a thread.
  expect(messages().toSorted((left, right) => Number(left) - Number(right))).toEqual(upTo(200));
});

test("threads of a thread that is terminated are known to be gone", async () => {
  const { messages, stdout, stderr } = await runApplication(
    `const { basicConfig, flush, getLogger, stats } = await load();
     basicConfig({ path });
     const worker = start("middle");
     await once(worker, "message");
     await worker.terminate();
     log100(getLogger("shop"), 100);
     await flush();
     console.log(Object.keys(stats()).join());`,
    `const { FemtoFileHandler, getLogger } = await load();
     if (workerData === "middle") {
       const lower = start("lower");
       await once(lower, "message");
       parentPort.postMessage("up");
     } else {
       getLogger("apart").addHandler(new FemtoFileHandler({ path: folder + "/own.log", name: "lower" }));
       getLogger("apart").propagate = false;
       getLogger("apart").info("lowest");
       log100(getLogger("shop"));
       parentPort.postMessage("up");
     }
     setInterval(() => {}, 1000);`,
  );
  expect(stderr).toBe("");
  // Order holds within a thread.
  expect(messages().toSorted((left, right) => Number(left) - Number(right))).toEqual(upTo(200));
  expect(messages("own.log")).toEqual(["lowest"]);
  expect(stdout).toBe("file,lower\n");
});
