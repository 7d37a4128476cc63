import type { TlsSettings } from "../tls-settings.ts";
import { Connection } from "./connection.ts";

/**
 * Lends out the connections to one origin, at most `connectionCountMax` at a time; who comes too late waits in line.
 * The line holds as many as there are callers: the worker takes no more batches than it may have requests under way.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #connectionCountMax: number;
  readonly #tls: TlsSettings;
  /** A stack: the connection used last is the one least likely to have been closed by the peer. */
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];
  /** In order of arrival. */
  readonly #waiting = new Set<(connection: Connection | undefined) => void>();

  /** @param connectionCountMax At least 1. */
  constructor(origin: string, connectionCountMax: number, tls: TlsSettings = {}) {
    this.#origin = origin;
    this.#connectionCountMax = connectionCountMax;
    this.#tls = tls;
  }

  /**
   * Waits for a connection; give it back with `release()`.
   *
   * @returns `undefined` when the signal came first.
   */
  async acquire(signal: AbortSignal): Promise<Connection | undefined> {
    if (signal.aborted) return undefined;
    const connection = this.#idle.pop() ?? this.#open();
    if (connection !== undefined) return connection;
    const turn = Promise.withResolvers<Connection | undefined>();
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

  release(connection: Connection): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#idle.push(connection);
    } else {
      this.#waiting.delete(next);
      next(connection);
    }
  }

  /** Cuts all connections. Only when nobody waits or sends any more. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.close()));
  }

  #open(): Connection | undefined {
    if (this.#all.length >= this.#connectionCountMax) return undefined;
    const connection = new Connection(this.#origin, this.#tls);
    this.#all.push(connection);
    return connection;
  }
}
