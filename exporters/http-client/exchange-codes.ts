/** `error.type` of a peer that does not speak HTTP: the very first bytes of its response are not HTTP/1.1. */
export const notHttp = "not_http";

/** `error.type` of a proxy that does not make a connection for us: wrong credentials, a forbidden peer. */
export const proxyRefused = "proxy_refused";
/** `error.type` of a proxy that cannot make a connection now. */
export const proxyBusy = "proxy_busy";
