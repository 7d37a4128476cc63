// TLS of a gRPC connection. Those that grpc-js has would announce an address as a server name, which Node warns of, know no
// passphrase, and keep the code of a failed handshake to themselves.
import type { Socket } from "node:net";
import { isIP } from "node:net";
import { connect, createSecureContext, type ConnectionOptions } from "node:tls";

import { CallCredentials, ChannelCredentials } from "@grpc/grpc-js";

import type { TlsSettings } from "../tls-settings.ts";

type SecureConnector = ReturnType<ChannelCredentials["_createSecureConnector"]>;
type SecureConnection = Awaited<ReturnType<SecureConnector["connect"]>>;

/** A host, and what TLS is told of it. */
export interface TlsPeer {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly tls: TlsSettings;
  /** Is told of each handshake that fails, before gRPC is. */
  readonly onFailure: (error: Error) => void;
}

/** Credentials of a channel to one peer. */
export class TlsCredentials extends ChannelCredentials {
  readonly #options: ConnectionOptions;
  readonly #onFailure: (error: Error) => void;

  /** @throws {Error} Certificate and key of `tls` cannot be used. */
  constructor({ host, tls, onFailure }: TlsPeer) {
    super();
    const { servername, rejectUnauthorized = true, ...pem } = tls;
    const name = servername ?? (isIP(host) === 0 ? host : undefined);
    this.#options = {
      secureContext: createSecureContext(pem),
      host,
      rejectUnauthorized,
      ALPNProtocols: ["h2"],
      ...(name === undefined ? {} : { servername: name }),
    };
    this.#onFailure = onFailure;
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
      this.#onFailure(error);
      end.reject(error);
    };
    const tlsSocket = connect({ ...this.#options, socket }, () => {
      tlsSocket.off("close", cutOff);
      end.resolve({ socket: tlsSocket, secure: true });
    });
    const cutOff = (): void => fail(new Error("the connection was closed during the TLS handshake"));
    // Later errors are those of the connection: gRPC listens for them itself.
    tlsSocket.on("error", fail);
    tlsSocket.once("close", cutOff);
    return end.promise;
  }
}
