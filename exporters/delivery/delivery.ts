// One request on its way: attempts, and the waits between them, until it is taken, refused or given up.
import type { SendOutcome } from "../sender.ts";
import type { Budget } from "./budget.ts";
import type { DeliveryOptions } from "./delivery-options.ts";
import { shutDown, timedOut } from "./failure-codes.ts";
import { acceptedOutcome, attempts, describeDuration, failedOutcome, type BatchSubject } from "./outcome.ts";
import { retryWaitMillis } from "./retry.ts";
import type { ThrottleGate } from "./throttle-gate.ts";
import type { Transport } from "./transport.ts";
import type { Failure, Verdict } from "./verdict.ts";
import { startTimer, waitFor } from "./waiting.ts";

/** What the deliveries of a sender share. */
export interface DeliveryContext<Channel> {
  readonly transport: Transport<Channel>;
  readonly options: DeliveryOptions;
  /** Where requests go, as errors show it: without credentials and query. */
  readonly shownUrl: string;
  readonly gate: ThrottleGate;
}

/** What is sent, beside its bytes. */
export interface DeliverySubject {
  readonly recordCount: number;
  /** Requests of one batch share it. */
  readonly budget: Budget;
}

/** What became of one request. */
export interface DeliveryOutcome extends SendOutcome {
  /** It was too large for the peer: its records may pass in smaller ones. */
  readonly isTooLarge?: true;
}

/** A request on its way. Used once: `run()`, and `stop()` at any time. */
export class Delivery<Channel> {
  readonly #context: DeliveryContext<Channel>;
  readonly #subject: BatchSubject;
  readonly #budget: Budget;
  /** Aborted when nothing more may happen: by `stop()`, or when the budget is spent. */
  readonly #over = new AbortController();
  #isStopped = false;
  #attemptCount = 0;
  #budgetTimer: NodeJS.Timeout | undefined;
  #isUnanswered = false;
  #isRenewed = false;
  /** Of the latest attempt, but for one that the end of the budget cut short: what came before says more. */
  #failure: Failure | undefined;

  constructor(context: DeliveryContext<Channel>, { recordCount, budget }: DeliverySubject) {
    this.#context = context;
    this.#subject = { recordCount, shownUrl: context.shownUrl };
    this.#budget = budget;
  }

  /** Ends waits and requests at once; `run()` then resolves with reason `shutdown`, unless it has its result. */
  stop(): void {
    this.#isStopped = true;
    this.#over.abort(shutDown);
  }

  /** Sends the body until it is taken, refused or given up. Never rejects. */
  async run(body: Uint8Array): Promise<DeliveryOutcome> {
    const outcome = await this.#run(body);
    clearTimeout(this.#budgetTimer);
    const isTooLarge = outcome.failed > 0 && this.#failure?.isTooLarge === true;
    return isTooLarge ? { ...outcome, isTooLarge } : outcome;
  }

  async #run(body: Uint8Array): Promise<SendOutcome> {
    try {
      // An earlier request of the batch has started it.
      if (this.#budget.isRunning) this.#startBudget();
      const bytes = await this.#context.transport.prepare(body, this.#over.signal);
      return bytes === undefined ? this.#giveUp() : await this.#deliver(bytes);
    } catch (error) {
      return this.#giveUpAfterBug(error);
    }
  }

  async #deliver(body: Uint8Array): Promise<SendOutcome> {
    // Ends with the budget; without one, with an answer that is final or with `stop()`.
    for (;;) {
      const channel = await this.#acquire();
      if (channel === undefined) return this.#giveUp();
      if (this.#attemptCount === 0) this.#startBudget();
      const verdict = await this.#attempt(channel, body);
      if (verdict.isAccepted) return acceptedOutcome(verdict, this.#subject);
      if (this.#mayRenew(verdict)) continue;
      if (!verdict.isRetryable || !(await this.#waitForRetry(verdict))) return this.#giveUp();
    }
  }

  /** A channel, when the peer lets us. Waiting before the first attempt is not the batch's fault: no budget runs yet. */
  async #acquire(): Promise<Channel | undefined> {
    const { transport, gate } = this.#context;
    for (;;) {
      await gate.whenOpen(this.#over.signal);
      const channel = await transport.acquire(this.#over.signal);
      if (channel === undefined) return undefined;
      if (gate.remainingMillis === 0 && !this.#over.signal.aborted) return channel;
      transport.release(channel);
      if (this.#over.signal.aborted) return undefined;
    }
  }

  #startBudget(): void {
    this.#budget.start();
    const { remainingMillis } = this.#budget;
    if (remainingMillis <= 0) this.#over.abort(timedOut);
    this.#budgetTimer ??= startTimer(remainingMillis, () => this.#over.abort(timedOut));
  }

  async #attempt(channel: Channel, body: Uint8Array): Promise<Verdict> {
    const { transport, options } = this.#context;
    this.#attemptCount += 1;
    try {
      const { timeoutMillis } = options;
      const verdict = await transport.attempt(channel, body, { timeoutMillis, signal: this.#over.signal });
      if (!verdict.isAccepted) this.#noteFailure(verdict);
      return verdict;
    } finally {
      // Not before the note: the next in line must find the gate shut if this answer shut it.
      transport.release(channel);
    }
  }

  #noteFailure(failure: Failure): void {
    const isCutShort = this.#over.signal.aborted && failure.reason === timedOut;
    if (!isCutShort || this.#failure === undefined) this.#failure = failure;
    this.#isUnanswered ||= failure.isUnanswered;
    const { isRetryable, retryAfterMillis } = failure;
    if (isRetryable && retryAfterMillis !== undefined) this.#context.gate.shut(retryAfterMillis);
  }

  #mayRenew(failure: Failure): boolean {
    if (failure.isRenewable !== true || this.#isRenewed || this.#over.signal.aborted) return false;
    this.#isRenewed = true;
    return true;
  }

  /** @returns Whether there is time for another attempt, and it has come. */
  async #waitForRetry({ retryAfterMillis }: Failure): Promise<boolean> {
    const waitMillis = retryWaitMillis({
      failureCount: this.#attemptCount,
      retryAfterMillis,
      heldBackMillis: this.#context.gate.remainingMillis,
      leftMillis: this.#budget.remainingMillis,
      firstMillis: this.#context.options.backoffMillis,
      random: Math.random(),
    });
    if (waitMillis === undefined) return false;
    this.#reportRetry(waitMillis);
    await waitFor(waitMillis, this.#over.signal);
    return !this.#over.signal.aborted;
  }

  /** An outage should be seen while it lasts, not when its first victims are given up. */
  #reportRetry(waitMillis: number): void {
    const { recordCount, shownUrl } = this.#subject;
    const records = recordCount === 1 ? "record" : "records";
    this.#context.options.report?.(
      `Cannot send ${recordCount} ${records} to ${shownUrl}: ${this.#failure?.detail ?? "no answer"}; tried again in ${describeDuration(waitMillis)}`,
    );
  }

  #giveUp(): SendOutcome {
    const failure = this.#failure;
    const isUnanswered = this.#isUnanswered;
    const isFinal = failure !== undefined && (!failure.isRetryable || !this.#isStopped);
    if (isFinal) {
      const detail = failure.isRetryable ? this.#exhaustion(failure) : failure.detail;
      return failedOutcome({ ...failure, detail, isUnanswered }, this.#subject);
    }
    const detail = this.#interruption(failure);
    const cause = failure?.cause;
    if (!this.#isStopped) return this.#giveUpUntried();
    return failedOutcome({ reason: shutDown, detail, isRetryable: true, isUnanswered, cause }, this.#subject);
  }

  /** Other requests of the batch have used up its time. */
  #giveUpUntried(): SendOutcome {
    const { elapsedMillis, optionName } = this.#budget;
    const detail = `no time was left of the batch after ${describeDuration(elapsedMillis)} ("${optionName}"), before the first attempt`;
    return failedOutcome(
      { reason: timedOut, detail, isRetryable: true, isUnanswered: false, cause: undefined },
      this.#subject,
    );
  }

  /** No rule provides for it: zlib without memory, or a mistake of ours. */
  #giveUpAfterBug(error: unknown): SendOutcome {
    const cause = error instanceof Error ? error : undefined;
    const detail = cause?.message ?? String(error);
    const isUnanswered = this.#attemptCount > 0;
    return failedOutcome(
      { reason: "_OTHER", detail, isRetryable: false, isUnanswered, cause },
      this.#subject,
    );
  }

  #interruption(failure: Failure | undefined): string {
    if (this.#attemptCount === 0) return "shut down before the first attempt";
    if (failure === undefined || failure.reason === shutDown) return "shut down before the response";
    return `shut down before the next attempt; the last one: ${failure.detail}`;
  }

  #exhaustion(failure: Failure): string {
    const { detail, retryAfterMillis } = failure;
    const { optionName, elapsedMillis } = this.#budget;
    const remainingMillis = Math.max(0, this.#budget.remainingMillis);
    if (retryAfterMillis !== undefined && retryAfterMillis >= remainingMillis) {
      const wish = describeDuration(retryAfterMillis);
      return `${detail}, and the peer asks to wait ${wish} ("Retry-After"), longer than the ${describeDuration(remainingMillis)} left of "${optionName}"`;
    }
    return `${detail} for ${describeDuration(elapsedMillis)} ("${optionName}"), ${attempts(this.#attemptCount)}`;
  }
}
