/** What may stand in a file of PEM. */
export type TlsFileName = "ca" | "cert" | "key";

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
  /** Absolute paths of the texts that came from files: for connections that look at them again. */
  readonly files?: Readonly<Partial<Record<TlsFileName, string>>>;
  /** False: any certificate will do. */
  readonly rejectUnauthorized?: boolean;
}
