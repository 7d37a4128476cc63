/** How a batch is tried again, whatever it goes by. Values are taken as validated: nothing is checked again. */
export interface DeliveryOptions {
  /** Time for one attempt in milliseconds, from the connection to the last byte of the answer; 0 for no limit. */
  readonly timeoutMillis: number;
  /**
   * Time for all attempts of one batch in milliseconds, from the start of the first: an attempt under way is cut off, and
   * nothing waits that could only end later. 0 for no limit: then only success, a refusal or the signal ends a batch.
   */
  readonly retryTimeoutMillis: number;
  /**
   * `timeoutMillis` bounds the batch with its retries too.
   *
   * @see OTLP exporter, Timeout: "Maximum time the OTLP exporter will wait for each batch export"
   */
  readonly isTimeoutForBatch?: boolean;
  /** Is told of attempts that failed and will be made again, in words. Not rate-limited. */
  readonly report?: (trouble: string) => void;
  /**
   * First wait before a retry in milliseconds, before jitter; default 1000. So that tests need not wait.
   *
   * @internal
   */
  readonly backoffMillis?: number;
}
