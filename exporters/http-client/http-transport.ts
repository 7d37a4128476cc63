import { shutDown, timedOut } from "../delivery/failure-codes.ts";
import { describeDuration } from "../delivery/outcome.ts";
import type { AttemptOptions, Transport } from "../delivery/transport.ts";
import type { Verdict } from "../delivery/verdict.ts";
import { startTimer } from "../delivery/waiting.ts";
import type { HttpClientOptions } from "./client-options.ts";
import { gzipBody, unpackResponse } from "./compression.ts";
import type { Connection, ExchangeResult, HttpRequest, HttpResponse } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { RequestTarget } from "./request-target.ts";
import { judgeFault } from "./verdict.ts";

/** Longest response that is read when nothing else is said. @see OTLP 1.11: 4 MiB after decompression */
const responseBytesMaxDefault = 4_194_304;

/** What answers mean: the part of a protocol on top of HTTP. */
export interface HttpProtocol {
  /** Judges a response that was read to its end. Pure. */
  readonly judge: (response: HttpResponse) => Verdict;
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

  constructor({ protocol, options, target }: HttpTransportParts) {
    this.#protocol = protocol;
    this.#options = options;
    this.#target = target;
    this.#connections = new ConnectionPool(target.origin, options.maxConcurrentRequests, options.tls);
    this.#responseBytesMax = options.responseBytesMax ?? responseBytesMaxDefault;
  }

  async prepare(body: Uint8Array, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#options.compression === "gzip" ? gzipBody(body, signal) : body;
  }

  acquire(signal: AbortSignal): Promise<Connection | undefined> {
    return this.#connections.acquire(signal);
  }

  release(connection: Connection): void {
    this.#connections.release(connection);
  }

  async attempt(connection: Connection, body: Uint8Array, options: AttemptOptions): Promise<Verdict> {
    const { notHttpHint, judge } = this.#protocol;
    const responseBytesMax = this.#responseBytesMax;
    const request = { ...requestOf(this.#target, body), responseBytesMax };
    const result = await exchange(connection, request, options);
    if (result.fault !== undefined) return judgeFault(result.fault, notHttpHint);
    const unpacked = await unpackResponse(result.response, responseBytesMax);
    if (unpacked.fault !== undefined) return judgeFault(unpacked.fault, notHttpHint);
    return judge(unpacked.response);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }
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
