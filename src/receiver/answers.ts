/** What requests get instead of the ordinary answer: for tests of what a sender does then. */
export interface ReceiverAnswer {
  /** HTTP status, 200 to 599. An error has a `google.rpc.Status` as body, and its records are not kept. */
  readonly status?: number;
  /**
   * Status of a call by gRPC, 0 to 16, whatever `status` says. Without it the one that goes with `status`, as the OpenTelemetry
   * Collector pairs them: 503 is 14 UNAVAILABLE.
   */
  readonly grpcStatus?: number;
  /** Header `retry-after`: seconds, or an HTTP date. By gRPC a `RetryInfo`, also of parts of a second, with an error. */
  readonly retryAfter?: number | string;
  /** Accepts the request but for its last `rejected` records, which are not kept. 0 with a message is a warning. */
  readonly partialSuccess?: { readonly rejected: number; readonly message: string };
  /** Waits so long before the records are kept and the answer is sent. Milliseconds. */
  readonly delayMillis?: number;
  /** Never answers: the connection stays open until the client or `stop()` closes it. */
  readonly hang?: boolean;
  /** Closes the connection after the request was read, without an answer. */
  readonly destroy?: boolean;
  /** Whether the records are kept; by default if the answer says so. `true` with `destroy` is a lost answer. */
  readonly keep?: boolean;
  /** Body in place of the one that OTLP demands. */
  readonly body?: string | Uint8Array;
  /** Headers beside, or in place of, the usual ones. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests get this answer: 1 by default, `Infinity` until `resetAnswers()`. */
  readonly times?: number;
}

interface QueuedAnswer {
  readonly answer: ReceiverAnswer;
  leftCount: number;
}

const ordinaryAnswer: ReceiverAnswer = {};

/** Answers on demand, in the order in which they were asked for. */
export class AnswerQueue {
  readonly #queue: QueuedAnswer[] = [];

  /** @throws {RangeError} `status`, `grpcStatus`, `times`, `delayMillis` or `rejected` is out of bounds. */
  add(answer: ReceiverAnswer): void {
    const { status = 200, grpcStatus = 0, times = 1, delayMillis = 0, partialSuccess } = answer;
    check(Number.isInteger(status) && status >= 200 && status <= 599, "status", {
      value: status,
      expected: "an integer from 200 to 599",
    });
    check(Number.isInteger(grpcStatus) && grpcStatus >= 0 && grpcStatus <= 16, "grpcStatus", {
      value: grpcStatus,
      expected: "an integer from 0 to 16",
    });
    check(times === Number.POSITIVE_INFINITY || (Number.isInteger(times) && times >= 1), "times", {
      value: times,
      expected: "an integer of at least 1, or Infinity",
    });
    check(delayMillis >= 0 && delayMillis < 2 ** 31, "delayMillis", {
      value: delayMillis,
      expected: "at least 0 and less than 2^31 ms",
    });
    const rejected = partialSuccess?.rejected ?? 0;
    check(Number.isSafeInteger(rejected) && rejected >= 0, "partialSuccess.rejected", {
      value: rejected,
      expected: "an integer of at least 0",
    });
    this.#queue.push({ answer, leftCount: times });
  }

  /** The answer for a request that arrives now: the ordinary one, `{}`, when nothing is queued. */
  take(): ReceiverAnswer {
    const [first] = this.#queue;
    if (first === undefined) return ordinaryAnswer;
    first.leftCount -= 1;
    if (first.leftCount === 0) this.#queue.shift();
    return first.answer;
  }

  clear(): void {
    this.#queue.length = 0;
  }
}

function check(
  isAllowed: boolean,
  name: string,
  { value, expected }: { readonly value: number; readonly expected: string },
): void {
  if (!isAllowed) throw new RangeError(`Cannot answer so: "${name}" is ${value}, must be ${expected}`);
}
