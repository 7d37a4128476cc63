/** TLS of a connection, as Node's `tls.connect()` takes it; what is left out is Node's default. PEM texts, not paths. */
export interface TlsSettings {
  /** Certificates to trust, in place of those that Node trusts. */
  readonly ca?: string;
  /** Our own certificate and those above it, for peers that ask who we are. */
  readonly cert?: string;
  /** The key of `cert`. */
  readonly key?: string;
  /** What `key` is encrypted with. */
  readonly passphrase?: string;
  /** Name that the peer's certificate must have; the host otherwise. */
  readonly servername?: string;
  /** False: any certificate will do. */
  readonly rejectUnauthorized?: boolean;
}
