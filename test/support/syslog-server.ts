/** A syslog server for tests, over every transport there is, on a free port of the loopback or a path. */
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { OctetCounts } from "./syslog-messages.ts";

/** What took messages; all are kept. */
abstract class SyslogReceiver {
  readonly messages: string[] = [];
  readonly #arrivals = new EventEmitter();

  /** Waits until so many messages have come. */
  async received(count: number): Promise<readonly string[]> {
    while (this.messages.length < count) await once(this.#arrivals, "change");
    return this.messages;
  }

  protected keep(...messages: readonly string[]): void {
    this.messages.push(...messages);
    this.#arrivals.emit("change");
  }
}

export interface StreamServerOptions {
  /** A port that was free a moment ago, for a server that comes back; else any. */
  readonly port?: number;
  /** For a Unix socket. */
  readonly path?: string;
  readonly tls?: TlsOptions;
  readonly framing?: "octet-counting" | "newline" | "nul";
  /** Called with each connection and its index, before it is read. True: it is left alone. */
  readonly greet?: (socket: Socket, index: number) => boolean;
}

/** A server of TCP, TLS or a Unix stream. */
export class StreamServer extends SyslogReceiver {
  readonly sockets: Socket[] = [];
  readonly #server: Server;
  readonly #options: StreamServerOptions;

  private constructor(options: StreamServerOptions) {
    super();
    this.#options = options;
    const { tls } = options;
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) =>
      this.#take(socket),
    );
  }

  static async start(options: StreamServerOptions = {}): Promise<StreamServer> {
    const server = new StreamServer(options);
    const { path, port = 0 } = options;
    if (path === undefined) server.#server.listen(port, "127.0.0.1");
    else server.#server.listen(path);
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Waits until there were so many connections. */
  async connected(count: number): Promise<void> {
    while (this.sockets.length < count) await once(this.#server, "connection");
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  #take(socket: Socket): void {
    socket.on("error", () => {});
    const index = this.sockets.push(socket) - 1;
    if (this.#options.greet?.(socket, index) === true) return;
    this.read(socket);
  }

  /** Reads a connection from now on. */
  read(socket: Socket): void {
    const { framing = "octet-counting" } = this.#options;
    const counts = new OctetCounts();
    const end = framing === "nul" ? "\0" : "\n";
    let rest = "";
    socket.on("data", (chunk: Buffer) => {
      if (framing === "octet-counting") {
        this.keep(...counts.take(chunk));
        return;
      }
      const parts = `${rest}${chunk.toString("utf8")}`.split(end);
      rest = parts.pop() ?? "";
      this.keep(...parts);
    });
  }
}

/** A server of UDP. */
export class DatagramServer extends SyslogReceiver {
  readonly #socket: DatagramSocket;

  private constructor(socket: DatagramSocket) {
    super();
    this.#socket = socket;
    socket.on("message", (message) => this.keep(message.toString("utf8")));
  }

  static async start(port = 0): Promise<DatagramServer> {
    const socket = createSocket({ type: "udp4", recvBufferSize: 4_194_304 });
    socket.bind(port, "127.0.0.1");
    await once(socket, "listening");
    return new DatagramServer(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, "close");
  }
}
