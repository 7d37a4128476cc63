import type { TlsSettings } from "../tls-settings.ts";

/** Where frames go and how connections are made. Values are taken as validated: nothing is checked again. */
export interface SocketSenderOptions {
  readonly host: string;
  readonly port: number;
  /** Absolute path of a Unix domain socket, in place of host and port. */
  readonly socketPath: string | undefined;
  /** With it the connection is encrypted. TCP only. */
  readonly tls: TlsSettings | undefined;
  /** Time for a connection in milliseconds: name, handshakes and all. At least 1. */
  readonly connectTimeoutMillis: number;
  /** How long the peer may take no more bytes, in milliseconds. At least 1. */
  readonly writeTimeoutMillis: number;
  /** Longest first pause before a new connection, in milliseconds; each further one is up to twice as long. */
  readonly backoffMillis: number;
  /** What the longest pause grows to, in milliseconds. */
  readonly backoffMaxMillis: number;
  /** A connection that has lasted so many milliseconds makes pauses short again. */
  readonly backoffResetMillis: number;
  /** Time for all attempts to write one batch, in milliseconds; 0 for no limit. */
  readonly retryTimeoutMillis: number;
  /** Idle time in milliseconds after which the system asks whether the peer is still there; 0 for never. */
  readonly keepAliveMillis: number;
  /** Whether small writes go out at once. */
  readonly noDelay: boolean;
  /** Is told of an outage in words, once, and again when its reason changes. */
  readonly report: (trouble: string) => void;
}

/** How a peer is called in texts for people: `tcp://host:port`, `tls://host:port` or `unix:path`. */
export function describePeer({
  host,
  port,
  socketPath,
  tls,
}: Pick<SocketSenderOptions, "host" | "port" | "socketPath" | "tls">): string {
  if (socketPath !== undefined) return `unix:${socketPath}`;
  const authority = host.includes(":") ? `[${host}]` : host;
  return `${tls === undefined ? "tcp" : "tls"}://${authority}:${port}`;
}
