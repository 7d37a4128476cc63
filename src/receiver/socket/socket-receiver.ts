import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

import { describePeer } from "../../../exporters/socket/sender-options.ts";
import type { ReceiverWaitOptions } from "../receiver.ts";
import { SocketLedger, type SocketReceiverCounts } from "./ledger.ts";
import { listen } from "./listen.ts";
import { resolveSocketSettings, type SocketReceiverOptions, type SocketReceiverSettings } from "./options.ts";
import { PeerConnection } from "./peer-connection.ts";
import type { SocketLogRecord } from "./socket-record.ts";

const waitTimeoutMillis = 10_000;
const handshakeTimeoutMillis = 10_000;

/** Where a receiver listens, as options of a `FemtoSocketHandler`. */
export type SocketTarget = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/**
 * Takes the records that `FemtoSocketHandler` sends, over TCP, TLS or a Unix domain socket, in MessagePack, CBOR or JSON,
 * which it tells apart itself. Frames that are too large, cut off or no records do no harm and are counted.
 *
 * Records come in three ways: kept in `records`, by the callback `onRecord`, or by `for await (const record of receiver)`.
 */
export class FemtoSocketReceiver {
  readonly #settings: SocketReceiverSettings;
  readonly #server: Server;
  readonly #ledger: SocketLedger;
  readonly #connections = new Set<PeerConnection>();
  #port = 0;
  #stopping: Promise<void> | undefined;

  private constructor(settings: SocketReceiverSettings) {
    this.#settings = settings;
    this.#ledger = new SocketLedger(settings, () => this.#resume());
    const onConnection = (socket: Socket): void => this.#accept(socket);
    this.#server =
      settings.tls === undefined
        ? createServer(onConnection)
        : createTlsServer({ ...settings.tls, handshakeTimeout: handshakeTimeoutMillis }, onConnection);
    this.#server.maxConnections = settings.connectionCountMax;
  }

  /**
   * Starts a receiver. It keeps the process alive until it is stopped.
   *
   * @param options See {@link SocketReceiverOptions}. All have defaults.
   * @returns The receiver, listening.
   * @throws {ConfigError} An option is not what it must be.
   * @throws {Error} The address cannot be listened on: it is taken, or not allowed.
   */
  static async start(options: SocketReceiverOptions = {}): Promise<FemtoSocketReceiver> {
    const receiver = new FemtoSocketReceiver(resolveSocketSettings(options));
    await receiver.#listen();
    return receiver;
  }

  /** Where to send: `tcp://host:port`, `tls://host:port` or `unix:path`. */
  get address(): string {
    const { host, socketPath, tls } = this.#settings;
    return describePeer({ host, port: this.#port, socketPath, tls: tls === undefined ? undefined : {} });
  }

  /** The same as options of a handler: `new FemtoSocketHandler({ ...receiver.target })`. */
  get target(): SocketTarget {
    const { host, socketPath } = this.#settings;
    return socketPath === undefined ? { host, port: this.#port } : { socketPath };
  }

  /** Records so far, in the order of their arrival: the first `keepCountMax`. Grows; read it, keep it not. */
  get records(): readonly SocketLogRecord[] {
    return this.#ledger.records;
  }

  /** Totals at this moment. */
  get counts(): SocketReceiverCounts {
    return this.#ledger.counts;
  }

  /**
   * Waits until at least `count` records have come since the start.
   *
   * @throws {Error} They have not in time, or the receiver was stopped; names both counts.
   */
  async waitFor(count: number, options: ReceiverWaitOptions = {}): Promise<void> {
    const { timeoutMillis = waitTimeoutMillis } = options;
    await this.#ledger.milestones.wait(count, {
      timeoutMillis,
      describe: (reached) => `Waited for ${count} records at ${this.address}, got ${reached}`,
    });
  }

  /**
   * Records from now on, until the receiver is stopped. A reader that does not keep up holds the senders up: connections
   * are not read while 1024 records wait for it. Nothing comes with `keep: "count"`.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<SocketLogRecord, undefined> {
    return this.#ledger.openStream();
  }

  /** Stops listening and cuts all connections. Twice is once. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#close();
    await this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #listen(): Promise<void> {
    this.#port = await listen(this.#server, this.#settings);
    const { tally } = this.#ledger;
    this.#ledger.name = this.address;
    this.#server.on("drop", () => {
      tally.refusedConnections += 1;
    });
    this.#server.on("tlsClientError", () => {
      tally.brokenConnections += 1;
    });
    // A connection that could not be accepted, for want of descriptors: the others go on.
    this.#server.on("error", () => {
      tally.brokenConnections += 1;
    });
  }

  #accept(socket: Socket): void {
    const { tally } = this.#ledger;
    tally.connections += 1;
    tally.openConnections += 1;
    const connection = new PeerConnection(socket, { settings: this.#settings, ledger: this.#ledger });
    this.#connections.add(connection);
    socket.on("close", () => {
      tally.openConnections -= 1;
      this.#connections.delete(connection);
    });
  }

  #resume(): void {
    if (this.#ledger.isFull) return;
    for (const connection of this.#connections) connection.resume();
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
    this.#ledger.close();
    await closed;
  }
}
