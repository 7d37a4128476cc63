/** Where and how OTLP requests go. Values are taken as validated: nothing is checked again. */
export interface OtlpHttpSenderOptions {
  /** Final URL, such as `http://localhost:4318/v1/logs`, used as it is. `user:password@` becomes Basic credentials. */
  readonly url: string;
  /** Sent with each request. Names that HTTP or OTLP need for themselves (`content-type`, …) are overruled. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the bodies are encoded in, and so the content type. */
  readonly protocol: "http/protobuf" | "http/json";
  /** `gzip`: each body is compressed before it is sent, off the thread, at zlib's default level. */
  readonly compression: "none" | "gzip";
  /**
   * Time for one attempt in milliseconds, from the connection to the last byte of the response; 0 for no limit.
   *
   * @see OTLP exporter, `OTEL_EXPORTER_OTLP_TIMEOUT`: "0 indicates no limit (infinity)"
   */
  readonly timeoutMillis: number;
  /**
   * Time for all attempts of one batch in milliseconds, from the start of the first: an attempt under way is cut off, and
   * nothing waits that could only end later. 0 for no limit: then only success, a refusal or the signal ends a batch.
   */
  readonly retryTimeoutMillis: number;
  /** Requests under way at once, each on a connection of its own that is kept open; at least 1. */
  readonly maxConcurrentRequests: number;
  /** Product to name in front of our own `User-Agent`, such as `shop/1.2`. */
  readonly userAgent?: string;
  /** Longest response that is read, in bytes after decompression; default 4194304. */
  readonly responseBytesMax?: number;
  /** Is told of attempts that failed and will be made again, in words. Not rate-limited. */
  readonly report?: (trouble: string) => void;
  /**
   * First wait before a retry in milliseconds, before jitter; default 1000. So that tests need not wait.
   *
   * @internal
   */
  readonly backoffMillis?: number;
}
