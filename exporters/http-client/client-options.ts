import type { DeliveryOptions } from "../delivery/delivery-options.ts";
import type { ProvideHeaders } from "../delivery/header-source.ts";
import type { TlsSettings } from "../tls-settings.ts";
import type { Compression } from "./compression.ts";
import type { ProxySettings } from "./proxy.ts";

/** How requests go, whatever is in them. Values are taken as validated: nothing is checked again. */
export interface HttpClientOptions extends DeliveryOptions {
  /** Each body is compressed before it is sent, off the thread, at the default level. */
  readonly compression: Compression;
  /** Requests under way at once, each on a connection of its own that is kept open; at least 1. */
  readonly maxConcurrentRequests: number;
  /** For `https:` URLs. */
  readonly tls?: TlsSettings;
  /** Requests go through it: in a tunnel to `https:` URLs, handed over to it whole for `http:` ones. */
  readonly proxy?: ProxySettings | undefined;
  /** Makes headers that win over those of the target; asked again after a 401. Its result is checked. */
  readonly provideHeaders?: ProvideHeaders | undefined;
  /** Longest response that is read, in bytes after decompression; default 4194304. */
  readonly responseBytesMax?: number;
}
