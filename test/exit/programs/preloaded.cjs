// Loaded before each program and thread that takes NODE_OPTIONS over: says so, and stops any thread it gets into.
const { appendFileSync } = require("node:fs");
const { isMainThread } = require("node:worker_threads");

appendFileSync(process.env.PRELOADED_PATH, isMainThread ? "main\n" : "thread\n");
if (!isMainThread) throw new Error("preloaded into a thread");
