// Codes of requests without a response, beside those of Node and undici. They become `error.type`.

/** The time is over. */
export const timedOut = "timeout";
/** The sender is shut down. */
export const shutDown = "shutdown";
/** The response is longer than `responseBytesMax`. */
export const responseTooLarge = "response_too_large";
/** The very first bytes of the response are not HTTP/1.1. */
export const notHttp = "not_http";
