// One gRPC connection, one request at a time. grpc-js does gRPC; this file adds that a connection which has failed, or does
// not answer, is given up and made anew: grpc-js would wait up to two minutes before it tries to connect again, and would
// go on using a connection whose peer is gone without a word.
import {
  Client,
  compressionAlgorithms,
  connectivityState,
  credentials,
  type ChannelCredentials,
  type ChannelOptions,
  type Metadata,
} from "@grpc/grpc-js";

import type { TlsFiles } from "../tls-files.ts";
import type { GrpcProxy } from "./sender-options.ts";
import type { GrpcTarget } from "./target.ts";
import { TlsCredentials } from "./tls-credentials.ts";

/** @see logs_service.proto: LogsService.Export */
const METHOD_PATH = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;

/**
 * How long an idle connection is kept, as over HTTP: half of what common peers and balancers allow (60 s and more), so that
 * we close first.
 */
const idleMillisMax = 30_000;
/**
 * A peer that is gone is found by the time limit of an attempt. Without one, by pings: not more often than peers allow
 * (grpc-go: every 5 minutes), or they close the connection.
 */
const pingMillis = 320_000;
const pingTimeoutMillis = 20_000;

/** What the connections of a sender share. */
export interface ChannelSettings {
  readonly target: GrpcTarget;
  readonly tls: TlsFiles;
  readonly proxy: GrpcProxy | undefined;
  readonly compression: "none" | "gzip";
  readonly userAgent: string;
  readonly responseBytesMax: number;
}

/** A request, beside its bytes. */
export interface CallOptions {
  readonly metadata: Metadata;
  /** Ends the request at once. */
  readonly signal: AbortSignal;
  /** Time for the request, from the connection to the last byte of the answer; `Infinity` for no limit. */
  readonly timeoutMillis: number;
}

/** What came of a request. */
export interface GrpcReply {
  /** Status of gRPC: that of the peer, or the one by which grpc-js says what went wrong here. */
  readonly code: number;
  readonly details: string;
  /** The message of the peer, if there is one. */
  readonly response: Uint8Array | undefined;
  /** `grpc-status-details-bin`: a `google.rpc.Status`. */
  readonly statusDetails: Uint8Array | undefined;
  /** Whether the headers of an answer came before the status. */
  readonly hasHeaders: boolean;
  /** Why there was no answer to wait for any more: our own doing. */
  readonly end: "timeout" | "aborted" | undefined;
  /** Whether there was a connection when the request ended so. */
  readonly isConnected: boolean;
  /** What went wrong with the TLS handshake, if that was it. */
  readonly tlsFailure: (Error & { readonly code?: unknown }) | undefined;
}

/** A connection to one peer; opened by the first request, and again after a failure. */
export class GrpcChannel {
  readonly #settings: ChannelSettings;
  #client: Client | undefined;
  #tlsFailure: Error | undefined;

  constructor(settings: ChannelSettings) {
    this.#settings = settings;
  }

  /**
   * Sends a request and waits for its status. One at a time. Never rejects.
   *
   * @param body The message, encoded. Copied into its frame before anything is sent.
   */
  async call(body: Uint8Array, options: CallOptions): Promise<GrpcReply> {
    const startMillis = performance.now();
    const { timeoutMillis, signal } = options;
    this.#tlsFailure = undefined;
    const client = (this.#client ??= this.#open());
    const reply = await exchange(client, body, options);
    const isLate = reply.code === DEADLINE_EXCEEDED && performance.now() - startMillis >= timeoutMillis - 1;
    const end = signal.aborted && reply.code === CANCELLED ? "aborted" : isLate ? "timeout" : undefined;
    const isConnected = client.getChannel().getConnectivityState(false) === connectivityState.READY;
    if (end !== undefined || !isConnected) this.#drop();
    return { ...reply, end, isConnected, tlsFailure: this.#tlsFailure };
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    this.#drop();
  }

  /** The next request opens a new connection. */
  #drop(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #open(): Client {
    const { target, proxy } = this.#settings;
    const name = proxy === undefined ? target.name : proxyTarget(proxy);
    return new Client(name, this.#credentials(), channelOptions(this.#settings));
  }

  #credentials(): ChannelCredentials {
    const { target, tls } = this.#settings;
    if (!target.isSecure) return credentials.createInsecure();
    return new TlsCredentials({
      host: target.host,
      tls,
      onFailure: (error) => {
        this.#tlsFailure = error;
      },
    });
  }
}

/** A proxy as gRPC names it. */
function proxyTarget({ origin }: GrpcProxy): string {
  const { hostname, port } = new URL(origin);
  return `dns:${hostname}:${port || 80}`;
}

/**
 * The tunnel that a connection goes through. That of the variables is chosen elsewhere, by the rules that hold for HTTP too, so
 * grpc-js must not look at them.
 */
function proxyOptions({ target, proxy }: ChannelSettings): ChannelOptions {
  if (proxy === undefined) return { "grpc.enable_http_proxy": 0 };
  const { authorization } = proxy;
  const credentialsText = Buffer.from(authorization?.slice("Basic ".length) ?? "", "base64").toString();
  return {
    "grpc.enable_http_proxy": 0,
    "grpc.http_connect_target": target.name,
    "grpc.default_authority": target.name.slice("dns:".length),
    ...(authorization === undefined ? {} : { "grpc.http_connect_creds": credentialsText }),
  };
}

function channelOptions(settings: ChannelSettings): ChannelOptions {
  const { compression, userAgent, responseBytesMax } = settings;
  return {
    ...proxyOptions(settings),
    "grpc.primary_user_agent": userAgent,
    "grpc.max_receive_message_length": responseBytesMax,
    "grpc.max_send_message_length": -1,
    "grpc.default_compression_algorithm":
      compression === "gzip" ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
    "grpc.client_idle_timeout_ms": idleMillisMax,
    "grpc.keepalive_time_ms": pingMillis,
    "grpc.keepalive_timeout_ms": pingTimeoutMillis,
    // Retries are ours; what a peer's DNS says about them, and the waits of other channels, must not add to them.
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_channelz": 0,
  };
}

type Exchanged = Pick<GrpcReply, "code" | "details" | "response" | "statusDetails" | "hasHeaders">;

function exchange(client: Client, body: Uint8Array, options: CallOptions): Promise<Exchanged> {
  const { metadata, signal, timeoutMillis } = options;
  const end = Promise.withResolvers<Exchanged>();
  let hasHeaders = false;
  const message = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const deadline = timeoutMillis === Infinity ? Infinity : Date.now() + timeoutMillis;
  const call = client.makeUnaryRequest(
    METHOD_PATH,
    unchanged,
    unchanged,
    message,
    metadata,
    { deadline },
    (error, response) => {
      const { code = 0, details = "" } = error ?? {};
      const [statusDetails] = error?.metadata.get("grpc-status-details-bin") ?? [];
      end.resolve({
        code,
        details,
        response,
        statusDetails: typeof statusDetails === "string" ? undefined : statusDetails,
        hasHeaders,
      });
    },
  );
  call.on("metadata", () => {
    hasHeaders = true;
  });
  const stop = (): void => call.cancel();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return end.promise.finally(() => signal.removeEventListener("abort", stop));
}

/** A message is bytes already, and stays bytes. */
function unchanged(bytes: Buffer): Buffer {
  return bytes;
}
