import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { compressFiles, troubleOf, type CompressJob } from "./compressing-registry.ts";
import { type CompressThreadStart, JOBS_WORD, TROUBLES_WORD } from "./compress-thread.ts";

/** Compresses what it is asked to, for ever; ends with the thread that started it. */
async function run({ port, memory }: CompressThreadStart): Promise<never> {
  const words = new Int32Array(memory);
  for (;;) {
    const jobCount = Atomics.load(words, JOBS_WORD);
    const job = lastJob(port);
    if (job === undefined) {
      Atomics.wait(words, JOBS_WORD, jobCount);
      continue;
    }
    try {
      await compressFiles(job);
    } catch (error) {
      port.postMessage(troubleOf(job, error));
      Atomics.add(words, TROUBLES_WORD, 1);
    }
  }
}

/** The last one names all files of those before that are still to be done. */
function lastJob(port: CompressThreadStart["port"]): CompressJob | undefined {
  let job: CompressJob | undefined;
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received === undefined) return job;
    job = received.message as CompressJob;
  }
}

void run(workerData as CompressThreadStart);
