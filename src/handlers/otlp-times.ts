/** How long one attempt may take when nobody says. @see OTLP exporter, `OTEL_EXPORTER_OTLP_TIMEOUT`: 10 s */
const attemptMillisDefault = 10_000;
/** How long a batch is tried again when nobody says: an outage of minutes costs nothing. */
const retryMillisDefault = 300_000;

/** The times of an OTLP exporter, as they are given. */
export interface GivenTimes {
  readonly timeoutMillis?: number | undefined;
  readonly retryTimeoutMillis?: number | undefined;
}

/** The same, as senders take them. Milliseconds, 0 for no limit. */
export interface DeliveryTimes {
  readonly timeoutMillis: number;
  readonly retryTimeoutMillis: number;
  readonly isTimeoutForBatch: boolean;
}

/**
 * A timeout that somebody has set bounds the batch with its retries, so nothing else does unless that was set too; the default
 * is for one attempt, and the retries have minutes.
 *
 * @see OTLP exporter, Timeout: "Maximum time the OTLP exporter will wait for each batch export", "0 indicates no limit"
 */
export function deliveryTimesOf({ timeoutMillis, retryTimeoutMillis }: GivenTimes): DeliveryTimes {
  if (timeoutMillis === undefined) {
    return {
      timeoutMillis: attemptMillisDefault,
      retryTimeoutMillis: retryTimeoutMillis ?? retryMillisDefault,
      isTimeoutForBatch: false,
    };
  }
  return { timeoutMillis, retryTimeoutMillis: retryTimeoutMillis ?? 0, isTimeoutForBatch: true };
}
