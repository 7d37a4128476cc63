// A socket receiver on a thread of its own: what it has taken stands in shared memory, so that it can be waited for.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

import { FemtoSocketReceiver, type ReceiverTls, type SocketLogRecord } from "../../../src/receiver/index.ts";
import { FIRST_NUMBER, NUMBER_COUNT, RECORD_COUNT } from "../receiver-words.ts";

/** What the thread is told. */
interface ReceiverStart {
  readonly words: Int32Array;
  /** A Unix domain socket, on which nobody listens while it is stalled. */
  readonly socketPath?: string;
  /** TLS over TCP; while it is stalled the handshake gets no answer. */
  readonly tls?: ReceiverTls;
  readonly isStalled: boolean;
}

const { words, socketPath, tls, isStalled } = workerData as ReceiverStart;
const held: Socket[] = [];
let isHeld = isStalled;

function note({ attributes: { i } }: SocketLogRecord): void {
  // The handler's own records of its drops have no number.
  if (typeof i === "number") words[FIRST_NUMBER + Atomics.add(words, NUMBER_COUNT, 1)] = i;
  Atomics.add(words, RECORD_COUNT, 1);
  Atomics.notify(words, RECORD_COUNT);
}

function pipeTo(port: number, socket: Socket): void {
  const onward = connect(port, "127.0.0.1");
  for (const one of [socket, onward]) one.on("error", () => {});
  socket.pipe(onward);
  onward.pipe(socket);
}

async function untilReleased(): Promise<void> {
  if (isHeld && parentPort !== null) await once(parentPort, "message");
  isHeld = false;
}

async function serveUnix(path: string): Promise<void> {
  if (isHeld) parentPort?.postMessage({ socketPath: path });
  const wasHeld = isHeld;
  await untilReleased();
  await FemtoSocketReceiver.start({ socketPath: path, keep: "none", onRecord: note });
  if (!wasHeld) parentPort?.postMessage({ socketPath: path });
}

async function serveTls(certificate: ReceiverTls): Promise<void> {
  const receiver = await FemtoSocketReceiver.start({ tls: certificate, keep: "none", onRecord: note });
  const { port } = receiver.target as { readonly port: number };
  const gate = createServer({ pauseOnConnect: true }, (socket) => {
    if (isHeld) held.push(socket);
    else pipeTo(port, socket);
  });
  gate.listen(0, "127.0.0.1");
  await once(gate, "listening");
  parentPort?.postMessage({ host: "127.0.0.1", port: (gate.address() as AddressInfo).port });
  await untilReleased();
  for (const socket of held) pipeTo(port, socket);
}

await (tls === undefined ? serveUnix(socketPath as string) : serveTls(tls));
