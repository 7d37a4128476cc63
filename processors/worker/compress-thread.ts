import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from "node:worker_threads";
import type { Compressing, CompressJob } from "./compressing-registry.ts";
import { spawnProgram } from "./spawn.ts";

// Words that the two threads share: counters, each stored by one side.
export const JOBS_WORD = 0;
export const TROUBLES_WORD = 1;
const WORD_COUNT = 2;

/** What the thread that compresses is given. */
export interface CompressThreadStart {
  readonly port: MessagePort;
  readonly memory: SharedArrayBuffer;
}

/**
 * A thread that compresses, started for the first file. It is kept, asleep, since the one that started it may never come
 * to its event loop, where an ended thread would be cleared away. Ends with the thread that has started it.
 */
export class CompressThread implements Compressing {
  readonly #source: string;
  readonly #words = new Int32Array(new SharedArrayBuffer(WORD_COUNT * 4));
  #worker: Worker | undefined;
  #port: MessagePort | undefined;
  #trouble: string | undefined;
  #troublesSeen = 0;

  /** @param source The thread's program. */
  constructor(source: string) {
    this.#source = source;
  }

  start(job: CompressJob): void {
    try {
      this.#port ??= this.#spawn();
      this.#port.postMessage(job);
      Atomics.add(this.#words, JOBS_WORD, 1);
      Atomics.notify(this.#words, JOBS_WORD);
    } catch (error) {
      this.#trouble = `Cannot start a thread that compresses: ${(error as Error).message}; rotated files stay as they are`;
    }
  }

  takeTrouble(): string | undefined {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    const count = Atomics.load(this.#words, TROUBLES_WORD);
    if (count === this.#troublesSeen || this.#port === undefined) return trouble;
    this.#troublesSeen = count;
    const received = receiveMessageOnPort(this.#port);
    return trouble ?? (received?.message as string | undefined);
  }

  end(): void {
    this.#port?.close();
    this.#port = undefined;
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #spawn(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const start: CompressThreadStart = {
      port: port2,
      memory: this.#words.buffer,
    };
    this.#worker = spawnProgram(this.#source, {
      name: "compress",
      workerData: start,
      transferList: [port2],
    });
    port1.unref();
    return port1;
  }
}
