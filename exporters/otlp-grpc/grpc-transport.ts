import type { Metadata } from "@grpc/grpc-js";

import { ChannelPool } from "../delivery/channel-pool.ts";
import { HeaderSource, type Headers } from "../delivery/header-source.ts";
import { provideHeaders } from "../delivery/provided-headers.ts";
import type { AttemptOptions, Transport } from "../delivery/transport.ts";
import type { Verdict } from "../delivery/verdict.ts";
import { userAgent } from "../otlp-http/user-agent.ts";
import { TlsFiles } from "../tls-files.ts";
import { GrpcChannel } from "./channel.ts";
import { metadataOf } from "./metadata.ts";
import { metadataRule } from "./options.ts";
import type { OtlpGrpcSenderOptions } from "./sender-options.ts";
import type { GrpcTarget } from "./target.ts";
import { judgeReply } from "./verdict.ts";

/** The status of a peer that does not take us for who we say we are. */
const unauthenticated = "UNAUTHENTICATED";

/** Longest response that is read when nothing else is said. @see OTLP 1.11: 4 MiB after decompression */
const responseBytesMaxDefault = 4_194_304;

/**
 * Requests to one peer over gRPC, each on a connection of its own while it is under way: so a connection that is slow or dead
 * holds up one request, and the windows of HTTP/2, which are small before a peer that is far away has raised them, count for
 * each.
 */
export class GrpcTransport implements Transport<GrpcChannel> {
  readonly #options: OtlpGrpcSenderOptions;
  readonly #headers: Headers;
  readonly #channels: ChannelPool<GrpcChannel>;
  readonly #responseBytesMax: number;
  readonly #headerSource: HeaderSource | undefined;
  /** Names of headers that gRPC cannot carry: said once. */
  readonly #leftOut = new Set<string>();
  /** Of the headers that are the same for all requests. */
  readonly #metadata: Metadata;

  constructor(options: OtlpGrpcSenderOptions, target: GrpcTarget) {
    const { headers, proxy, compression, responseBytesMax = responseBytesMaxDefault } = options;
    const { authorization } = target;
    this.#options = options;
    this.#headers = authorization === undefined ? headers : { authorization, ...headers };
    this.#metadata = this.#metadataOf(this.#headers);
    this.#responseBytesMax = responseBytesMax;
    const { provideHeaders: provide } = options;
    this.#headerSource = provide === undefined ? undefined : new HeaderSource(provide);
    const agent = headers["user-agent"] ?? userAgent(options.userAgent);
    const tls = new TlsFiles(options.tls ?? {}, options.report);
    const settings = { target, tls, proxy, compression, userAgent: agent, responseBytesMax };
    this.#channels = new ChannelPool(options.maxConcurrentRequests, () => new GrpcChannel(settings));
  }

  /** The connection frames and compresses: nothing is to be done before. */
  async prepare(body: Uint8Array, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return signal.aborted ? undefined : body;
  }

  acquire(signal: AbortSignal): Promise<GrpcChannel | undefined> {
    return this.#channels.acquire(signal);
  }

  release(channel: GrpcChannel): void {
    this.#channels.release(channel);
  }

  async attempt(channel: GrpcChannel, body: Uint8Array, options: AttemptOptions): Promise<Verdict> {
    if (this.#headerSource === undefined)
      return this.#call(channel, { body, metadata: this.#metadata }, options);
    const startMillis = performance.now();
    const provided = await provideHeaders(this.#headerSource, options);
    if (provided.failure !== undefined) return provided.failure;
    const { headers } = provided;
    const metadata = this.#metadataOf({ ...this.#headers, ...headers });
    const { signal } = options;
    const timeoutMillis = restOf(options.timeoutMillis, performance.now() - startMillis);
    const verdict = await this.#call(channel, { body, metadata }, { signal, timeoutMillis });
    if (verdict.isAccepted || verdict.reason !== unauthenticated) return verdict;
    this.#headerSource.expire(headers);
    return { ...verdict, isRenewable: true };
  }

  async #call(
    channel: GrpcChannel,
    message: { readonly body: Uint8Array; readonly metadata: Metadata },
    { signal, timeoutMillis }: AttemptOptions,
  ): Promise<Verdict> {
    const { body, metadata } = message;
    const reply = await channel.call(body, { metadata, signal, timeoutMillis: timeoutMillis || Infinity });
    return judgeReply(reply, {
      timeoutMillis,
      abortReason: signal.reason,
      responseBytesMax: this.#responseBytesMax,
      hasTlsFiles: this.#options.tls?.files !== undefined,
      proxyOrigin: this.#options.proxy?.origin,
    });
  }

  #metadataOf(headers: Headers): Metadata {
    const { metadata, leftOut } = metadataOf(headers);
    for (const name of leftOut) {
      if (this.#leftOut.has(name)) continue;
      this.#leftOut.add(name);
      this.#options.report?.(
        `Cannot send header "${name}" by gRPC: it ${metadataRule}; requests go without it`,
      );
    }
    return metadata;
  }

  close(): Promise<void> {
    return this.#channels.close();
  }
}

/** What is left of a limit, at least a millisecond; 0 stays no limit. */
function restOf(timeoutMillis: number, elapsedMillis: number): number {
  return timeoutMillis === 0 ? 0 : Math.max(1, timeoutMillis - elapsedMillis);
}
