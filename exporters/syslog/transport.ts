/** Why the rest of a batch was not handed over. */
export interface TransportFault {
  /** A code of Node such as `ECONNREFUSED`. */
  readonly code: string;
  readonly cause: Error;
}

/** What became of the messages of one attempt. */
export interface Handover {
  /** Messages that the system has taken. */
  readonly taken: number;
  /** Messages that can never be sent. */
  readonly refused: number;
  /** Why they cannot. */
  readonly refusal: TransportFault | undefined;
  /** What is to be sent again; empty without a fault. */
  readonly rest: Uint8Array;
  /** Why there is a rest. */
  readonly fault: TransportFault | undefined;
}

/** The way to one server. One batch at a time. */
export interface SyslogTransport {
  /**
   * Hands framed messages to the system, over a connection that is opened when there is none.
   *
   * @param batch.bytes Not copied: left as it is until the promise resolves.
   * @param batch.recordCount Messages in `bytes`.
   * @param signal Ends the attempt: its fault is then the signal's reason.
   * @returns Always resolves.
   */
  send(
    batch: { readonly bytes: Uint8Array; readonly recordCount: number },
    signal: AbortSignal,
  ): Promise<Handover>;
  /** Cuts the connection. */
  close(): void;
}

/** The fault that an error is. */
export function faultOf(error: unknown): TransportFault {
  const cause = error instanceof Error ? error : new Error(String(error));
  const { code } = cause as { readonly code?: unknown };
  return { code: typeof code === "string" ? code : cause.name, cause };
}
