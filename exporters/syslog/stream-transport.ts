// One connection for messages in frames: TCP, TLS or a Unix stream.
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

import type { SyslogAddress } from "./sender-options.ts";
import { faultOf, type Handover, type SyslogTransport } from "./transport.ts";

const NOTHING = new Uint8Array(0);
/** Silent peers are asked after this time whether they are still there. */
const keepAliveMillis = 60_000;

/** What the address of a stream is. */
export type StreamAddress = Exclude<SyslogAddress, { readonly transport: "udp" }>;

/**
 * Messages over a stream. Taken is what the system has taken: no peer says what it has received. A batch whose connection broke is
 * sent again whole, so the peer may have a part of it twice.
 *
 * @see RFC 6587; RFC 5425
 */
export class StreamTransport implements SyslogTransport {
  readonly #address: StreamAddress;
  #socket: Socket | undefined;

  constructor(address: StreamAddress) {
    this.#address = address;
  }

  async send(
    batch: { readonly bytes: Uint8Array; readonly recordCount: number },
    signal: AbortSignal,
  ): Promise<Handover> {
    try {
      const socket = await this.#connect(signal);
      await write(socket, batch.bytes, signal);
      // A connection that waits for the next batch is no reason for a process to live on.
      socket.unref();
      return { taken: batch.recordCount, refused: 0, refusal: undefined, rest: NOTHING, fault: undefined };
    } catch (error) {
      // In the middle of a message: whoever reads on would take the next one for its end.
      this.close();
      const cause: unknown = signal.aborted ? signal.reason : error;
      return { taken: 0, refused: 0, refusal: undefined, rest: batch.bytes, fault: faultOf(cause) };
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  /** @throws What `connect` emits, and when the signal comes. */
  async #connect(signal: AbortSignal): Promise<Socket> {
    signal.throwIfAborted();
    if (this.#socket !== undefined) await untilEventsSeen();
    signal.throwIfAborted();
    if (this.#socket?.writable === true) return this.#socket.ref();
    this.close();
    const socket = openSocket(this.#address);
    this.#socket = socket;
    // Errors of a connection that nobody writes to: it is opened again with the next batch.
    socket.on("error", () => {});
    // What a peer says is of no interest, but its goodbye is.
    socket.resume();
    await once(socket, this.#address.transport === "tls" ? "secureConnect" : "connect", { signal });
    return socket;
  }
}

/**
 * One whole turn of the event loop: if the peer has closed the connection, it is known then. What is written to a connection that
 * is closed is lost, and nobody says so.
 */
async function untilEventsSeen(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

function openSocket(address: StreamAddress): Socket {
  if (address.transport === "unix") return connectPlain({ path: address.socketPath });
  const { host, port } = address;
  const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMillis };
  return address.transport === "tls" ? connectTls({ ...options, ...address.tls }) : connectPlain(options);
}

/** Resolves when the system has all bytes; a peer that does not read holds that up. */
function write(socket: Socket, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: Error | null): void => {
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("close", onClose);
      if (error === undefined || error === null) resolve();
      else reject(error);
    };
    const onAbort = (): void => finish(signal.reason as Error);
    const onClose = (): void => {
      finish(Object.assign(new Error("the peer closed the connection"), { code: "ECONNRESET" }));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("close", onClose);
    socket.write(bytes, finish);
  });
}
