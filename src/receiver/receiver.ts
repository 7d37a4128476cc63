import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { DecodedLogRecord } from "../../proto/model.ts";
import { AnswerQueue } from "./answers.ts";
import type { ReceiverAnswer } from "./answers.ts";
import { ExportEndpoint } from "./export-endpoint.ts";
import type { GrpcServer } from "./grpc-server.ts";
import { Intake } from "./intake.ts";
import { Ledger } from "./ledger.ts";
import type { ReceivedRequest, ReceiverCounts } from "./ledger.ts";
import { resolveSettings } from "./options.ts";
import type { OtlpReceiverOptions, ReceiverSettings } from "./options.ts";
import { replyTo } from "./reply.ts";
import { RequestFault } from "./request-fault.ts";
import { serveRecords, serveStats } from "./stats-endpoint.ts";

/** Longer than clients keep idle connections, so that none is closed at the moment in which it is used again. */
const keepAliveMillis = 60_000;

const waitTimeoutMillis = 10_000;

/** How long to wait for records or requests. */
export interface ReceiverWaitOptions {
  /** Milliseconds, at least 0; 10,000 by default. */
  readonly timeoutMillis?: number;
}

/**
 * An OTLP receiver of logs on loopback, by HTTP and, with `grpcPort`, by gRPC: takes protobuf and JSON, plain or compressed with gzip, deflate or zstd,
 * keeps and counts what it got, and answers as it is told. For tests, demos, and development without a collector.
 *
 * @see OTLP 1.11.0, OTLP/HTTP
 */
export class OtlpReceiver {
  readonly #settings: ReceiverSettings;
  readonly #server: Server;
  readonly #ledger: Ledger;
  readonly #answers = new AnswerQueue();
  readonly #exports: ExportEndpoint;
  readonly #intake: Intake;
  #grpc: GrpcServer | undefined;
  #port = 0;
  #grpcPort = 0;
  #stopping: Promise<void> | undefined;

  private constructor(settings: ReceiverSettings) {
    this.#settings = settings;
    this.#ledger = new Ledger(settings);
    this.#intake = new Intake(settings, this.#ledger);
    this.#exports = new ExportEndpoint(this.#parts);
    const listener: RequestListener = (request, response) => void this.#serve(request, response);
    this.#server =
      settings.tls === undefined ? createServer(listener) : createTlsServer(settings.tls, listener);
    this.#server.keepAliveTimeout = keepAliveMillis;
  }

  /**
   * Starts a receiver. It keeps the process alive until `stop()`.
   *
   * @param options Where to listen, what to keep: see {@link OtlpReceiverOptions}. All have defaults.
   * @returns The receiver, listening.
   * @throws {ConfigError} An option is not what it must be.
   * @throws {Error} The address cannot be listened on: the port is taken, or not allowed.
   */
  static async start(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(resolveSettings(options));
    await receiver.#listen();
    return receiver;
  }

  /** Where to send exports: `http://127.0.0.1:<port>/v1/logs`. */
  get url(): string {
    return this.#urlOf(this.#settings.path);
  }

  /**
   * Where to send exports by gRPC: `http://127.0.0.1:<port>`; `https:` with `tls`.
   *
   * @throws {Error} The receiver was started without `grpcPort`.
   */
  get grpcUrl(): string {
    if (this.#grpc === undefined) {
      throw new Error('Cannot tell where to send by gRPC: the receiver was started without "grpcPort"');
    }
    return this.#urlOf("", this.#grpcPort);
  }

  /** Where `GET` answers with {@link counts}; with `?records=N&timeoutMillis=M` as soon as N have been accepted. */
  get statsUrl(): string {
    return this.#urlOf(this.#settings.statsPath);
  }

  /** Where `GET` answers with {@link records}, a line of JSON each. */
  get recordsUrl(): string {
    return this.#urlOf(this.#settings.recordsPath);
  }

  /** Records accepted so far, in the order of their requests: the first `keepCountMax`. Grows; read it, keep it not. */
  get records(): readonly DecodedLogRecord[] {
    return this.#ledger.records;
  }

  /** Totals at this moment. */
  get counts(): ReceiverCounts {
    return this.#ledger.counts;
  }

  /** Requests to the export path, in the order in which they were read: the first 10,000. Grows. */
  get requests(): readonly ReceivedRequest[] {
    return this.#ledger.requests;
  }

  /**
   * Says what the next requests get; they take the answers in the order of these calls. Then all is as usual again.
   *
   * @throws {RangeError} A number in `answer` is out of its bounds.
   */
  respond(answer: ReceiverAnswer): void {
    this.#answers.add(answer);
  }

  /** Forgets what `respond()` asked for and no request has taken yet. */
  resetAnswers(): void {
    this.#answers.clear();
  }

  /**
   * Waits until at least `count` records have been accepted since the start, kept or only counted.
   *
   * @throws {Error} They were not in time, or the receiver was stopped; names both counts.
   */
  async waitFor(count: number, options: ReceiverWaitOptions = {}): Promise<void> {
    const { timeoutMillis = waitTimeoutMillis } = options;
    await this.#ledger.recordMilestones.wait(count, {
      timeoutMillis,
      describe: (reached) => `Waited for ${count} records at ${this.url}, got ${reached}`,
    });
  }

  /**
   * Waits until at least `count` requests to the export path have been read since the start, answered or not.
   *
   * @throws {Error} They were not in time, or the receiver was stopped; names both counts.
   */
  async waitForRequests(count: number, options: ReceiverWaitOptions = {}): Promise<void> {
    const { timeoutMillis = waitTimeoutMillis } = options;
    await this.#ledger.requestMilestones.wait(count, {
      timeoutMillis,
      describe: (reached) => `Waited for ${count} requests at ${this.url}, got ${reached}`,
    });
  }

  /** Closes the port and all connections, also those in the middle of a request. Twice is once. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#close();
    await this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#settings;
    this.#server.listen(port, host);
    try {
      await once(this.#server, "listening");
    } catch (cause) {
      throw cannotListen(host, port, cause);
    }
    this.#port = (this.#server.address() as AddressInfo).port;
    await this.#listenForGrpc();
    // A connection that could not be accepted, for want of descriptors: the others go on.
    this.#server.on("error", () => this.#ledger.addError());
  }

  get #parts(): { settings: ReceiverSettings; ledger: Ledger; answers: AnswerQueue; intake: Intake } {
    return {
      settings: this.#settings,
      ledger: this.#ledger,
      answers: this.#answers,
      intake: this.#intake,
    };
  }

  async #listenForGrpc(): Promise<void> {
    const { host, grpcPort } = this.#settings;
    if (grpcPort === undefined) return;
    // Loaded when it is asked for: HTTP/2 is a large part of Node.
    const grpcServer = await import("./grpc-server.ts");
    this.#grpc = new grpcServer.GrpcServer(this.#parts);
    try {
      this.#grpcPort = await this.#grpc.listen(host, grpcPort);
    } catch (cause) {
      this.#server.close();
      throw cannotListen(host, grpcPort, cause);
    }
  }

  #urlOf(path: string, port = this.#port): string {
    const { host, tls } = this.#settings;
    const authority = host.includes(":") ? `[${host}]` : host;
    return `${tls === undefined ? "http" : "https"}://${authority}:${port}${path}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#refuse(response, new RequestFault(`Cannot serve the request: ${reason}`, { status: 500 }));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, statsPath, recordsPath } = this.#settings;
    const [pathname = ""] = (request.url ?? "").split("?");
    if (pathname === path) {
      await this.#exports.serve(request, response);
      return;
    }
    request.resume();
    if (request.method === "GET" && pathname === statsPath) {
      await serveStats(request, response, this.#ledger);
    } else if (request.method === "GET" && pathname === recordsPath) {
      await serveRecords(request, response, this.#ledger);
    } else {
      const message = `Cannot serve ${request.method} ${pathname}: the path must be ${path}`;
      this.#refuse(response, new RequestFault(message, { status: 404 }));
    }
  }

  #refuse(response: ServerResponse, fault: RequestFault): void {
    this.#ledger.addError();
    if (response.headersSent) return;
    const { status, headers, body } = replyTo({ answer: {}, fault });
    response.writeHead(status, headers);
    response.end(body);
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    const grpcClosed = this.#grpc?.close();
    this.#ledger.recordMilestones.close("the receiver was stopped");
    this.#ledger.requestMilestones.close("the receiver was stopped");
    await Promise.all([closed, grpcClosed]);
  }
}

function cannotListen(host: string, port: number, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot start OTLP receiver on ${host}, port ${port}: ${reason}`, { cause });
}
