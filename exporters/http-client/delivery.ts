// One batch on its way: attempts, and the waits between them, until it is taken, refused or given up.
import type { SendOutcome } from "../sender.ts";
import type { HttpClientOptions } from "./client-options.ts";
import { gzipBody, unpackResponse } from "./compression.ts";
import type { Connection, ExchangeResult, HttpRequest, HttpResponse } from "./connection.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { shutDown, timedOut } from "./exchange-codes.ts";
import { acceptedOutcome, attempts, describeDuration, failedOutcome, type BatchSubject } from "./outcome.ts";
import type { RequestTarget } from "./request-target.ts";
import { retryWaitMillis } from "./retry.ts";
import type { ThrottleGate } from "./throttle-gate.ts";
import { judgeFault, type Failure, type Verdict } from "./verdict.ts";
import { startTimer, waitFor } from "./waiting.ts";

/** Longest response that is read when nothing else is said. @see OTLP 1.11: 4 MiB after decompression */
const responseBytesMaxDefault = 4_194_304;

/** What answers mean: the part of a protocol on top of HTTP. */
export interface HttpProtocol {
  /** Judges a response that was read to its end. Pure. */
  readonly judge: (response: HttpResponse) => Verdict;
  /** What to look at when the peer does not speak HTTP, for people. */
  readonly notHttpHint: string;
}

/** What the deliveries of a sender share. */
export interface DeliveryContext {
  readonly protocol: HttpProtocol;
  readonly options: HttpClientOptions;
  readonly target: RequestTarget;
  readonly connections: ConnectionPool;
  readonly gate: ThrottleGate;
}

/** A batch on its way. Used once: `run()`, and `stop()` at any time. */
export class Delivery {
  readonly #context: DeliveryContext;
  readonly #subject: BatchSubject;
  /** Aborted when nothing more may happen: by `stop()`, or when the budget is spent. */
  readonly #over = new AbortController();
  #isStopped = false;
  #attemptCount = 0;
  /** Start of the first attempt, on the clock of `performance.now()`; the budget runs from here. */
  #startMillis = 0;
  #budgetTimer: NodeJS.Timeout | undefined;
  #isUnanswered = false;
  /** Of the latest attempt, but for one that the end of the budget cut short: what came before says more. */
  #failure: Failure | undefined;

  constructor(context: DeliveryContext, recordCount: number) {
    this.#context = context;
    this.#subject = { recordCount, shownUrl: context.target.shownUrl };
  }

  /** Ends waits and requests at once; `run()` then resolves with reason `shutdown`, unless it has its result. */
  stop(): void {
    this.#isStopped = true;
    this.#over.abort();
  }

  /** Sends the body until it is taken, refused or given up. Never rejects. */
  async run(body: Uint8Array): Promise<SendOutcome> {
    try {
      const isPacked = this.#context.options.compression === "gzip";
      const bytes = isPacked ? await gzipBody(body, this.#over.signal) : body;
      return bytes === undefined ? this.#giveUp() : await this.#deliver(bytes);
    } catch (error) {
      return this.#giveUpAfterBug(error);
    } finally {
      clearTimeout(this.#budgetTimer);
    }
  }

  async #deliver(body: Uint8Array): Promise<SendOutcome> {
    // Ends with the budget; without one, with an answer that is final or with `stop()`.
    for (;;) {
      const connection = await this.#acquire();
      if (connection === undefined) return this.#giveUp();
      if (this.#attemptCount === 0) this.#startBudget();
      const verdict = await this.#attempt(connection, body);
      if (verdict.isAccepted) return acceptedOutcome(verdict, this.#subject);
      if (!verdict.isRetryable || !(await this.#waitForRetry(verdict))) return this.#giveUp();
    }
  }

  /** A connection, when the peer lets us. Waiting before the first attempt is not the batch's fault: no budget runs yet. */
  async #acquire(): Promise<Connection | undefined> {
    const { connections, gate } = this.#context;
    for (;;) {
      await gate.whenOpen(this.#over.signal);
      const connection = await connections.acquire(this.#over.signal);
      if (connection === undefined) return undefined;
      if (gate.remainingMillis === 0 && !this.#over.signal.aborted) return connection;
      connections.release(connection);
      if (this.#over.signal.aborted) return undefined;
    }
  }

  #startBudget(): void {
    this.#startMillis = performance.now();
    this.#budgetTimer = startTimer(this.#budgetMillis, () => this.#over.abort());
  }

  get #budgetMillis(): number {
    const { retryTimeoutMillis } = this.#context.options;
    return retryTimeoutMillis === 0 ? Infinity : retryTimeoutMillis;
  }

  async #attempt(connection: Connection, body: Uint8Array): Promise<Verdict> {
    this.#attemptCount += 1;
    try {
      const verdict = await this.#judge(connection, body);
      if (!verdict.isAccepted) this.#noteFailure(verdict);
      return verdict;
    } finally {
      // Not before the note: the next in line must find the gate shut if this answer shut it.
      this.#context.connections.release(connection);
    }
  }

  async #judge(connection: Connection, body: Uint8Array): Promise<Verdict> {
    const { options, protocol } = this.#context;
    const responseBytesMax = options.responseBytesMax ?? responseBytesMaxDefault;
    const request = { ...requestOf(this.#context.target, body), responseBytesMax };
    const result = await this.#exchange(connection, request);
    if (result.fault !== undefined) return judgeFault(result.fault, protocol.notHttpHint);
    const unpacked = await unpackResponse(result.response, responseBytesMax);
    if (unpacked.fault !== undefined) return judgeFault(unpacked.fault, protocol.notHttpHint);
    return protocol.judge(unpacked.response);
  }

  async #exchange(connection: Connection, request: HttpRequest): Promise<ExchangeResult> {
    const { timeoutMillis } = this.#context.options;
    const { signal } = this.#over;
    const exchange = connection.start(request);
    const end = (): void => {
      if (this.#isStopped) exchange.giveUp(shutDown, "shut down before the response");
      else exchange.giveUp(timedOut, "no response in time");
    };
    signal.addEventListener("abort", end, { once: true });
    const timer = startTimer(timeoutMillis === 0 ? undefined : timeoutMillis, () =>
      exchange.giveUp(timedOut, `no response within ${describeDuration(timeoutMillis)} ("timeoutMillis")`),
    );
    const result = await exchange.result;
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    return result;
  }

  #noteFailure(failure: Failure): void {
    const isCutShort = this.#over.signal.aborted && failure.reason === timedOut;
    if (!isCutShort || this.#failure === undefined) this.#failure = failure;
    this.#isUnanswered ||= failure.isUnanswered;
    const { isRetryable, retryAfterMillis } = failure;
    if (isRetryable && retryAfterMillis !== undefined) this.#context.gate.shut(retryAfterMillis);
  }

  /** @returns Whether there is time for another attempt, and it has come. */
  async #waitForRetry({ retryAfterMillis }: Failure): Promise<boolean> {
    const waitMillis = retryWaitMillis({
      failureCount: this.#attemptCount,
      retryAfterMillis,
      heldBackMillis: this.#context.gate.remainingMillis,
      leftMillis: this.#remainingMillis,
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

  /** What is left of the budget, in milliseconds. */
  get #remainingMillis(): number {
    return this.#budgetMillis - (performance.now() - this.#startMillis);
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
    return failedOutcome({ reason: shutDown, detail, isRetryable: true, isUnanswered, cause }, this.#subject);
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
    const remainingMillis = Math.max(0, this.#remainingMillis);
    if (retryAfterMillis !== undefined && retryAfterMillis >= remainingMillis) {
      const wish = describeDuration(retryAfterMillis);
      return `${detail}, and the peer asks to wait ${wish} ("Retry-After"), longer than the ${describeDuration(remainingMillis)} left of "retryTimeoutMillis"`;
    }
    const elapsed = describeDuration(performance.now() - this.#startMillis);
    return `${detail} for ${elapsed} ("retryTimeoutMillis"), ${attempts(this.#attemptCount)}`;
  }
}

/** The body where it belongs: a GET has it in its query. */
function requestOf(target: RequestTarget, body: Uint8Array): Omit<HttpRequest, "responseBytesMax"> {
  const { method, path, headers } = target;
  if (method === "POST") return { method, path, headers, body };
  const query = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  return { method, path: `${path}${path.includes("?") ? "&" : "?"}${query}`, headers, body: null };
}
