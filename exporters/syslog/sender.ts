import { shutDown, timedOut } from "../delivery/failure-codes.ts";
import { attempts, describeDuration, failedOutcome } from "../delivery/outcome.ts";
import { retryWaitMillis } from "../delivery/retry.ts";
import { isRetryableFault } from "../http-client/retry.ts";
import { startTimer, waitFor } from "../delivery/waiting.ts";
import type { BatchOptions, BatchSender, SendOutcome } from "../sender.ts";
import { DatagramTransport } from "./datagram-transport.ts";
import type { SyslogAddress, SyslogSenderOptions } from "./sender-options.ts";
import { StreamTransport } from "./stream-transport.ts";
import type { Handover, SyslogTransport, TransportFault } from "./transport.ts";

/** The path is that of a datagram socket. */
const wrongSocketKind = "EPROTOTYPE";

/**
 * Makes a sender of framed syslog messages. Nothing is connected before the first batch, and an idle connection does not keep the
 * process alive. Any thread; the sender belongs to the thread that made it. Sends one batch at a time.
 *
 * - Delivered is what the system has taken: syslog has no answers.
 * - What fails is tried again, over a new connection, with exponential backoff within `retryTimeoutMillis`; what cannot be
 *   mended by that, such as a certificate that is not trusted, is given up.
 *
 * @see RFC 5426 (UDP), RFC 6587 (TCP), RFC 5425 (TLS)
 */
export function createSyslogSender(options: SyslogSenderOptions): BatchSender {
  return new SyslogSender(options);
}

/** As errors show it: `tcp://localhost:514`. */
export function shownAddress(address: SyslogAddress): string {
  if (address.transport === "unix") return `unix:${address.socketPath}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${address.transport}://${host}:${address.port}`;
}

class SyslogSender implements BatchSender {
  readonly #options: SyslogSenderOptions;
  readonly #transport: SyslogTransport;
  /** Ends what is on its way. */
  readonly #stops = new Set<AbortController>();
  #isClosed = false;

  constructor(options: SyslogSenderOptions) {
    const { address } = options;
    this.#options = options;
    this.#transport =
      address.transport === "udp" ? new DatagramTransport(address) : new StreamTransport(address);
  }

  async send(body: Uint8Array, { recordCount, signal }: BatchOptions): Promise<SendOutcome> {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    if (signal.aborted || this.#isClosed) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    this.#stops.add(stop);
    try {
      const parts = { transport: this.#transport, recordCount, stop: stop.signal };
      return await new SyslogDelivery(this.#options, parts).run(body);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#stops.delete(stop);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops) stop.abort();
    this.#transport.close();
  }
}

interface DeliveryParts {
  readonly transport: SyslogTransport;
  readonly recordCount: number;
  readonly stop: AbortSignal;
}

/** A batch on its way. Used once. */
class SyslogDelivery {
  readonly #options: SyslogSenderOptions;
  readonly #parts: DeliveryParts;
  readonly #startMillis: number = performance.now();
  #attemptCount = 0;
  #taken = 0;
  /** Messages that can never be sent, and why. */
  #refused = 0;
  #refusal: TransportFault | undefined;

  constructor(options: SyslogSenderOptions, parts: DeliveryParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Sends until everything is taken or given up. Never rejects. */
  async run(body: Uint8Array): Promise<SendOutcome> {
    let bytes = body;
    // Ends with the budget; without one, with success, a fault that nothing mends, or the signal.
    for (;;) {
      const { rest, fault } = await this.#attempt(bytes);
      if (fault === undefined)
        return this.#refusal === undefined ? this.#delivered() : this.#giveUp(this.#refusal, "");
      if (this.#parts.stop.aborted || !isRetryable(fault)) return this.#giveUp(fault, "");
      if (!(await this.#waitForRetry(fault))) return this.#giveUp(fault, this.#exhaustion());
      bytes = rest;
    }
  }

  get #leftCount(): number {
    return this.#parts.recordCount - this.#taken;
  }

  async #attempt(bytes: Uint8Array): Promise<Handover> {
    this.#attemptCount++;
    const { timeoutMillis } = this.#options;
    const { transport, stop } = this.#parts;
    const over = new AbortController();
    const onStop = (): void =>
      over.abort(faultError(shutDown, "shut down before everything was handed over"));
    if (stop.aborted) onStop();
    stop.addEventListener("abort", onStop, { once: true });
    const isLast = timeoutMillis === 0 || this.#remainingMillis < timeoutMillis;
    const late = isLast
      ? "not taken in time"
      : `not taken within ${describeDuration(timeoutMillis)} ("timeoutMillis")`;
    const timer = startTimer(isLast ? this.#remainingMillis : timeoutMillis, () =>
      over.abort(faultError(timedOut, late)),
    );
    const recordCount = this.#leftCount - this.#refused;
    const handover = await transport.send({ bytes, recordCount }, over.signal);
    clearTimeout(timer);
    stop.removeEventListener("abort", onStop);
    this.#taken += handover.taken;
    this.#refused += handover.refused;
    this.#refusal ??= handover.refusal;
    return handover;
  }

  /** @returns Whether there is time for another attempt, and it has come. */
  async #waitForRetry(fault: TransportFault): Promise<boolean> {
    const waitMillis = retryWaitMillis({
      failureCount: this.#attemptCount,
      retryAfterMillis: undefined,
      heldBackMillis: 0,
      leftMillis: this.#remainingMillis,
      firstMillis: this.#options.backoffMillis,
      random: Math.random(),
    });
    if (waitMillis === undefined) return false;
    const { report, address } = this.#options;
    const count = this.#leftCount;
    report?.(
      `Cannot send ${count === 1 ? "1 record" : `${count} records`} to ${shownAddress(address)}: ${describe(fault)}; tried again in ${describeDuration(waitMillis)}`,
    );
    await waitFor(waitMillis, this.#parts.stop);
    return !this.#parts.stop.aborted;
  }

  /** What is left of the budget, in milliseconds. */
  get #remainingMillis(): number {
    const { retryTimeoutMillis } = this.#options;
    if (retryTimeoutMillis === 0) return Infinity;
    return Math.max(0, retryTimeoutMillis - (performance.now() - this.#startMillis));
  }

  #exhaustion(): string {
    if (this.#parts.stop.aborted) return ", and shut down before the next attempt";
    const elapsed = describeDuration(performance.now() - this.#startMillis);
    return ` for ${elapsed} ("retryTimeoutMillis"), ${attempts(this.#attemptCount)}`;
  }

  #delivered(): SendOutcome {
    return { delivered: this.#taken, rejected: 0, failed: 0, reason: undefined, error: undefined };
  }

  #giveUp(fault: TransportFault, addition: string): SendOutcome {
    const isStopped = this.#parts.stop.aborted;
    const outcome = failedOutcome(
      {
        reason: isStopped ? shutDown : fault.code,
        detail: `${describe(fault)}${addition}`,
        isRetryable: isStopped || isRetryable(fault),
        isUnanswered: false,
        cause: fault.cause,
      },
      { recordCount: this.#leftCount, shownUrl: shownAddress(this.#options.address) },
    );
    return { ...outcome, delivered: this.#taken };
  }
}

function faultError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function isRetryable({ code }: TransportFault): boolean {
  return code !== wrongSocketKind && isRetryableFault(code);
}

function describe({ code, cause }: TransportFault): string {
  if (code === wrongSocketKind) {
    return 'it takes datagrams, which Node cannot send (EPROTOTYPE); send to the syslog daemon with "transport" "udp" or "tcp"';
  }
  const { message } = cause;
  if (message === "") return code;
  const isSaid = message.includes(code) || code === timedOut || code === shutDown;
  return isSaid ? message : `${message} (${code})`;
}
