import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

import { GrpcCall } from "./grpc-call.ts";
import type { GrpcCallParts } from "./grpc-call.ts";

/** Windows of HTTP/2: with those of 64 KiB that it has by default, a sender waits for the receiver again and again. */
const streamWindowBytes = 4_194_304;
const sessionWindowBytes = 67_108_864;
const concurrentStreamsMax = 1_000;

/**
 * Serves the logs service of OTLP by gRPC, on a port of its own: unary calls over HTTP/2, so that it needs no library and can
 * break off where a library would not.
 *
 * @see OTLP 1.11.0, OTLP/gRPC; gRPC over HTTP2
 */
export class GrpcServer {
  readonly #parts: GrpcCallParts;
  readonly #server: Http2Server | Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(parts: GrpcCallParts) {
    this.#parts = parts;
    const { tls } = parts.settings;
    const settings = { initialWindowSize: streamWindowBytes, maxConcurrentStreams: concurrentStreamsMax };
    this.#server = tls === undefined ? createServer({ settings }) : createSecureServer({ ...tls, settings });
    this.#server.on("session", (session: ServerHttp2Session) => this.#keep(session));
    this.#server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      void new GrpcCall(this.#parts, stream, headers).serve();
    });
  }

  /**
   * Starts to listen.
   *
   * @returns The port.
   * @throws {Error} The address cannot be listened on.
   */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    // A connection that could not be accepted: the others go on.
    this.#server.on("error", () => this.#parts.ledger.addError());
    return (this.#server.address() as AddressInfo).port;
  }

  /** Closes the port and all connections, also those in the middle of a call. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const session of this.#sessions) session.destroy();
    await closed;
  }

  #keep(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(sessionWindowBytes);
    session.once("close", () => this.#sessions.delete(session));
    // A client that went away, or does not speak HTTP/2: the calls that it had under way see their end themselves.
    session.on("error", () => {});
  }
}
