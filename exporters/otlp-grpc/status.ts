// The status codes of gRPC. Pure.

/** Names by code. @see gRPC, Status codes and their use in gRPC */
const STATUS_NAMES: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** Statuses that are tried again whatever comes with them. @see OTLP/gRPC, Failures: table of codes */
const retryableNames: ReadonlySet<string> = new Set([
  "CANCELLED",
  "DEADLINE_EXCEEDED",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNAVAILABLE",
  "DATA_LOSS",
]);

/** The name of a status code: what `error.type` is. A code that gRPC does not know is its number. */
export function statusName(code: number): string {
  return STATUS_NAMES[code] ?? String(code);
}

/** Whether a text is the name of a status other than OK. */
export function isFailureName(text: string): boolean {
  return STATUS_NAMES.indexOf(text) > 0;
}

/**
 * Whether a status is worth another attempt. RESOURCE_EXHAUSTED is only where the peer says when.
 *
 * @see OTLP/gRPC, Failures: "if the status contains RetryInfo … the client SHOULD interpret it as retryable"
 */
export function isRetryableStatus(name: string, hasRetryInfo: boolean): boolean {
  return retryableNames.has(name) || (name === "RESOURCE_EXHAUSTED" && hasRetryInfo);
}
