// Where a request goes and what stands above its body. Pure; computed once a sender.
import type { Compression } from "./compression.ts";
import type { HttpMethod } from "./connection.ts";
import { proxyHeaders, type ProxySettings } from "./proxy.ts";

/** Names that HTTP needs for itself. */
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
  /** GET: what would be the body is added to the query. */
  readonly method: HttpMethod;
  /** Scheme, host and port of the peer. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The URL as errors show it: without credentials and query, which often hold keys. */
  readonly shownUrl: string;
}

/** What a target is made from. */
export interface TargetParts {
  readonly method: HttpMethod;
  /** Final URL, used as it is. `user:password@` becomes Basic credentials. */
  readonly url: string;
  /** Sent with each request, by names in any case. Names that HTTP needs for itself are overruled. */
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  /** Undefined for requests without a body. */
  readonly contentType: string | undefined;
  readonly compression: Compression;
}

/**
 * The same through a proxy that is handed each request whole: for `http:` URLs, since many proxies make tunnels to TLS ports only.
 *
 * @see RFC 9112, 3.2.2 absolute-form
 */
export function forwardedTarget(target: RequestTarget, proxy: ProxySettings): RequestTarget {
  const { origin, path, headers } = target;
  return {
    ...target,
    origin: proxy.origin,
    path: `${origin}${path}`,
    headers: { host: new URL(origin).host, ...headers, ...proxyHeaders(proxy) },
  };
}

/** @throws {TypeError} The URL cannot be parsed. */
export function makeTarget(parts: TargetParts): RequestTarget {
  const url = new URL(parts.url);
  return {
    method: parts.method,
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: requestHeaders(parts, url),
    shownUrl: `${url.origin}${url.pathname}`,
  };
}

function requestHeaders(parts: TargetParts, url: URL): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": parts.userAgent };
  if (url.username !== "" || url.password !== "") {
    headers["authorization"] = basicCredentials(decode(url.username), decode(url.password));
  }
  for (const [name, value] of Object.entries(parts.headers)) {
    const lowerName = name.toLowerCase();
    if (!ownedHeaderNames.has(lowerName)) headers[lowerName] = value;
  }
  if (parts.contentType !== undefined) headers["content-type"] = parts.contentType;
  if (parts.compression !== "none") headers["content-encoding"] = parts.compression;
  return headers;
}

/** Headers of a target and others that win over them, by lower-case names. What HTTP needs for itself stays. */
export function withHeaders(
  headers: RequestTarget["headers"],
  others: RequestTarget["headers"],
): RequestTarget["headers"] {
  const entries = Object.entries(others).filter(([name]) => !ownedHeaderNames.has(name));
  return entries.length === 0 ? headers : { ...headers, ...Object.fromEntries(entries) };
}

/** The value of an `Authorization` header. @see RFC 7617: UTF-8, Base64 */
export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

/** A `%` that is no escape is one that somebody forgot to escape. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
