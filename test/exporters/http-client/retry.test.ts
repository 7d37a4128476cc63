import { expect, test } from "vitest";

import {
  backoffMillis,
  isRetryableFault,
  parseRetryAfter,
  retryWaitMillis,
} from "../../../exporters/http-client/retry.ts";

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

test("backoffMillis() grows by half from 1 s to 10 s", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((count) => backoffMillis(count, { random: 0.5 }));
  expect(waits).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 10_000, 10_000]);
});

test("backoffMillis() stays finite after any number of failures", () => {
  expect(backoffMillis(1_000_000, { random: 0.5 })).toBe(10_000);
});

test("backoffMillis() is from half of the wait to one and a half, as the dice fall", () => {
  expect(backoffMillis(1, { random: 0 })).toBe(500);
  expect(backoffMillis(1, { random: 1 })).toBe(1_500);
});

test("backoffMillis() starts at firstMillis", () => {
  expect(backoffMillis(2, { firstMillis: 10, random: 0.5 })).toBe(15);
});

const moment = {
  failureCount: 1,
  retryAfterMillis: undefined,
  heldBackMillis: 0,
  leftMillis: 60_000,
  random: 0.5,
};

test.each([
  ["the backoff when the peer asks for nothing", {}, 1_000],
  ["the backoff when the peer says now", { retryAfterMillis: 0 }, 1_000],
  ["what the peer asks for, be it less than the backoff", { retryAfterMillis: 10 }, 10],
  ["what the peer asks for, be it more", { retryAfterMillis: 59_999 }, 59_999],
  ["until the peer takes requests again", { heldBackMillis: 5_000 }, 5_000],
  ["nothing, as the budget would be over", { retryAfterMillis: 60_000 }, undefined],
  ["nothing, as the budget is over before the peer takes requests", { heldBackMillis: 60_000 }, undefined],
  ["nothing, as the budget is over", { leftMillis: -1 }, undefined],
  ["at most an hour without a budget", { retryAfterMillis: 1e12, leftMillis: Infinity }, 3_600_000],
])("retryWaitMillis() returns %s", (_name, differences, millis) => {
  expect(retryWaitMillis({ ...moment, ...differences })).toBe(millis);
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
