// A proxy for tests: a real one on a free port of the loopback, with tunnels and requests that are handed over to it.
import { once } from "node:events";
import { createServer, request as sendRequest, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";

import { onTestFinished } from "vitest";

/** What came to a proxy. */
export interface ProxiedRequest {
  readonly method: string | undefined;
  /** `host:port` of a tunnel, a whole URL of a request. */
  readonly target: string | undefined;
  readonly headers: IncomingMessage["headers"];
}

export interface ProxyServer {
  readonly port: number;
  readonly requests: readonly ProxiedRequest[];
  /** Cuts every connection that there is. */
  readonly cut: () => void;
}

export interface ProxyServerOptions {
  /** What it answers in place of doing as told: a status for the request of this index; `undefined` does as told. */
  readonly refuse?: (index: number) => number | undefined;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Starts a proxy that is gone at the end of the test. */
export async function startProxy(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  const server: Server = options.tls === undefined ? createServer() : createTlsServer({ ...options.tls });
  const note = ({ method, url: target, headers }: IncomingMessage): number | undefined => {
    const count = requests.push({ method, target, headers });
    return options.refuse?.(count - 1);
  };
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("connect", (message: IncomingMessage, client: Socket) => {
    const status = note(message);
    client.on("error", () => {});
    if (status !== undefined) client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
    else dig(message.url ?? "", client, sockets);
  });
  server.on("request", (message, response) => {
    const status = note(message);
    if (status !== undefined) {
      response.writeHead(status).end("no");
      return;
    }
    const { "proxy-authorization": _mine, ...headers } = message.headers;
    const forwarded = sendRequest(message.url ?? "", { method: message.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.writeHead(502).end());
    message.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    cut();
  });
  return { port: (server.address() as AddressInfo).port, requests, cut };
}

function dig(authority: string, client: Socket, sockets: Set<Socket>): void {
  const [host = "", port = ""] = authority.split(":");
  const peer = connect(Number(port), host, () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    client.pipe(peer).pipe(client);
  });
  sockets.add(peer);
  peer.on("error", () => client.destroy());
  peer.on("close", () => client.destroy());
  client.on("close", () => peer.destroy());
}
