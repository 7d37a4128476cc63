import type { TlsSettings } from "../tls-settings.ts";

/** How requests go, whatever is in them. Values are taken as validated: nothing is checked again. */
export interface HttpClientOptions {
  /** `gzip`: each body is compressed before it is sent, off the thread, at zlib's default level. */
  readonly compression: "none" | "gzip";
  /** Time for one attempt in milliseconds, from the connection to the last byte of the response; 0 for no limit. */
  readonly timeoutMillis: number;
  /**
   * Time for all attempts of one batch in milliseconds, from the start of the first: an attempt under way is cut off, and
   * nothing waits that could only end later. 0 for no limit: then only success, a refusal or the signal ends a batch.
   */
  readonly retryTimeoutMillis: number;
  /** Requests under way at once, each on a connection of its own that is kept open; at least 1. */
  readonly maxConcurrentRequests: number;
  /** For `https:` URLs. */
  readonly tls?: TlsSettings;
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
