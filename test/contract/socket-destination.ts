import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { FemtoSocketHandler, type SocketHandlerOptions } from "../../src/index.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import type { Destination, DestinationKind, HandlerOptions } from "./destination.ts";
import { FIRST_NUMBER, NUMBER_COUNT, NUMBERS_MAX, RECORD_COUNT } from "./receiver-words.ts";

const WAIT_MILLIS = 10_000;
const PROGRAM = new URL("./programs/socket-receiver.ts", import.meta.url);

interface ReceiverThread {
  readonly target: SocketHandlerOptions;
  readonly words: Int32Array;
  readonly worker: Worker;
}

async function startReceiver(start: object): Promise<ReceiverThread> {
  const words = new Int32Array(new SharedArrayBuffer((FIRST_NUMBER + NUMBERS_MAX) * 4));
  const worker = new Worker(PROGRAM, { workerData: { words, ...start } });
  const [target] = (await once(worker, "message")) as [SocketHandlerOptions];
  return { target, words, worker };
}

/** The numbers that have arrived, once there are as many records as were delivered: some may be under way still. */
function numbersWhenTaken(words: Int32Array, deliveredCount: number): number[] {
  const deadline = performance.now() + WAIT_MILLIS;
  for (let taken = Atomics.load(words, RECORD_COUNT); taken < deliveredCount;) {
    if (performance.now() > deadline)
      throw new Error(`${deliveredCount} were delivered, ${taken} have arrived`);
    Atomics.wait(words, RECORD_COUNT, taken, 100);
    taken = Atomics.load(words, RECORD_COUNT);
  }
  return [...words.subarray(FIRST_NUMBER, FIRST_NUMBER + Atomics.load(words, NUMBER_COUNT))];
}

async function openSocket(
  options: HandlerOptions & SocketHandlerOptions,
  {
    isStalled,
    ...start
  }: { readonly isStalled: boolean; readonly tls?: object; readonly socketPath?: string },
): Promise<Destination> {
  const { target, words, worker } = await startReceiver({ isStalled, ...start });
  // Tests that end the thread that was started last mean the handler's.
  const isStarted = once(process, "worker");
  const handler = new FemtoSocketHandler({
    backoffMillis: 20,
    backoffMaxMillis: 50,
    includeResource: false,
    ...options,
    ...target,
  });
  await isStarted;
  let isHeld = isStalled;
  return {
    handler,
    arrived: () => numbersWhenTaken(words, isHeld ? 0 : handler.stats().delivered),
    release: () => {
      isHeld = false;
      worker.postMessage("release");
    },
    close: async () => {
      await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
      await worker.terminate();
    },
  };
}

/** Stalled: nobody listens. What a system holds for a peer that does not read is far more than these tests write. */
export const UNIX_SOCKET: DestinationKind = {
  name: "a Unix domain socket",
  needsNoEventLoop: true,
  batches: true,
  open: async (options, isStalled) => {
    const folder = mkdtempSync(join(tmpdir(), "femto-contract-"));
    const destination = await openSocket(options, { isStalled, socketPath: join(folder, "s") });
    return {
      ...destination,
      close: async () => {
        await destination.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

/** Stalled: the handshake gets no answer. */
export const TLS_SOCKET: DestinationKind = {
  name: "TLS",
  needsNoEventLoop: true,
  batches: true,
  open: async (options, isStalled) => {
    const certificate = makeCertificate("receiver");
    const tls = { ca: certificate.cert };
    return openSocket({ ...options, format: "cbor", tls }, { isStalled, tls: certificate });
  },
};
