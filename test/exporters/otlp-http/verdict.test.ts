import { expect, test } from "vitest";

import { isRetryableStatus } from "../../../exporters/otlp-http/verdict.ts";

test("isRetryableStatus() is true for 429, 502, 503 and 504 and for nothing else", () => {
  const codes = Array.from({ length: 500 }, (_, index) => index + 100);
  expect(codes.filter(isRetryableStatus)).toEqual([429, 502, 503, 504]);
});
