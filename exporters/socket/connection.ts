import { connect as connectPlain, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect as connectTls, type ConnectionOptions, TLSSocket } from "node:tls";

import type { SocketSenderOptions } from "./sender-options.ts";

/**
 * Bytes that are handed to the system at a time. The write timeout is for one such piece, so a slow peer may take as long
 * for a batch as it needs, but one that takes nothing is noticed.
 */
const pieceBytes = 65_536;

/**
 * Longest wait, after a handshake of TLS 1.3, for a sign that the peer has taken our certificate, or the lack of one: it judges
 * only after our side is done. Most peers send a session ticket then, at once; this is for those that send none.
 */
const verdictMillis = 500;

/** Why there is no connection, or not any more. */
export class ConnectionFault extends Error {
  /** A code of Node such as `ECONNREFUSED`, or `timeout`, `closed`, `shutdown`. */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ConnectionFault";
    this.code = code;
  }
}

/** Why what was under way when the sender was closed has ended. */
export function shutDownFault(): ConnectionFault {
  return new ConnectionFault("the sender was shut down", "shutdown");
}

function faultOf(error: Error & { readonly code?: unknown }): ConnectionFault {
  if (error instanceof ConnectionFault) return error;
  const code = typeof error.code === "string" ? error.code : error.name;
  // Node tries all addresses of a name: the errors of each are in `errors`, and the message is empty then.
  const message =
    error instanceof AggregateError
      ? error.errors.map((one) => (one as Error).message).join("; ")
      : error.message;
  return new ConnectionFault(message.includes(code) ? message : `${message} (${code})`, code, {
    cause: error,
  });
}

/** A connection to a peer that is only written to: what the peer says is read and thrown away. */
export class Connection {
  readonly #socket: Socket;
  readonly #startMillis = performance.now();
  readonly #opened: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #closed: PromiseWithResolvers<void> = Promise.withResolvers();
  #fault: ConnectionFault | undefined;
  /** Ends the write that is under way. */
  #failWrite: ((fault: ConnectionFault) => void) | undefined;

  private constructor(options: SocketSenderOptions) {
    this.#socket = openSocket(options);
    this.#socket.setNoDelay(options.noDelay);
    if (options.keepAliveMillis > 0) this.#socket.setKeepAlive(true, options.keepAliveMillis);
    this.#listen();
  }

  /**
   * Connects. Gives up, and leaves nothing behind, after `connectTimeoutMillis` or when the signal comes.
   * @throws {ConnectionFault} There is no connection.
   */
  static async open(options: SocketSenderOptions, signal: AbortSignal): Promise<Connection> {
    const connection = new Connection(options);
    const { connectTimeoutMillis } = options;
    const timer = setTimeout(() => {
      const why = `no connection within ${connectTimeoutMillis} ms ("connectTimeoutMillis")`;
      connection.#fail(new ConnectionFault(why, "timeout"));
    }, connectTimeoutMillis);
    const stop = (): void => connection.destroy();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      await connection.#opened.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
    // Between batches it is no reason for the process to live on.
    connection.#socket.unref();
    return connection;
  }

  /** Whether the connection can be written to, as far as is known. */
  get isUsable(): boolean {
    return this.#fault === undefined;
  }

  /** Milliseconds since it was begun. */
  get ageMillis(): number {
    return performance.now() - this.#startMillis;
  }

  /**
   * Writes the bytes. When it resolves, the operating system has all of them; the peer need not have read them.
   * After an error the connection is cut.
   *
   * @param bytes Not copied: leave them as they are until the promise is settled.
   * @throws {ConnectionFault} Some of the bytes were perhaps sent, some not.
   */
  async write(
    bytes: Uint8Array,
    wait: { readonly timeoutMillis: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const stop = (): void => this.destroy();
    wait.signal.addEventListener("abort", stop, { once: true });
    if (wait.signal.aborted) stop();
    this.#socket.ref();
    try {
      // Between two turns the event loop looks for news of the socket. What is written to a peer that has gone vanishes.
      await nextTurn();
      await nextTurn();
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        await this.#writePiece(bytes.subarray(at, at + pieceBytes), wait.timeoutMillis);
      }
    } finally {
      this.#socket.unref();
      wait.signal.removeEventListener("abort", stop);
    }
  }

  /**
   * Says that nothing more comes, and waits until the peer has closed its side too: then it has read everything.
   * @param timeoutMillis Longest wait; the connection is cut afterwards.
   */
  async end(timeoutMillis: number): Promise<void> {
    if (this.#fault === undefined) {
      const timer = setTimeout(() => this.#closed.resolve(), timeoutMillis);
      this.#socket.end();
      await this.#closed.promise;
      clearTimeout(timer);
    }
    this.destroy();
  }

  /** Cuts the connection. What is under way ends with code `shutdown`. */
  destroy(): void {
    this.#fail(shutDownFault());
  }

  #listen(): void {
    const socket = this.#socket;
    if (socket instanceof TLSSocket) socket.once("secureConnect", () => this.#awaitVerdict(socket));
    else socket.once("connect", () => this.#opened.resolve());
    socket.on("error", (error) => this.#fail(faultOf(error)));
    socket.on("end", () => this.#fail(new ConnectionFault("the peer has closed the connection", "closed")));
    socket.on("close", () => {
      this.#fail(new ConnectionFault("the connection was closed", "closed"));
      this.#closed.resolve();
    });
    // Unread bytes would turn our FIN into a reset, and what the peer has not yet read would be lost.
    socket.resume();
  }

  /** Until then a peer that refuses us looks like one that takes everything. */
  #awaitVerdict(socket: TLSSocket): void {
    if (socket.getProtocol() !== "TLSv1.3") {
      this.#opened.resolve();
      return;
    }
    const timer = setTimeout(() => this.#opened.resolve(), verdictMillis);
    const settle = (): void => {
      clearTimeout(timer);
      this.#opened.resolve();
    };
    socket.once("session", settle);
    socket.once("close", () => clearTimeout(timer));
  }

  /** The first fault counts. */
  #fail(fault: ConnectionFault): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    this.#opened.promise.catch(() => {});
    this.#opened.reject(fault);
    this.#failWrite?.(fault);
    this.#socket.destroy();
  }

  #writePiece(piece: Uint8Array, timeoutMillis: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) {
        reject(this.#fault);
        return;
      }
      const timer = setTimeout(() => {
        const why = `the peer took no bytes for ${timeoutMillis} ms ("writeTimeoutMillis")`;
        this.#fail(new ConnectionFault(why, "timeout"));
      }, timeoutMillis);
      const finish = (fault?: ConnectionFault): void => {
        clearTimeout(timer);
        this.#failWrite = undefined;
        if (fault === undefined) resolve();
        else reject(fault);
      };
      this.#failWrite = finish;
      this.#socket.write(piece, (error) => {
        if (error === null || error === undefined) finish();
        else this.#fail(faultOf(error));
      });
    });
  }
}

function openSocket(options: SocketSenderOptions): Socket {
  const { host, port, socketPath, tls } = options;
  if (socketPath !== undefined) return connectPlain({ path: socketPath });
  if (tls === undefined) return connectPlain({ host, port });
  // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED does not decide.
  const given: ConnectionOptions = { rejectUnauthorized: true, ...tls, host, port };
  return connectTls(given);
}
