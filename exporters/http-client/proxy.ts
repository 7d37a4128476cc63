// Proxies: who they are, and tunnels through them.
import type { Socket } from "node:net";

import type { Dispatcher } from "undici";
import Client from "undici/lib/dispatcher/client.js";

import type { TlsFiles } from "../tls-files.ts";
import { connectorOf, TlsConnector, type Connecting, type Connector } from "./connector.ts";
import { proxyBusy, proxyRefused } from "./exchange-codes.ts";

/** A proxy for requests. */
export interface ProxySettings {
  /** Scheme, host and port: what errors may show. */
  readonly origin: string;
  /** Value of `Proxy-Authorization`; secret. */
  readonly authorization: string | undefined;
}

/** Statuses of a proxy that another attempt may mend. @see RFC 9110, 15.6.3 to 15.6.5; RFC 6585, 4 */
const busyStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** The headers by which a proxy knows us. */
export function proxyHeaders({ authorization }: ProxySettings): Record<string, string> {
  return authorization === undefined ? {} : { "proxy-authorization": authorization };
}

/**
 * A connector to `https:` peers through a proxy, which sees where to, and nothing of what.
 *
 * @param tls Settings for the peer. A proxy of the scheme `https:` is trusted by them and by Node's certificates.
 * @see RFC 9110, 9.3.6 CONNECT
 */
export function tunnelConnector(proxy: ProxySettings, tls: TlsFiles): Connector {
  const peer = new TlsConnector(tls);
  return (options, callback) => {
    const tunnel = new Tunnel(proxy, tls);
    tunnel.open(`${options.hostname}:${options.port || 443}`, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      tunnel.continueWith(peer.connect({ ...options, httpSocket: socket }, callback));
    });
    return tunnel;
  };
}

/** A connector to the proxy itself, for requests that are handed over to it whole. */
export function proxyConnector(tls: TlsFiles): Connector {
  return (...connection) => connectorOf(proxyTlsOf(tls))(...connection);
}

type TunnelCallback = (...outcome: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

/** A tunnel that is being dug. */
class Tunnel implements Connecting, Dispatcher.DispatchHandler {
  readonly #proxy: ProxySettings;
  readonly #client: Client;
  #connecting: Connecting | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #callback: TunnelCallback = () => {};

  constructor(proxy: ProxySettings, tls: TlsFiles) {
    this.#proxy = proxy;
    const connect = connectorOf(proxyTlsOf(tls));
    this.#client = new Client(proxy.origin, {
      allowH2: false,
      headersTimeout: 0,
      connect: (options, callback) => {
        this.#connecting = connect(options, callback);
      },
    });
  }

  /** @param authority Host and port of the peer. */
  open(authority: string, callback: TunnelCallback): void {
    this.#callback = callback;
    const headers = { host: authority, ...proxyHeaders(this.#proxy) };
    this.#client.dispatch({ method: "CONNECT", path: authority, headers }, this);
  }

  /** What `destroy()` ends from now on. */
  continueWith(connecting: Connecting): void {
    this.#connecting = connecting;
  }

  destroy(cause: Error): void {
    this.#controller?.abort(cause);
    this.#connecting?.destroy(cause);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    _headers: object,
    socket: Socket,
  ): void {
    this.#controller = undefined;
    if (statusCode >= 200 && statusCode <= 299) {
      this.#callback(null, socket);
      return;
    }
    socket.on("error", () => {}).destroy();
    const message = `the proxy ${this.#proxy.origin} does not connect us: status ${statusCode}`;
    this.#fail(message, { code: busyStatuses.has(statusCode) ? proxyBusy : proxyRefused });
  }

  onResponseError(
    _controller: Dispatcher.DispatchController | null,
    error: Error & { code?: unknown },
  ): void {
    const code = typeof error.code === "string" ? error.code : proxyRefused;
    this.#fail(`no connection through the proxy ${this.#proxy.origin}: ${error.message}`, {
      code,
      cause: error,
    });
  }

  #fail(message: string, { code, cause }: { readonly code: string; readonly cause?: Error }): void {
    const error = Object.assign(new Error(message, { cause }), { code });
    this.#callback(error, null);
  }
}

/** Our certificate is not for the proxy, and the name to look for is not its. */
function proxyTlsOf(tls: TlsFiles): Parameters<typeof connectorOf>[0] {
  const { ca, rejectUnauthorized } = tls.current();
  const { rootCertificates } = process.getBuiltinModule("node:tls");
  return {
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca].join("\n") }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}
