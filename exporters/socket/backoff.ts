/** Shortest pause: a peer that refuses at once must not be asked in a tight loop. */
const pauseMillisMin = 10;

/** Bounds of the pauses, in milliseconds. */
export interface BackoffOptions {
  readonly backoffMillis: number;
  readonly backoffMaxMillis: number;
  readonly backoffResetMillis: number;
  /** 0 to 1 (exclusive), `Math.random` by default. So that tests can choose. */
  readonly random?: () => number;
}

/**
 * Pauses between connections, with full jitter: each is a random time up to a limit that doubles, so that many senders
 * do not come back to a peer at the same moment.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #limitMillis: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#limitMillis = options.backoffMillis;
  }

  /**
   * The next pause, in milliseconds.
   * @param connectedMillis How long the connection that failed had lasted; 0 when there was none.
   */
  next(connectedMillis: number): number {
    const { backoffMillis, backoffMaxMillis, backoffResetMillis, random = Math.random } = this.#options;
    if (connectedMillis >= backoffResetMillis) this.#limitMillis = backoffMillis;
    const limitMillis = Math.min(this.#limitMillis, backoffMaxMillis);
    this.#limitMillis = Math.min(limitMillis * 2, backoffMaxMillis);
    return pauseMillisMin + random() * Math.max(0, limitMillis - pauseMillisMin);
  }
}
