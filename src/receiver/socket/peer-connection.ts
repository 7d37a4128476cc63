import type { Socket } from "node:net";

import { FrameReader } from "./frame-reader.ts";
import type { SocketLedger } from "./ledger.ts";
import type { SocketReceiverSettings } from "./options.ts";

/** One sender's connection, read frame by frame. */
export class PeerConnection {
  readonly #socket: Socket;
  readonly #ledger: SocketLedger;
  readonly #reader: FrameReader;
  readonly #accept: (payload: Buffer) => void;
  #isOver = false;

  constructor(
    socket: Socket,
    parts: { readonly settings: SocketReceiverSettings; readonly ledger: SocketLedger },
  ) {
    const { settings, ledger } = parts;
    this.#socket = socket;
    this.#ledger = ledger;
    this.#reader = new FrameReader(settings.frameBytesMax);
    this.#accept = (payload) => ledger.accept(payload);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", () => {
      ledger.tally.brokenConnections += 1;
    });
    socket.on("close", () => this.#finish());
    socket.setTimeout(settings.idleTimeoutMillis, () => this.#endIdle());
  }

  /** Reads on, after it was held up. */
  resume(): void {
    if (!this.#socket.destroyed && this.#socket.isPaused()) this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#ledger.tally.bytes += chunk.length;
    if (!this.#reader.push(chunk, this.#accept)) {
      this.#isOver = true;
      this.#ledger.addOversized(this.#reader.oversizedBytes);
      this.#socket.destroy();
    } else if (this.#ledger.isFull) {
      this.#socket.pause();
    }
  }

  /** A connection that we hold up ourselves is not idle. */
  #endIdle(): void {
    if (this.#socket.isPaused()) return;
    this.#ledger.tally.idleConnections += 1;
    this.#socket.destroy();
  }

  #finish(): void {
    if (!this.#isOver && this.#reader.isInFrame) this.#ledger.addTruncated();
    this.#isOver = true;
  }
}
