// A collector for tests: a real HTTP server on a free port of the loopback that answers as each test says.
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  createServer as createNetServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from "node:net";
import { buffer } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import type { BatchSender } from "../../../exporters/sender.ts";
import type { OtlpHttpSenderOptions } from "../../../exporters/otlp-http/sender-options.ts";
import { createOtlpHttpSender } from "../../../exporters/otlp-http/sender.ts";
import { localhostCertificate, localhostKey } from "./localhost-certificate.ts";

/** A request that came in whole. */
export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly socket: Socket;
  /** On the clock of `performance.now()`. */
  readonly receivedAtMillis: number;
}

/** Answers a request, or leaves it open. @param index Of the request: 0 for the first. */
export type Respond = (response: ServerResponse, index: number, request: ReceivedRequest) => void;

export class OtlpServer {
  readonly requests: ReceivedRequest[] = [];
  readonly server: NetServer;
  readonly #arrivals = new EventEmitter();
  connectionCount = 0;

  constructor(server: NetServer) {
    this.server = server;
    server.on("connection", () => (this.connectionCount += 1));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async receive(message: IncomingMessage): Promise<ReceivedRequest> {
    const { method, url: path, headers, socket } = message;
    const body = await buffer(message);
    const request = { method, path, headers, body, socket, receivedAtMillis: performance.now() };
    this.requests.push(request);
    this.#arrivals.emit("change");
    return request;
  }

  /** Waits until that many requests have come. @returns The last of them. */
  async requestCount(count: number): Promise<ReceivedRequest> {
    while (this.requests.length < count) await once(this.#arrivals, "change");
    return this.requests[count - 1]!;
  }
}

/** Starts a server that is gone at the end of the test. */
export async function startServer(respond: Respond, options: { tls?: boolean } = {}): Promise<OtlpServer> {
  const server = options.tls
    ? createTlsServer({ cert: localhostCertificate, key: localhostKey })
    : createServer();
  const otlpServer = new OtlpServer(server);
  server.on("request", (message, response) => {
    otlpServer.receive(message).then(
      (request) => respond(response, otlpServer.requests.indexOf(request), request),
      // The sender went away in the middle of a request; tests see that at its end.
      () => {},
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return otlpServer;
}

/** A server on a free port of the loopback that speaks whatever the test makes it speak. */
export interface RawServer {
  readonly server: NetServer;
  readonly port: number;
  /** Connections so far, in their order. */
  readonly sockets: readonly Socket[];
  /** Waits until there were that many connections. */
  readonly connected: (count: number) => Promise<void>;
}

/** Starts a server that is gone at the end of the test. @param greet Called with each connection and its index. */
export async function startRawServer(greet: (socket: Socket, index: number) => void): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createNetServer((socket) => {
    // Nobody hears of the end of a connection that nobody reads; and the other side breaks some on purpose.
    socket.resume().on("error", () => {});
    greet(socket, sockets.push(socket) - 1);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const connected = async (count: number): Promise<void> => {
    while (sockets.length < count) await once(server, "connection");
  };
  return { server, port: (server.address() as AddressInfo).port, sockets, connected };
}

/** Answers with these statuses in turn, the last one for ever, with empty bodies. */
export function statuses(...codes: readonly number[]): Respond {
  return (response, index) => {
    response.statusCode = codes[Math.min(index, codes.length - 1)]!;
    response.end();
  };
}

/** A sender to the server that is closed at the end of the test; retries come after a millisecond. */
export function senderTo(
  peer: { readonly port: number },
  options: Partial<OtlpHttpSenderOptions> = {},
): BatchSender {
  const sender = createOtlpHttpSender({
    url: `http://127.0.0.1:${peer.port}/v1/logs`,
    headers: {},
    protocol: "http/protobuf",
    compression: "none",
    timeoutMillis: 20_000,
    retryTimeoutMillis: 20_000,
    maxRequestBytes: 4_194_304,
    maxConcurrentRequests: 2,
    backoffMillis: 1,
    ...options,
  });
  onTestFinished(() => sender.close());
  return sender;
}

/** A batch of 5 records that nobody shuts down. */
export function batch(signal: AbortSignal = new AbortController().signal): {
  readonly recordCount: number;
  readonly signal: AbortSignal;
} {
  return { recordCount: 5, signal };
}

/** A request body: what is in it matters to nobody here. */
export const body: Uint8Array = Buffer.from("five records");

/**
 * Answers with an empty response after which it leaves it to the client to close the connection, and waits for that: then
 * the client has read the answer.
 */
export async function answerAndAwaitClose({ socket }: ReceivedRequest, head: string): Promise<void> {
  socket.write(`HTTP/1.1 ${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  await closed(socket);
}

/** Waits until the server's side of a connection is closed. */
export async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, "close");
}
