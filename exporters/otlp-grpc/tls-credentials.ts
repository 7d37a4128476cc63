// TLS of a gRPC connection. Those that grpc-js has would announce an address as a server name, which Node warns of, know no
// passphrase, and keep the code of a failed handshake to themselves.
import type { Socket } from "node:net";
import { isIP } from "node:net";
import { connect, createSecureContext, type ConnectionOptions } from "node:tls";

import { CallCredentials, ChannelCredentials } from "@grpc/grpc-js";

import type { TlsFiles } from "../tls-files.ts";
import type { TlsSettings } from "../tls-settings.ts";

type SecureConnector = ReturnType<ChannelCredentials["_createSecureConnector"]>;
type SecureConnection = Awaited<ReturnType<SecureConnector["connect"]>>;

/** A host, and what TLS is told of it. */
export interface TlsPeer {
  /** Name or address, without brackets. */
  readonly host: string;
  /** Looked at for each connection. */
  readonly tls: TlsFiles;
  /** Is told of each handshake that fails, before gRPC is. */
  readonly onFailure: (error: Error) => void;
}

/** Credentials of a channel to one peer. */
export class TlsCredentials extends ChannelCredentials {
  readonly #peer: TlsPeer;
  #settings: TlsSettings | undefined;
  #options: ConnectionOptions = {};

  constructor(peer: TlsPeer) {
    super();
    this.#peer = peer;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(): SecureConnector {
    return {
      connect: (socket) => this.#shakeHands(socket),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => CallCredentials.createEmpty(),
      destroy: () => {},
    };
  }

  #shakeHands(socket: Socket): Promise<SecureConnection> {
    const end = Promise.withResolvers<SecureConnection>();
    const fail = (error: Error): void => {
      this.#peer.onFailure(error);
      end.reject(error);
    };
    const tlsSocket = connect({ ...this.#currentOptions(), socket }, () => {
      tlsSocket.off("close", cutOff);
      end.resolve({ socket: tlsSocket, secure: true });
    });
    const cutOff = (): void => fail(new Error("the connection was closed during the TLS handshake"));
    // Later errors are those of the connection: gRPC listens for them itself.
    tlsSocket.on("error", fail);
    tlsSocket.once("close", cutOff);
    return end.promise;
  }

  #currentOptions(): ConnectionOptions {
    const { host, tls } = this.#peer;
    const settings = tls.current();
    if (settings === this.#settings) return this.#options;
    const { servername, rejectUnauthorized = true, files: _files, ...pem } = settings;
    const name = servername ?? (isIP(host) === 0 ? host : undefined);
    this.#settings = settings;
    this.#options = {
      secureContext: createSecureContext(pem),
      host,
      rejectUnauthorized,
      ALPNProtocols: ["h2"],
      ...(name === undefined ? {} : { servername: name }),
    };
    return this.#options;
  }
}
