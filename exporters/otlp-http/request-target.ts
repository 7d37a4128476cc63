// Where a request goes and what stands above its body. Pure; computed once a sender.
import type { OtlpHttpSenderOptions } from "./sender-options.ts";
import { userAgent } from "./user-agent.ts";

/** Names that HTTP or OTLP need for themselves. */
const ownedHeaderNames: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "keep-alive",
  "transfer-encoding",
]);

/** What is the same for all requests of a sender. */
export interface RequestTarget {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The URL as errors show it: without credentials and query, which often hold keys. */
  readonly shownUrl: string;
}

/** @throws {TypeError} The URL cannot be parsed. */
export function requestTarget(options: OtlpHttpSenderOptions): RequestTarget {
  const url = new URL(options.url);
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: requestHeaders(options, url),
    shownUrl: `${url.origin}${url.pathname}`,
  };
}

function requestHeaders(options: OtlpHttpSenderOptions, url: URL): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": userAgent(options.userAgent) };
  if (url.username !== "" || url.password !== "") headers["authorization"] = basicCredentials(url);
  for (const [name, value] of Object.entries(options.headers)) {
    const lowerName = name.toLowerCase();
    if (!ownedHeaderNames.has(lowerName)) headers[lowerName] = value;
  }
  headers["content-type"] = options.protocol === "http/json" ? "application/json" : "application/x-protobuf";
  if (options.compression === "gzip") headers["content-encoding"] = "gzip";
  return headers;
}

/** @see RFC 7617: UTF-8, Base64 */
function basicCredentials(url: URL): string {
  const pair = `${decode(url.username)}:${decode(url.password)}`;
  return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}

/** A `%` that is no escape is one that somebody forgot to escape. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
