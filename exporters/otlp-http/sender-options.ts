import type { HttpClientOptions } from "../http-client/client-options.ts";

/**
 * Where and how OTLP requests go. Values are taken as validated: nothing is checked again.
 *
 * @see OTLP exporter, `OTEL_EXPORTER_OTLP_TIMEOUT`: "0 indicates no limit (infinity)"
 */
export interface OtlpHttpSenderOptions extends HttpClientOptions {
  /** Final URL, such as `http://localhost:4318/v1/logs`, used as it is. `user:password@` becomes Basic credentials. */
  readonly url: string;
  /** Sent with each request. Names that HTTP or OTLP need for themselves (`content-type`, …) are overruled. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the bodies are encoded in, and so the content type. */
  readonly protocol: "http/protobuf" | "http/json";
  /** Requests are made no longer than this, in bytes before compression; a record that is longer goes alone. */
  readonly maxRequestBytes: number;
  /** Product to name in front of our own `User-Agent`, such as `shop/1.2`. */
  readonly userAgent?: string;
}
