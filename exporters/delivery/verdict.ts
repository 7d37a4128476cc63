// What an attempt came to, whatever it went by.

/** The peer took the request. */
export interface Acceptance {
  readonly isAccepted: true;
  /** Records refused, as the peer says. */
  readonly rejectedCount: number;
  /** What the peer has to say, in quotes, or what was wrong with its response; empty when all is well. */
  readonly remark: string;
}

/** The peer did not take the request, or nobody knows. */
export interface Failure {
  readonly isAccepted: false;
  /** `error.type`: a status, `timeout`, `ECONNREFUSED`, … */
  readonly reason: string;
  /** What it is, for people: `status 429 ("slow down")`. */
  readonly detail: string;
  readonly isRetryable: boolean;
  /** How long the peer asks to wait, in milliseconds; `undefined` when it does not. */
  readonly retryAfterMillis: number | undefined;
  /** Whether the peer may have taken the records without our knowing. */
  readonly isUnanswered: boolean;
  /** The request was too large for the peer: its records may pass in smaller ones. Such a failure is not retryable. */
  readonly isTooLarge?: boolean;
  /**
   * The peer did not take us for who we say we are, and the next attempt says it anew: it is worth one without a wait, once a
   * batch. Whatever `isRetryable` says.
   */
  readonly isRenewable?: boolean;
  readonly cause: Error | undefined;
}

/** What an attempt came to. */
export type Verdict = Acceptance | Failure;
