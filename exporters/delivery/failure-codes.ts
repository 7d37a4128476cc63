// Codes of failures that no library has a name for. They become `error.type`.

/** The time is over. */
export const timedOut = "timeout";
/** The sender is shut down. */
export const shutDown = "shutdown";
/** The response is longer than `responseBytesMax`. */
export const responseTooLarge = "response_too_large";
/** The request is longer than what may be sent at all. */
export const requestTooLarge = "request_too_large";
/** There are no headers to send the request with. */
export const headersFailed = "headers_failed";
