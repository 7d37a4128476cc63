import type { DeliveryOptions } from "../delivery/delivery-options.ts";
import type { ProvideHeaders } from "../delivery/header-source.ts";
import type { TlsSettings } from "../tls-settings.ts";

/** A proxy for connections. */
export interface GrpcProxy {
  /** Scheme, host and port: what errors may show. The scheme is `http:`. */
  readonly origin: string;
  /** Value of `Proxy-Authorization`, of Basic credentials; secret. */
  readonly authorization: string | undefined;
}

/** Where and how OTLP requests go by gRPC. Values are taken as validated: nothing is checked again. */
export interface OtlpGrpcSenderOptions extends DeliveryOptions {
  /** `http:` (no TLS), `https:` or `unix:` URL, or `host:port`. `user:password@` becomes Basic credentials. */
  readonly url: string;
  /** For `host:port`: no TLS. */
  readonly insecure: boolean;
  /** Sent with each request as metadata. What gRPC cannot carry or needs for itself is left out, and said once. */
  readonly headers: Readonly<Record<string, string>>;
  /** `gzip`: each request is compressed, off the thread, at zlib's default level. */
  readonly compression: "none" | "gzip";
  /** Requests are made no longer than this, in bytes before compression; a record that is longer goes alone. */
  readonly maxRequestBytes: number;
  /** Requests under way at once, each on a connection of its own that is kept open; at least 1. */
  readonly maxConcurrentRequests: number;
  /** For connections with TLS. Its files are looked at again when a connection is opened. */
  readonly tls?: TlsSettings;
  /** A proxy that makes tunnels; none when left out. */
  readonly proxy?: GrpcProxy | undefined;
  /**
   * Makes headers in addition, which win. What it returns is kept until it ends, or the peer answers UNAUTHENTICATED: then the
   * request is sent once more with new ones.
   */
  readonly provideHeaders?: ProvideHeaders | undefined;
  /** Product to name in front of our own `User-Agent`, such as `shop/1.2`. */
  readonly userAgent?: string;
  /** Longest response that is read, in bytes as sent and after decompression; default 4194304. */
  readonly responseBytesMax?: number;
}
