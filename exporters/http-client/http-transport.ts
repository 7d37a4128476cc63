import { shutDown, timedOut } from "../delivery/failure-codes.ts";
import { HeaderSource, type Headers } from "../delivery/header-source.ts";
import { describeDuration } from "../delivery/outcome.ts";
import { provideHeaders } from "../delivery/provided-headers.ts";
import type { AttemptOptions, Transport } from "../delivery/transport.ts";
import type { Failure, Verdict } from "../delivery/verdict.ts";
import { startTimer } from "../delivery/waiting.ts";
import { TlsFiles } from "../tls-files.ts";
import type { HttpClientOptions } from "./client-options.ts";
import { compressBody, unpackResponse } from "./compression.ts";
import type { Connection, ExchangeFault, ExchangeResult, HttpRequest, HttpResponse } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { TlsConnector, type Connector } from "./connector.ts";
import { proxyConnector, tunnelConnector, type ProxySettings } from "./proxy.ts";
import { forwardedTarget, withHeaders, type RequestTarget } from "./request-target.ts";
import { isCertificateFault } from "./retry.ts";
import { judgeFault } from "./verdict.ts";

/** Longest response that is read when nothing else is said. @see OTLP 1.11: 4 MiB after decompression */
const responseBytesMaxDefault = 4_194_304;

/** The status of a peer that does not take us for who we say we are. @see RFC 9110, 15.5.2 */
const unauthorized = "401";

/** What answers mean: the part of a protocol on top of HTTP. */
export interface HttpProtocol {
  /**
   * Judges a response that was read to its end. Pure.
   *
   * @param provided Headers that were made for the request: the response may repeat them, and no error must.
   */
  readonly judge: (response: HttpResponse, provided: Headers) => Verdict;
  /** What to look at when the peer does not speak HTTP, for people. */
  readonly notHttpHint: string;
}

/** What requests by HTTP are made of. */
export interface HttpTransportParts {
  readonly protocol: HttpProtocol;
  readonly options: HttpClientOptions;
  readonly target: RequestTarget;
}

/** Requests to one URL over HTTP/1.1, each on a connection of its own while it is under way. */
export class HttpTransport implements Transport<Connection> {
  readonly #protocol: HttpProtocol;
  readonly #options: HttpClientOptions;
  readonly #target: RequestTarget;
  readonly #connections: ConnectionPool;
  readonly #responseBytesMax: number;
  readonly #headerSource: HeaderSource | undefined;

  constructor({ protocol, options, target }: HttpTransportParts) {
    this.#protocol = protocol;
    this.#options = options;
    const { proxy, tls, report, maxConcurrentRequests } = options;
    const isForwarded = proxy !== undefined && target.origin.startsWith("http:");
    this.#target = isForwarded ? forwardedTarget(target, proxy) : target;
    const files = new TlsFiles(tls ?? {}, report);
    const connect = isForwarded ? proxyConnector(files) : connectorFor(files, proxy);
    this.#connections = new ConnectionPool(this.#target.origin, maxConcurrentRequests, connect);
    const { provideHeaders: provide } = options;
    this.#headerSource = provide === undefined ? undefined : new HeaderSource(provide);
    this.#responseBytesMax = options.responseBytesMax ?? responseBytesMaxDefault;
  }

  prepare(body: Uint8Array, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return compressBody(body, { compression: this.#options.compression, signal });
  }

  acquire(signal: AbortSignal): Promise<Connection | undefined> {
    return this.#connections.acquire(signal);
  }

  release(connection: Connection): void {
    this.#connections.release(connection);
  }

  async attempt(connection: Connection, body: Uint8Array, options: AttemptOptions): Promise<Verdict> {
    if (this.#headerSource === undefined) return this.#post(connection, { body, headers: {} }, options);
    const startMillis = performance.now();
    const provided = await provideHeaders(this.#headerSource, options);
    if (provided.failure !== undefined) return provided.failure;
    const { headers } = provided;
    const { signal } = options;
    const timeoutMillis = restOf(options.timeoutMillis, performance.now() - startMillis);
    const verdict = await this.#post(connection, { body, headers }, { signal, timeoutMillis });
    if (verdict.isAccepted || verdict.reason !== unauthorized) return verdict;
    this.#headerSource.expire(headers);
    return { ...verdict, isRenewable: true };
  }

  async #post(
    connection: Connection,
    message: { readonly body: Uint8Array; readonly headers: Headers },
    options: AttemptOptions,
  ): Promise<Verdict> {
    const { judge } = this.#protocol;
    const responseBytesMax = this.#responseBytesMax;
    const target = { ...this.#target, headers: withHeaders(this.#target.headers, message.headers) };
    const request = { ...requestOf(target, message.body), responseBytesMax };
    const result = await exchange(connection, request, options);
    if (result.fault !== undefined) return this.#judgeFault(result.fault);
    const unpacked = await unpackResponse(result.response, responseBytesMax);
    if (unpacked.fault !== undefined) return this.#judgeFault(unpacked.fault);
    return judge(unpacked.response, message.headers);
  }

  /** A peer that we do not trust may be one whose certificates we are about to be given, where those stand in files. */
  #judgeFault(fault: ExchangeFault): Failure {
    const failure = judgeFault(fault, this.#protocol.notHttpHint);
    const mayChange = this.#options.tls?.files !== undefined && isCertificateFault(fault.code);
    return mayChange ? { ...failure, isRetryable: true } : failure;
  }

  close(): Promise<void> {
    return this.#connections.close();
  }
}

/** @param proxy For tunnels. */
function connectorFor(tls: TlsFiles, proxy: ProxySettings | undefined): Connector {
  if (proxy !== undefined) return tunnelConnector(proxy, tls);
  const connector = new TlsConnector(tls);
  return (...connection) => connector.connect(...connection);
}

/** What is left of a limit, at least a millisecond; 0 stays no limit. */
function restOf(timeoutMillis: number, elapsedMillis: number): number {
  return timeoutMillis === 0 ? 0 : Math.max(1, timeoutMillis - elapsedMillis);
}

async function exchange(
  connection: Connection,
  request: HttpRequest,
  { signal, timeoutMillis }: AttemptOptions,
): Promise<ExchangeResult> {
  const exchanged = connection.start(request);
  const end = (): void => {
    if (signal.reason === shutDown) exchanged.giveUp(shutDown, "shut down before the response");
    else exchanged.giveUp(timedOut, "no response in time");
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const timer = startTimer(timeoutMillis === 0 ? undefined : timeoutMillis, () =>
    exchanged.giveUp(timedOut, `no response within ${describeDuration(timeoutMillis)} ("timeoutMillis")`),
  );
  const result = await exchanged.result;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
  return result;
}

/** The body where it belongs: a GET has it in its query. */
function requestOf(target: RequestTarget, body: Uint8Array): Omit<HttpRequest, "responseBytesMax"> {
  const { method, path, headers } = target;
  if (method === "POST") return { method, path, headers, body };
  const query = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  return { method, path: `${path}${path.includes("?") ? "&" : "?"}${query}`, headers, body: null };
}
