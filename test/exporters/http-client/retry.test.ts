import { expect, test } from "vitest";

import { isRetryableFault, parseRetryAfter } from "../../../exporters/http-client/retry.ts";

/** Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110. */
const exampleMillis = Date.UTC(1994, 10, 6, 8, 49, 37);

test.each(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "EAI_AGAIN", "timeout", "ESOMETHINGNEW"])(
  "isRetryableFault() is true for %s",
  (code) => {
    expect(isRetryableFault(code)).toBe(true);
  },
);

test.each([
  "CERT_HAS_EXPIRED",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "UND_ERR_INVALID_ARG",
  "response_too_large",
  "not_http",
])("isRetryableFault() is false for %s", (code) => {
  expect(isRetryableFault(code)).toBe(false);
});

test.each([
  ["0", 0],
  ["120", 120_000],
  [" 7 ", 7_000],
])("parseRetryAfter() reads %j as seconds", (text, millis) => {
  expect(parseRetryAfter(text, { date: undefined, nowMillis: 0 })).toBe(millis);
});

test.each(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
  "parseRetryAfter() reads the date %j",
  (text) => {
    expect(parseRetryAfter(text, { date: undefined, nowMillis: exampleMillis - 5_000 })).toBe(5_000);
  },
);

test("parseRetryAfter() measures a date from the peer's own clock", () => {
  const context = { date: "Sun, 06 Nov 1994 08:49:30 GMT", nowMillis: exampleMillis + 1_000_000 };
  expect(parseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", context)).toBe(7_000);
});

test("parseRetryAfter() returns 0 for a date that is over", () => {
  const context = { date: undefined, nowMillis: exampleMillis + 1 };
  expect(parseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", context)).toBe(0);
});

test.each(["", "soon", "-1", "1.5", "1e3", "0x10", "2001-01-01T00:00:00Z", "Sun, 99 Xyz 1994 08:49:37 GMT"])(
  "parseRetryAfter() returns undefined for %j",
  (text) => {
    expect(parseRetryAfter(text, { date: undefined, nowMillis: 0 })).toBeUndefined();
  },
);

test("parseRetryAfter() returns a whole number for more seconds than anybody can wait", () => {
  const millis = parseRetryAfter("9".repeat(400), { date: undefined, nowMillis: 0 });
  expect(millis).toBe(Number.MAX_SAFE_INTEGER);
});
