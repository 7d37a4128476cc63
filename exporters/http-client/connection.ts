// One keep-alive connection, one request at a time. undici's Client does HTTP; this file adds what it leaves open: a request
// can be given up at any moment, also while the connection is being made, and a response has a longest size.
import type { Dispatcher } from "undici";
import Client from "undici/lib/dispatcher/client.js";

import { responseTooLarge } from "../delivery/failure-codes.ts";
import { connectorOf, type Connecting, type Connector } from "./connector.ts";
import { notHttp } from "./exchange-codes.ts";

/** What is sent. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with its Content-Length. Not copied. A GET has none. */
  readonly body: Uint8Array | null;
  /** Longest response body that is read, in bytes as received. */
  readonly responseBytesMax: number;
}

/** How records are sent: in the body, or in the query. */
export type HttpMethod = "POST" | "GET";

/** A response that was read to its end. */
export interface HttpResponse {
  readonly statusCode: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Why there is no response. */
export interface ExchangeFault {
  /** What happened: a code of Node or undici such as `ECONNREFUSED`, or the code of `Exchange.giveUp()`. */
  readonly code: string;
  /** Whether the request had been handed to the socket: then the peer may have acted on it. */
  readonly isRequestSent: boolean;
  readonly cause: Error;
}

/** Exactly one of the two is there. */
export type ExchangeResult =
  | { readonly response: HttpResponse; readonly fault?: undefined }
  | { readonly fault: ExchangeFault; readonly response?: undefined };

/** Name of undici's parse errors, which have no code. */
const parseErrorName = "HTTPParserError";

/**
 * How long an idle connection is kept when the peer gives no hint (`Keep-Alive: timeout=…`): half of what common peers
 * and balancers allow (60 s and more), so that we close first and no request runs into a connection that is closing.
 */
const idleMillisMax = 30_000;

/** An error of undici, Node or OpenSSL. */
type Fault = Error & { readonly code?: unknown };

/** What an exchange needs of the connection that it goes by. */
interface ExchangeWire {
  /** Ends an attempt to connect. */
  readonly stopConnecting: (cause: Error) => void;
  /** What is behind a fault that undici tells: itself, or what the socket said before. */
  readonly causeOf: (fault: Fault) => Fault;
}

/** A request under way. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: PromiseWithResolvers<ExchangeResult> = Promise.withResolvers();
  readonly #responseBytesMax: number;
  readonly #wire: ExchangeWire;
  readonly #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #statusCode = 0;
  #headers: HttpResponse["headers"] = {};
  #controller: Dispatcher.DispatchController | undefined;
  #isRequestSent = false;
  #isOver = false;
  #giveUpCause: Error | undefined;

  constructor(responseBytesMax: number, wire: ExchangeWire) {
    this.#responseBytesMax = responseBytesMax;
    this.#wire = wire;
  }

  /** Resolves once; never rejects. */
  get result(): Promise<ExchangeResult> {
    return this.#settle.promise;
  }

  /**
   * Ends the exchange now, unless it has its result: `result` resolves with `code`, and the connection is cut.
   * The next request on the connection opens a new one.
   */
  giveUp(code: string, message: string): void {
    if (this.#isOver) return;
    const cause = new Error(message);
    this.#giveUpCause = cause;
    this.#end({ fault: { code, isRequestSent: this.#isRequestSent, cause } });
    if (this.#controller === undefined) this.#wire.stopConnecting(cause);
    else this.#controller.abort(cause);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for the socket: nothing of it may be sent.
    if (this.#giveUpCause !== undefined) controller.abort(this.#giveUpCause);
  }

  onRequestSent(): void {
    this.#isRequestSent = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: object): void {
    this.#statusCode = statusCode;
    this.#headers = headers as HttpResponse["headers"];
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunkBytes += chunk.length;
    if (this.#chunkBytes > this.#responseBytesMax) {
      this.giveUp(
        responseTooLarge,
        `the response is larger than ${this.#responseBytesMax} bytes ("responseBytesMax")`,
      );
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks, this.#chunkBytes);
    this.#end({ response: { statusCode: this.#statusCode, headers: this.#headers, body } });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Fault): void {
    const cause = this.#wire.causeOf(error);
    this.#end({ fault: { code: this.#codeOf(cause), isRequestSent: this.#isRequestSent, cause } });
  }

  /** A response that began as HTTP and cannot be parsed to its end is one that broke off. */
  #codeOf(error: Fault): string {
    if (error.name === parseErrorName) return this.#statusCode === 0 ? notHttp : "ECONNRESET";
    return typeof error.code === "string" ? error.code : error.name;
  }

  /** The first result counts: what undici says about a request that was given up is no news. */
  #end(result: ExchangeResult): void {
    this.#isOver = true;
    this.#settle.resolve(result);
  }
}

/** What OpenSSL says when the peer ends a connection with an alert, or speaks something else. */
function isOpenSslError(error: Fault | undefined): error is Fault {
  return typeof error?.code === "string" && error.code.startsWith("ERR_SSL_");
}

/** A connection to one origin; opened by the first request, and again after a failure. */
export class Connection {
  readonly #client: Client;
  /**
   * The first error of the socket. undici goes by what comes last, and after an alert of TLS (our certificate is not trusted)
   * that is only its end.
   */
  #socketError: Fault | undefined;
  /** What is to become the connection, while it is being made. */
  #connecting: Connecting | undefined;

  /**
   * @param origin Scheme, host and port: `https://collector:4318`.
   * @param connect Makes each connection; straight to the origin when left out.
   */
  constructor(origin: string, connect: Connector = connectorOf({})) {
    // The attempt's own time limit holds for the connection too, so undici's are off. Responses come over HTTP/1.1 only.
    this.#client = new Client(origin, {
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleMillisMax,
      connect: (options, callback) => {
        this.#socketError = undefined;
        this.#connecting = connect(options, (...outcome) => {
          this.#connecting = undefined;
          outcome[1]?.once("error", (error) => (this.#socketError = error));
          callback(...outcome);
        });
      },
    });
  }

  /** Starts a request. One at a time: the next one when this one has its result. */
  start(request: HttpRequest): Exchange {
    const { method, path, headers, body, responseBytesMax } = request;
    // Destroyed without an error, the socket would never tell undici that it is gone.
    const exchange = new Exchange(responseBytesMax, {
      stopConnecting: (cause) => this.#connecting?.destroy(cause),
      causeOf: (fault) => (isOpenSslError(this.#socketError) ? this.#socketError : fault),
    });
    this.#client.dispatch({ method, path, headers, body }, exchange);
    return exchange;
  }

  /** Cuts the connection, and the request on it if there is one. */
  async close(): Promise<void> {
    const cause = new Error("the connection is closed");
    this.#connecting?.destroy(cause);
    await this.#client.destroy(cause);
  }
}
