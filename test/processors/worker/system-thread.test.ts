import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { isThreadGone, ownThread } from "../../../processors/worker/system-thread.ts";

describe.skipIf(process.platform !== "linux")("threads of the operating system", () => {
  test("ownThread() of the main thread is the process's number", () => {
    expect(ownThread()).toBe(process.pid);
  });

  test("isThreadGone() is true once a thread has been terminated, without an event loop", async () => {
    const source = `
      const { readlinkSync } = require("node:fs");
      require("node:worker_threads").parentPort.postMessage(Number(readlinkSync("/proc/thread-self").split("/").at(-1)));
      setInterval(() => {}, 60_000);`;
    const worker = new Worker(source, { eval: true });
    const [thread] = (await once(worker, "message")) as [number];
    expect(isThreadGone(thread)).toBe(false);
    const ended = worker.terminate();
    const deadline = performance.now() + 5000;
    while (!isThreadGone(thread) && performance.now() < deadline)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    expect(isThreadGone(thread)).toBe(true);
    await ended;
  });

  test("isThreadGone() of an unknown thread is false", () => {
    expect([isThreadGone(-1), isThreadGone(0)]).toEqual([false, false]);
  });
});
