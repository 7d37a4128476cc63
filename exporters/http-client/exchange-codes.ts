/** `error.type` of a peer that does not speak HTTP: the very first bytes of its response are not HTTP/1.1. */
export const notHttp = "not_http";
