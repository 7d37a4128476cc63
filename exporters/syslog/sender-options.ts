import type { TlsSettings } from "../tls-settings.ts";

/** Where messages go. */
export type SyslogAddress =
  | { readonly transport: "udp" | "tcp"; readonly host: string; readonly port: number }
  | { readonly transport: "tls"; readonly host: string; readonly port: number; readonly tls: TlsSettings }
  | { readonly transport: "unix"; readonly socketPath: string };

/** Where and how messages go. Values are taken as validated: nothing is checked again. */
export interface SyslogSenderOptions {
  readonly address: SyslogAddress;
  /** Time for one attempt in milliseconds, from connecting until the system has taken the batch; 0 for no limit. */
  readonly timeoutMillis: number;
  /** Time for all attempts of one batch in milliseconds, from the start of the first; 0 for no limit. */
  readonly retryTimeoutMillis: number;
  /** Is told of attempts that failed and will be made again, in words. Not rate-limited. */
  readonly report?: (trouble: string) => void;
  /**
   * First wait before a retry in milliseconds, before jitter; default 1000. So that tests need not wait.
   *
   * @internal
   */
  readonly backoffMillis?: number;
}
