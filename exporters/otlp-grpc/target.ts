// Where requests go, as gRPC names it. Pure.

/** A peer, as gRPC names it. */
export interface GrpcTarget {
  /** Name of the peer for gRPC: `dns:collector:4317`, `unix:/run/collector.sock`. */
  readonly name: string;
  /** Name or address for TLS, without brackets. */
  readonly host: string;
  readonly isSecure: boolean;
  /** As errors show it: without credentials. */
  readonly shownUrl: string;
  /** Value of an `authorization` entry, for a URL with a user. */
  readonly authorization: string | undefined;
}

/** Port of OTLP over gRPC, for `host` alone. @see OTLP/gRPC, Default Port */
const OTLP_GRPC_PORT = 4317;
/** Ports of `http:` and `https:` URLs that name none. @see OTLP exporter, Endpoint URLs */
const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/**
 * Reads where to send. The path and query of a URL mean nothing to gRPC.
 *
 * @param url `http:`, `https:` or `unix:` URL, or `host:port`.
 * @param insecure For `host:port`: whether the connection goes without TLS.
 * @throws {TypeError} `url` is neither.
 * @see OTLP exporter, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_INSECURE`
 */
export function grpcTarget(url: string, insecure: boolean): GrpcTarget {
  if (url.startsWith("unix:")) return unixTarget(url);
  if (/^https?:/i.test(url)) return urlTarget(new URL(url));
  const { hostname, port } = new URL(`grpc://${url}`);
  const shownUrl = `${hostname}:${port || OTLP_GRPC_PORT}`;
  const host = withoutBrackets(hostname);
  return { name: `dns:${shownUrl}`, host, isSecure: !insecure, shownUrl, authorization: undefined };
}

/** `unix:/path`, `unix:///path`. */
function unixTarget(url: string): GrpcTarget {
  const path = decode(url.slice("unix:".length).replace(/^\/\/(?=\/)/, ""));
  const name = `unix:${path}`;
  return { name, host: "localhost", isSecure: false, shownUrl: name, authorization: undefined };
}

function urlTarget(url: URL): GrpcTarget {
  const hasUser = url.username !== "" || url.password !== "";
  return {
    name: `dns:${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`,
    host: withoutBrackets(url.hostname),
    isSecure: url.protocol === "https:",
    shownUrl: url.origin,
    authorization: hasUser ? basicCredentials(url) : undefined,
  };
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function basicCredentials({ username, password }: URL): string {
  const text = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(text, "utf8").toString("base64")}`;
}

/** A `%` that is no escape is one that somebody forgot to escape. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
