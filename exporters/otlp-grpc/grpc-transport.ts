import { ChannelPool } from "../delivery/channel-pool.ts";
import type { AttemptOptions, Transport } from "../delivery/transport.ts";
import type { Verdict } from "../delivery/verdict.ts";
import { userAgent } from "../otlp-http/user-agent.ts";
import { GrpcChannel } from "./channel.ts";
import { metadataOf, type MetadataReading } from "./metadata.ts";
import type { OtlpGrpcSenderOptions } from "./sender-options.ts";
import type { GrpcTarget } from "./target.ts";
import { judgeReply } from "./verdict.ts";

/** Longest response that is read when nothing else is said. @see OTLP 1.11: 4 MiB after decompression */
const responseBytesMaxDefault = 4_194_304;

/**
 * Requests to one peer over gRPC, each on a connection of its own while it is under way: so a connection that is slow or dead
 * holds up one request, and the windows of HTTP/2, which are small before a peer that is far away has raised them, count for
 * each.
 */
export class GrpcTransport implements Transport<GrpcChannel> {
  readonly #headers: MetadataReading;
  readonly #channels: ChannelPool<GrpcChannel>;
  readonly #responseBytesMax: number;

  constructor(options: OtlpGrpcSenderOptions, target: GrpcTarget) {
    const { headers, tls = {}, compression, responseBytesMax = responseBytesMaxDefault } = options;
    const { authorization } = target;
    this.#headers = metadataOf(authorization === undefined ? headers : { authorization, ...headers });
    this.#responseBytesMax = responseBytesMax;
    const agent = headers["user-agent"] ?? userAgent(options.userAgent);
    const settings = { target, tls, compression, userAgent: agent, responseBytesMax };
    this.#channels = new ChannelPool(options.maxConcurrentRequests, () => new GrpcChannel(settings));
  }

  /** Names of headers that gRPC cannot carry. */
  get leftOutHeaders(): readonly string[] {
    return this.#headers.leftOut;
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
    const { signal, timeoutMillis } = options;
    const { metadata } = this.#headers;
    const reply = await channel.call(body, { metadata, signal, timeoutMillis: timeoutMillis || Infinity });
    return judgeReply(reply, {
      timeoutMillis,
      abortReason: signal.reason,
      responseBytesMax: this.#responseBytesMax,
    });
  }

  close(): Promise<void> {
    return this.#channels.close();
  }
}
