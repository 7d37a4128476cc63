import type { DeliveryOptions } from "../delivery/delivery-options.ts";
import type { TlsSettings } from "../tls-settings.ts";

/** How requests go, whatever is in them. Values are taken as validated: nothing is checked again. */
export interface HttpClientOptions extends DeliveryOptions {
  /** `gzip`: each body is compressed before it is sent, off the thread, at zlib's default level. */
  readonly compression: "none" | "gzip";
  /** Requests under way at once, each on a connection of its own that is kept open; at least 1. */
  readonly maxConcurrentRequests: number;
  /** For `https:` URLs. */
  readonly tls?: TlsSettings;
  /** Longest response that is read, in bytes after decompression; default 4194304. */
  readonly responseBytesMax?: number;
}
