import { product } from "../http-client/product.ts";
import { basicCredentials, makeTarget, type RequestTarget } from "../http-client/request-target.ts";
import { createHttpClientSender } from "../http-client/sender.ts";
import type { BatchSender } from "../sender.ts";
import type { HttpFormat, HttpSenderOptions } from "./sender-options.ts";
import { judgeResponse } from "./verdict.ts";

const contentTypes: Readonly<Record<HttpFormat, string>> = {
  "json-array": "application/json",
  json: "application/json",
  ndjson: "application/x-ndjson",
  form: "application/x-www-form-urlencoded",
};

/** Shorter texts than this are words, and hiding them would only make an error unreadable. */
const secretLengthMin = 6;

/**
 * Makes a sender of records by plain HTTP/1.1. Nothing is connected before the first batch, and an idle connection does not keep
 * the process alive. Any thread; the sender belongs to the thread that made it.
 *
 * - 2xx is success. 408, 429, 5xx and a failure without a response are tried again, with exponential backoff or when
 *   `Retry-After` says, within `retryTimeoutMillis`; after anything else the batch is given up. Redirects are not followed.
 * - An answer that broke off is no answer: the batch is sent again, so the peer may see it twice.
 *
 * @throws {TypeError} `url` is not a URL.
 * @see RFC 9110
 */
export function createHttpSender(options: HttpSenderOptions): BatchSender {
  const target = targetOf(options);
  const secrets = secretsOf(options, target);
  return createHttpClientSender({
    // A GET has no body that could be compressed.
    options: options.method === "GET" ? { ...options, compression: "none" } : options,
    target,
    protocol: {
      judge: (response, provided) =>
        judgeResponse(response, hiddenTexts([...secrets, ...Object.values(provided)])),
      notHttpHint: '"url" must be of a server that speaks HTTP/1.1',
    },
  });
}

function targetOf(options: HttpSenderOptions): RequestTarget {
  const { url, method, credentials } = options;
  const isPost = method === "POST";
  return makeTarget({
    method,
    url,
    headers: {
      ...(credentials === undefined ? {} : { authorization: authorizationOf(credentials) }),
      ...options.headers,
    },
    userAgent: product,
    contentType: isPost ? (options.contentType ?? contentTypes[options.format]) : undefined,
    compression: isPost ? options.compression : "none",
  });
}

/** @see RFC 7617, Basic; RFC 6750, 2.1 Bearer */
function authorizationOf(credentials: NonNullable<HttpSenderOptions["credentials"]>): string {
  return "token" in credentials
    ? `Bearer ${credentials.token}`
    : basicCredentials(credentials.username, credentials.password);
}

/** What errors must not repeat: values of headers, and what they were made from. The longest first. */
function secretsOf({ credentials, headers, url }: HttpSenderOptions, target: RequestTarget): string[] {
  const authorization = target.headers["authorization"] ?? "";
  const given = credentials === undefined ? [] : Object.values(credentials);
  return hiddenTexts([
    ...given,
    ...Object.values(headers),
    authorization,
    authorization.replace(/^\S+ /, ""),
    new URL(url).password,
  ]);
}

function hiddenTexts(texts: readonly string[]): string[] {
  return texts
    .filter((text) => text.length >= secretLengthMin)
    .toSorted((left, right) => right.length - left.length);
}
