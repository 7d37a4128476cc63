import { ExportError } from "../../src/errors.ts";
import type { BatchOptions, BatchSender, SendOutcome } from "../sender.ts";
import { Backoff } from "./backoff.ts";
import { Connection, ConnectionFault, shutDownFault } from "./connection.ts";
import { describePeer, type SocketSenderOptions } from "./sender-options.ts";
import { pause } from "./waiting.ts";

/** Longest wait for the peer to close its side at the end. */
const closeMillis = 1000;

/**
 * Makes a sender of frames to one peer, over one connection that is opened by the first batch, kept, and opened again when
 * it is lost. Any thread; the sender belongs to the thread that made it.
 *
 * - Delivered is what the operating system has taken: the protocol has no answers. What its buffers hold when a connection
 *   breaks is lost without our knowing.
 * - A batch that could not be written to its end is written again on the next connection, all of it, from its first frame
 *   on: the peer may see records of it twice, and a part of a frame at the end of the old connection.
 * - Batches are written one after the other, in the order of the calls.
 */
export function createSocketSender(options: SocketSenderOptions): BatchSender {
  return new SocketSender(options);
}

class SocketSender implements BatchSender {
  readonly #options: SocketSenderOptions;
  readonly #peer: string;
  readonly #backoff: Backoff;
  /** Ends all sends. */
  readonly #over = new AbortController();
  #connection: Connection | undefined;
  /** What the outage that goes on was last reported with. */
  #reportedCode: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SocketSenderOptions) {
    this.#options = options;
    this.#peer = describePeer(options);
    this.#backoff = new Backoff(options);
  }

  send(body: Uint8Array, batch: BatchOptions): Promise<SendOutcome> {
    const outcome = this.#last.then(() => this.#sendInTurn(body, batch));
    this.#last = outcome;
    return outcome;
  }

  async close(): Promise<void> {
    const isIdle = await this.#isIdle();
    if (isIdle) await this.#connection?.end(closeMillis);
    this.#over.abort();
    await this.#last;
    this.#connection?.destroy();
  }

  /** Whether nothing is being sent: then the connection can be ended in good order. */
  #isIdle(): Promise<boolean> {
    const nextTurn = new Promise<boolean>((resolve) => {
      setImmediate(() => resolve(false));
    });
    return Promise.race([this.#last.then(() => true), nextTurn]);
  }

  async #sendInTurn(body: Uint8Array, { recordCount, signal }: BatchOptions): Promise<SendOutcome> {
    const over = new AbortController();
    const stop = (): void => over.abort();
    for (const source of [signal, this.#over.signal]) {
      source.addEventListener("abort", stop, { once: true });
      if (source.aborted) stop();
    }
    try {
      return await this.#deliver(body, { recordCount, signal: over.signal });
    } finally {
      signal.removeEventListener("abort", stop);
      this.#over.signal.removeEventListener("abort", stop);
    }
  }

  async #deliver(body: Uint8Array, { recordCount, signal }: BatchOptions): Promise<SendOutcome> {
    const { retryTimeoutMillis } = this.#options;
    const startMillis = performance.now();
    // Ends with the batch written, its time over, or the signal.
    for (;;) {
      const fault = await this.#tryOnce(body, signal);
      if (fault === undefined) return delivered(recordCount);
      if (signal.aborted) return this.#failed(recordCount, shutDownFault());
      const pauseMillis = this.#backoff.next(this.#connection?.ageMillis ?? 0);
      this.#connection = undefined;
      const spentMillis = performance.now() - startMillis + pauseMillis;
      if (retryTimeoutMillis > 0 && spentMillis > retryTimeoutMillis) return this.#failed(recordCount, fault);
      this.#reportOutage(fault);
      await pause(pauseMillis, signal);
    }
  }

  /** One attempt, on the connection there is or a new one. Undefined when the batch was written. */
  async #tryOnce(body: Uint8Array, signal: AbortSignal): Promise<ConnectionFault | undefined> {
    if (signal.aborted) return shutDownFault();
    try {
      if (this.#connection?.isUsable !== true) {
        this.#connection = undefined;
        this.#connection = await Connection.open(this.#options, signal);
      }
      await this.#connection.write(body, { timeoutMillis: this.#options.writeTimeoutMillis, signal });
      this.#reportedCode = undefined;
      return undefined;
    } catch (error) {
      if (error instanceof ConnectionFault) return error;
      // A certificate that cannot be read, and the like: what the constructor of a socket throws.
      return new ConnectionFault(error instanceof Error ? error.message : String(error), "invalid", {
        cause: error,
      });
    }
  }

  #reportOutage(fault: ConnectionFault): void {
    if (fault.code === this.#reportedCode) return;
    this.#reportedCode = fault.code;
    this.#options.report(
      `Cannot send to ${this.#peer}: ${fault.message}; records wait, and it is tried again`,
    );
  }

  #failed(recordCount: number, fault: ConnectionFault): SendOutcome {
    const records = recordCount === 1 ? "1 record" : `${recordCount} records`;
    const message = `Cannot send ${records} to ${this.#peer}: ${fault.message}; counted as export_failed`;
    const error = new ExportError(message, { retryable: true, cause: fault });
    return { delivered: 0, rejected: 0, failed: recordCount, reason: fault.code, error };
  }
}

function delivered(recordCount: number): SendOutcome {
  return { delivered: recordCount, rejected: 0, failed: 0, reason: undefined, error: undefined };
}
