/** TLS of a connection: the option `tls` of handlers that connect. */
export const TLS_OPTIONS = {
  ca: {
    type: "string",
    notEmpty: true,
    computedDefault: "the certificates that Node trusts",
    description:
      "Certificates to trust in place of those that Node trusts: text of PEM, or the path of a file of it.",
  },
  cert: {
    type: "string",
    notEmpty: true,
    computedDefault: "none",
    description:
      "Our own certificate, for peers that ask who we are: text of PEM, or the path of a file of it. Needs `key`.",
  },
  key: {
    type: "string",
    notEmpty: true,
    secret: true,
    computedDefault: "none",
    description: "The key of `cert`: text of PEM, or the path of a file of it. Never appears in errors.",
  },
  passphrase: {
    type: "string",
    secret: true,
    computedDefault: "none",
    description: "What `key` is encrypted with. Never appears in errors.",
  },
  servername: {
    type: "string",
    notEmpty: true,
    alsoKnownAs: ["serverName", "domain", "tlsDomain"],
    computedDefault: "the host",
    description: "The name that the peer's certificate must have.",
  },
  rejectUnauthorized: {
    type: "boolean",
    default: true,
    description: "`false` takes any certificate, so that anybody may be the peer: for tests.",
  },
} as const;
