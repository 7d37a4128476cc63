/** Peers that behave as a test needs it, and keep what each connection brought. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { onTestFinished } from "vitest";

import type { SocketSenderOptions } from "../../../exporters/socket/sender-options.ts";
import { createSocketSender } from "../../../exporters/socket/sender.ts";
import type { BatchSender } from "../../../exporters/sender.ts";

/** A peer that listens on a port of its own. */
export interface RawPeer {
  readonly port: number;
  readonly server: Server;
  /** What was read of each connection so far, in the order of their coming. */
  readonly received: readonly Buffer[][];
  readonly sockets: readonly Socket[];
}

export interface RawPeerOptions {
  /** Does with a connection what it likes, before anything is read of it. */
  readonly onConnection?: (socket: Socket, index: number) => void;
  /** Whether connections are read at all. */
  readonly reads?: boolean;
  readonly tls?: TlsOptions;
}

/** Starts a peer; it ends with the test. */
export async function startPeer(options: RawPeerOptions = {}): Promise<RawPeer> {
  const { onConnection, reads = true, tls } = options;
  const received: Buffer[][] = [];
  const sockets: Socket[] = [];
  const accept = (socket: Socket): void => {
    const chunks: Buffer[] = [];
    const index = received.push(chunks) - 1;
    sockets.push(socket);
    socket.on("error", () => {});
    onConnection?.(socket, index);
    if (reads) socket.on("data", (chunk) => chunks.push(chunk));
    else socket.pause();
  };
  const server =
    tls === undefined ? createServer({ pauseOnConnect: !reads }, accept) : createTlsServer(tls, accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, received, sockets };
}

/** A sender to 127.0.0.1 with short pauses, closed with the test; and what it has reported. */
export function senderTo(options: Partial<SocketSenderOptions>): {
  readonly sender: BatchSender;
  readonly troubles: readonly string[];
} {
  const troubles: string[] = [];
  const sender = createSocketSender({
    host: "127.0.0.1",
    port: 9_020,
    socketPath: undefined,
    tls: undefined,
    connectTimeoutMillis: 20_000,
    writeTimeoutMillis: 20_000,
    backoffMillis: 20,
    backoffMaxMillis: 50,
    backoffResetMillis: 30_000,
    retryTimeoutMillis: 0,
    keepAliveMillis: 60_000,
    noDelay: true,
    report: (trouble) => troubles.push(trouble),
    ...options,
  });
  onTestFinished(() => sender.close());
  return { sender, troubles };
}

/** What a send is called with, beside its bytes. */
export function batch(signal: AbortSignal = new AbortController().signal): {
  readonly recordCount: number;
  readonly signal: AbortSignal;
} {
  return { recordCount: 3, signal };
}

/** All that a connection brought. */
export function textOf(chunks: readonly Buffer[] | undefined): string {
  return Buffer.concat(chunks ?? []).toString();
}
