import type { Budget } from "../delivery/budget.ts";
import { requestTooLarge } from "../delivery/failure-codes.ts";
import type { DeliveryOutcome } from "../delivery/delivery.ts";
import { failedOutcome } from "../delivery/outcome.ts";
import type { RequestOptions } from "../delivery/sender.ts";
import type { BatchOptions, BatchSender, SendOutcome } from "../sender.ts";
import type { RequestCodec, RequestOutline } from "./request-outline.ts";
import { halveRequest, splitRequest, type RequestPart } from "./split-request.ts";
import { sumOutcomes } from "./sum-outcomes.ts";

/** Longest request that OTLP allows, in bytes before compression. @see OTLP 1.11: "Maximum request size" */
const requestBytesCap = 67_108_864;

/**
 * What a refused request is not taken as a sign for: smaller ones cost more than they carry, and who refuses those does
 * so for another reason.
 */
const learnedBytesMin = 65_536;

/**
 * Records of one batch that the peer may refuse one by one. After that, what it refuses is not split any further: a peer that
 * refuses everything must not get thousands of requests for each batch.
 */
const refusedAloneMax = 16;

/** What sends a part, and what it costs. */
export interface PartSender {
  makeBudget(): Budget;
  send(body: Uint8Array, request: RequestOptions): Promise<DeliveryOutcome>;
  close(): Promise<void>;
}

/** What a splitting sender is made of. */
export interface SplittingSenderParts {
  readonly sender: PartSender;
  readonly codec: RequestCodec;
  /** Requests are made no longer than this, in bytes before compression; a record that is longer goes alone. At most 67108864. */
  readonly maxRequestBytes: number;
  /** As errors show it. */
  readonly shownUrl: string;
  /** Is told when the peer takes less than that. */
  readonly report?: (trouble: string) => void;
}

/** One batch, beside its bytes, on its way in several requests. */
interface SplitBatch {
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly outcomes: SendOutcome[];
  refusedAloneCount: number;
}

/**
 * Sends batches of OTLP in requests that the peer takes: a batch that is too long goes in several, one after the other and in the
 * order of its records; so does one that the peer refuses for its size, in halves, down to single records. The time of a batch
 * holds for all its requests.
 *
 * A peer that refused a request is sent smaller ones from then on.
 */
export class SplittingSender implements BatchSender {
  readonly #parts: SplittingSenderParts;
  /** What requests are kept below now. */
  #aimBytes: number;

  constructor(parts: SplittingSenderParts) {
    this.#parts = parts;
    this.#aimBytes = Math.min(parts.maxRequestBytes, requestBytesCap);
  }

  async send(body: Uint8Array, { recordCount, signal }: BatchOptions): Promise<SendOutcome> {
    const { sender } = this.#parts;
    const budget = sender.makeBudget();
    if (body.length > this.#aimBytes) return this.#sendSplit(body, { recordCount, signal, budget });
    const outcome = await sender.send(body, { recordCount, signal, budget });
    if (outcome.isTooLarge !== true || recordCount === 1) return outcome;
    this.#learn(body.length);
    return this.#sendSplit(body, { recordCount, signal, budget, refused: outcome });
  }

  close(): Promise<void> {
    return this.#parts.sender.close();
  }

  /** @param request.refused What became of it as one request; `undefined` when it was not tried. */
  async #sendSplit(
    body: Uint8Array,
    request: BatchOptions & { readonly budget: Budget; readonly refused?: SendOutcome },
  ): Promise<SendOutcome> {
    const { recordCount, refused, signal, budget } = request;
    const records = this.#outlineOf(body, recordCount);
    if (records === undefined) return refused ?? this.#sendWhole(body, request);
    const batch: SplitBatch = { budget, signal, outcomes: [], refusedAloneCount: 0 };
    if (refused === undefined) await this.#sendAll(records, batch);
    else await this.#sendHalves(records, batch);
    return sumOutcomes(batch.outcomes);
  }

  /** The records of a request; `undefined` for one that we cannot read, or that has not as many as are to be accounted for. */
  #outlineOf(body: Uint8Array, recordCount: number): RequestOutline | undefined {
    try {
      const records = this.#parts.codec.outline(body);
      return records.length === recordCount ? records : undefined;
    } catch {
      return undefined;
    }
  }

  #sendWhole(body: Uint8Array, request: RequestOptions): Promise<SendOutcome> | SendOutcome {
    return body.length > requestBytesCap
      ? this.#tooLarge(body, request)
      : this.#parts.sender.send(body, request);
  }

  async #sendAll(records: RequestOutline, batch: SplitBatch): Promise<void> {
    const { codec } = this.#parts;
    // The aim may become smaller on the way, for the parts that are still to be made.
    let rest = records;
    while (rest.length > 0) {
      const { value: part } = splitRequest(rest, { codec, partBytesMax: this.#aimBytes }).next();
      if (part === undefined) return;
      await this.#sendPart(part, batch);
      rest = rest.slice(part.records.length);
    }
  }

  async #sendPart({ records, bytes }: RequestPart, batch: SplitBatch): Promise<void> {
    const { budget, signal } = batch;
    const request = { recordCount: records.length, signal, budget };
    if (bytes.length > requestBytesCap) {
      batch.outcomes.push(this.#tooLarge(bytes, request));
      return;
    }
    const outcome = await this.#parts.sender.send(bytes, request);
    const isTooLarge = outcome.isTooLarge === true;
    if (isTooLarge && records.length > 1 && batch.refusedAloneCount < refusedAloneMax) {
      this.#learn(bytes.length);
      await this.#sendHalves(records, batch);
      return;
    }
    if (isTooLarge && records.length === 1) batch.refusedAloneCount += 1;
    batch.outcomes.push(outcome);
  }

  async #sendHalves(records: RequestOutline, batch: SplitBatch): Promise<void> {
    const [first, second] = halveRequest(records, this.#parts.codec);
    await this.#sendPart(first, batch);
    await this.#sendPart(second, batch);
  }

  #learn(refusedBytes: number): void {
    const aimBytes = Math.max(learnedBytesMin, Math.ceil(refusedBytes / 2));
    if (aimBytes >= this.#aimBytes) return;
    this.#aimBytes = aimBytes;
    this.#parts.report?.(
      `Requests to ${this.#parts.shownUrl} are kept below ${aimBytes} bytes from now on: one of ${refusedBytes} bytes was too large for the peer; raise its limit, or lower "maxExportBatchBytes"`,
    );
  }

  #tooLarge(body: Uint8Array, { recordCount }: RequestOptions): SendOutcome {
    return failedOutcome(
      {
        reason: requestTooLarge,
        detail: `the request has ${body.length} bytes, must have at most ${requestBytesCap}`,
        isRetryable: false,
        isUnanswered: false,
        cause: undefined,
      },
      { recordCount, shownUrl: this.#parts.shownUrl },
    );
  }
}
