/** What a pool needs to know of what it lends out. */
export interface PooledChannel {
  close(): Promise<void>;
}

/**
 * Lends out the channels to one peer, at most `channelCountMax` at a time; who comes too late waits in line.
 * The line holds as many as there are callers: the worker takes no more batches than it may have requests under way.
 */
export class ChannelPool<Channel extends PooledChannel> {
  readonly #channelCountMax: number;
  readonly #makeChannel: () => Channel;
  /** A stack: the channel used last is the one least likely to have been closed by the peer. */
  readonly #idle: Channel[] = [];
  readonly #all: Channel[] = [];
  /** In order of arrival. */
  readonly #waiting = new Set<(channel: Channel | undefined) => void>();

  /**
   * @param channelCountMax At least 1.
   * @param makeChannel Makes one more, when all are lent out.
   */
  constructor(channelCountMax: number, makeChannel: () => Channel) {
    this.#channelCountMax = channelCountMax;
    this.#makeChannel = makeChannel;
  }

  /**
   * Waits for a channel; give it back with `release()`.
   *
   * @returns `undefined` when the signal came first.
   */
  async acquire(signal: AbortSignal): Promise<Channel | undefined> {
    if (signal.aborted) return undefined;
    const channel = this.#idle.pop() ?? this.#open();
    if (channel !== undefined) return channel;
    const turn = Promise.withResolvers<Channel | undefined>();
    const leave = (): void => {
      this.#waiting.delete(turn.resolve);
      turn.resolve(undefined);
    };
    this.#waiting.add(turn.resolve);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await turn.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  release(channel: Channel): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#idle.push(channel);
    } else {
      this.#waiting.delete(next);
      next(channel);
    }
  }

  /** Cuts all channels. Only when nobody waits or sends any more. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map(async (channel) => channel.close()));
  }

  #open(): Channel | undefined {
    if (this.#all.length >= this.#channelCountMax) return undefined;
    const channel = this.#makeChannel();
    this.#all.push(channel);
    return channel;
  }
}
