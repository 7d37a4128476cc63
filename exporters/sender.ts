/** What a network exporter needs from its sending half: bytes in, a count of what became of the records out. */

/** What became of the records of one batch. All counts together are the batch's `recordCount`. */
export interface SendOutcome {
  /** Records the peer took. */
  readonly delivered: number;
  /** Records the peer refused in a partial success. Never sent again. */
  readonly rejected: number;
  /** Records given up. The peer may have them all the same where `error` says so: a request that went unanswered. */
  readonly failed: number;
  /** Records that a persistent queue has on the disk, and sends later; left out: none. */
  readonly spooled?: number;
  /** Records given up because a persistent queue had no room for them; left out: none. */
  readonly spoolFull?: number;
  /**
   * Why, as `error.type` of the semantic conventions: `rejected`, a status such as `429`, `timeout`, `shutdown`, a code of
   * the socket such as `ECONNREFUSED`. `undefined` when all were delivered.
   */
  readonly reason: string | undefined;
  /**
   * Why, for people; an `ExportError` whose `retryable` says whether the same bytes may succeed later. Without `reason`
   * it is a warning of the peer that took everything.
   */
  readonly error: Error | undefined;
}

/** One batch, beside its bytes. */
export interface BatchOptions {
  /** Records in the body, at least 1. */
  readonly recordCount: number;
  /** Ends waits and requests at once: what has no answer by then has failed with reason `shutdown`. */
  readonly signal: AbortSignal;
}

/** Sends encoded batches to one peer. */
export interface BatchSender {
  /**
   * Sends one request body, and again as long as that makes sense. The sender's own thread.
   *
   * @param body The whole request, encoded. Not copied: leave it as it is until the promise resolves.
   * @returns What became of the records. Always resolves, never rejects.
   */
  send(body: Uint8Array, batch: BatchOptions): Promise<SendOutcome>;

  /**
   * Gives up what is still being sent (reason `shutdown`) and closes the connections; wait for your sends first if that
   * matters. Later sends fail with the same reason. Always resolves; may be called again.
   */
  close(): Promise<void>;
}
