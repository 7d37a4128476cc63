/** A proxy as it is given: its URL, or false for none. */
export type ProxyGiven = string | URL | false;

function isProxy(value: unknown): value is ProxyGiven {
  if (value === false) return true;
  const url = value instanceof URL ? value : typeof value === "string" ? URL.parse(value) : null;
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "";
}

/** The option `proxy` of handlers that send by HTTP. */
export const PROXY_OPTIONS = {
  proxy: {
    type: "custom",
    expected: "a URL with http: or https:, such as http://proxy.example:3128, or false",
    accepts: (value: unknown): value is ProxyGiven => isProxy(value),
    secret: true,
    computedDefault:
      "`HTTPS_PROXY` for `https:` URLs, `HTTP_PROXY` for `http:` ones, unless `NO_PROXY` names the host or it is this machine",
    alsoKnownAs: ["proxyUrl", "httpProxy", "httpsProxy"],
    description:
      "A proxy to go through; `false` for none, whatever the environment says. `user:password@` in it becomes Basic credentials, and never appears in errors. `https:` URLs have a tunnel (CONNECT), requests to `http:` URLs are handed over to the proxy.",
  },
} as const;
