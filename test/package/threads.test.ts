/** Threads with the built package: more of them than can log at the same time, one after another. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
/** More than there are places for threads, so that those of ended threads must have been given back. */
const THREAD_COUNT = 270;
const AT_ONCE = 6;

const PROGRAM = `
  import { once } from "node:events";
  import { isMainThread, Worker, workerData } from "node:worker_threads";
  import { basicConfig, FemtoFileHandler, flush, getLogger, stats } from "femtologging";
  if (isMainThread) {
    basicConfig({ path: process.env.LOG_PATH });
    let started = 0;
    const runSome = async () => {
      while (started < ${THREAD_COUNT}) await once(new Worker(new URL(import.meta.url), { workerData: started++ }), "exit");
    };
    await Promise.all(Array.from({ length: ${AT_ONCE} }, runSome));
    await flush();
    const { file, ...others } = stats();
    console.log(file.delivered, file.droppedTotal, Object.keys(others).length);
  } else {
    const log = getLogger("short");
    for (let n = 0; n < 3; n++) log.info("{n} of {thread}", { n, thread: workerData });
    // A handler of its own, for no logger of the process: its place is given back too.
    if (workerData % 4 === 0) new FemtoFileHandler({ path: process.env.LOG_PATH + ".own" });
  }
`;

test(
  `${THREAD_COUNT} threads that come and go: every record is there, and their places are given back`,
  { timeout: 240_000 },
  async () => {
    await mkdir(join(ROOT, ".cache"), { recursive: true });
    const folder = await mkdtemp(join(ROOT, ".cache", "threads-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const program = join(folder, "program.mjs");
    await writeFile(program, PROGRAM);
    const path = join(folder, "app.log");
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
      env: { ...process.env, LOG_PATH: path },
    });
    expect({ stdout, stderr }).toEqual({ stdout: `${THREAD_COUNT * 3} 0 0\n`, stderr: "" });
    const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
    const messages = lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
    expect(new Set(messages).size).toBe(THREAD_COUNT * 3);
  },
);
