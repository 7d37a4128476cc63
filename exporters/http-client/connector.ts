// How connections are made: straight to the peer, or through a tunnel of a proxy.
import type { Socket } from "node:net";

import type { buildConnector as types } from "undici";
import buildConnector from "undici/lib/core/connect.js";

import type { TlsFiles } from "../tls-files.ts";
import type { TlsSettings } from "../tls-settings.ts";

/** Something that will be a connection, or fails: `destroy()` makes it fail now. */
export interface Connecting {
  destroy(cause: Error): unknown;
}

/** Begins to connect, and calls back once: with a socket that is ready for HTTP, or an error. */
export type Connector = (
  options: types.Options,
  callback: (...outcome: [error: null, socket: Socket] | [error: Error, socket: null]) => void,
) => Connecting;

/** Makes connectors over HTTP/1.1 without a time limit: that of the attempt holds for the connection too. */
export function connectorOf(tls: TlsSettings): ReturnType<typeof buildConnector> {
  const { files: _files, ...settings } = tls;
  return buildConnector({ ...settings, allowH2: false, timeout: 0 });
}

/**
 * A connector whose TLS settings are looked at for each connection. As long as they stay the same so does the connector, which
 * remembers sessions of TLS; new ones begin without, since a session would be taken up again unchecked.
 */
export class TlsConnector {
  readonly #files: TlsFiles;
  #settings: TlsSettings | undefined;
  #connect: ReturnType<typeof connectorOf> | undefined;

  constructor(files: TlsFiles) {
    this.#files = files;
  }

  connect(...[options, callback]: Parameters<Connector>): Socket {
    const settings = this.#files.current();
    if (this.#connect === undefined || settings !== this.#settings) {
      this.#settings = settings;
      this.#connect = connectorOf(settings);
    }
    return this.#connect(options, callback);
  }
}
