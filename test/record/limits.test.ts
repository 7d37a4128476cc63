import { expect, test } from "vitest";

import { defaultLimits, resolveLimits } from "../../src/record/limits.ts";

test("resolveLimits() gives the defaults of the specification when nothing is asked for", () => {
  expect(resolveLimits()).toEqual({
    attributeCountLimit: 128,
    attributeValueLengthLimit: Infinity,
    attributeDepthLimit: 64,
    bodyBytes: Infinity,
  });
});

test("resolveLimits() keeps what is given and fills in the rest", () => {
  expect(resolveLimits({ attributeCountLimit: 3, bodyBytes: 1_024 })).toEqual({
    ...defaultLimits,
    attributeCountLimit: 3,
    bodyBytes: 1_024,
  });
});

test("resolveLimits() takes undefined for the default, null and Infinity for no limit", () => {
  const limits = resolveLimits({
    attributeCountLimit: undefined,
    attributeValueLengthLimit: Infinity,
    attributeDepthLimit: null,
  });
  expect(limits).toEqual({ ...defaultLimits, attributeDepthLimit: Infinity });
});

test("resolveLimits() accepts 0 where nothing at all may be kept", () => {
  const limits = { attributeCountLimit: 0, attributeValueLengthLimit: 0, bodyBytes: 0 };
  expect(resolveLimits(limits)).toMatchObject(limits);
});

test.each([
  [{ attributeCountLimit: -1 }, '"attributeCountLimit" is -1, must be an integer of at least 0'],
  [{ attributeValueLengthLimit: 1.5 }, '"attributeValueLengthLimit" is 1.5, must be'],
  [{ attributeDepthLimit: 0 }, '"attributeDepthLimit" is 0, must be an integer of at least 1'],
  [{ bodyBytes: Number.NaN }, '"bodyBytes" is NaN, must be'],
  [{ attributeCountLimit: -Infinity }, '"attributeCountLimit" is -Infinity, must be'],
])("resolveLimits() names the limit, its value and what it must be for %j", (options, message) => {
  expect(() => resolveLimits(options)).toThrow(message);
  expect(() => resolveLimits(options)).toThrow(RangeError);
});

test("resolveLimits() says what to do about a limit that is no number", () => {
  const options = { attributeCountLimit: "12" } as unknown as { attributeCountLimit: number };
  expect(() => resolveLimits(options)).toThrow(
    'Cannot set limits of records: "attributeCountLimit" is a string, must be an integer of at least 0, ' +
      "or null for no limit; leave it out for 128 (CONFIG.md#attributecountlimit)",
  );
});
