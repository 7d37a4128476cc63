/** That the stock's defects are still there, each by itself: one that is mended has to leave the list. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";

import { DecodeError } from "../../proto/decode-error.ts";
import { expectSame } from "./arrivals.ts";
import { expectedRecord, type Origin } from "./expected.ts";
import type { GivenRecord } from "./given.ts";
import { expectedResource, expectedScope, type GivenScope } from "./origins.ts";
import { applyRule, mapTexts, STOCK_REFUSALS, STOCK_RULES, type StockEncoding } from "./stock-rules.ts";
import { StockSdk, throughStock } from "./stock.ts";

const RESOURCE = { attributes: { "service.name": "shop" } };
const SCOPE: GivenScope = { name: "shop", version: undefined, options: {} };
const ORIGIN: Origin = { scope: expectedScope(SCOPE), resource: expectedResource(RESOURCE) };

const PLAIN: GivenRecord = {
  kind: "emit",
  temper: "plain",
  scope: 0,
  seconds: 1_700_000_000,
  nanos: 5,
  observedMicros: 1_700_000_001_000_000n,
  severityNumber: 9,
  severityText: "INFO",
  eventName: undefined,
  body: "x",
  attributes: {},
  exception: undefined,
  span: undefined,
};

function stockSdk(attributeCountLimit: number | null = null, scope: GivenScope = SCOPE): StockSdk {
  return new StockSdk({ resource: RESOURCE, scopes: [scope], attributeCountLimit });
}

const CASES = STOCK_RULES.flatMap((rule) =>
  rule.encodings.map((encoding: StockEncoding) => ({ name: rule.name, encoding, rule })),
);

describe.each(CASES)("$encoding: $name", ({ rule, encoding }) => {
  const given: GivenRecord = { ...PLAIN, ...rule.example };
  const [received] = throughStock([stockSdk().record(given)], encoding);

  test("it occurs", () => {
    expect(isDeepStrictEqual(received, expectedRecord(given, ORIGIN))).toBe(false);
  });

  test("the rule says what is sent instead", () => {
    const repaired = rule.text === undefined ? received : mapTexts(received!, rule.text);
    expectSame(repaired, expectedRecord(applyRule(rule, given), ORIGIN), rule.name);
  });
});

test.each(STOCK_REFUSALS)("JSON: $name: a receiver refuses the request", ({ example }) => {
  const record = stockSdk().record({ ...PLAIN, ...example });
  expect(() => throughStock([record], "json")).toThrow(DecodeError);
});

test("the limit of a record's attributes is one of a scope's as well: scopes of the fuzz tests stay below it", () => {
  const scope: GivenScope = { ...SCOPE, options: { attributes: { a: 1, b: 2 } } };
  const [received] = throughStock([stockSdk(1, scope).record(PLAIN)], "protobuf");
  expect(received!.scope).toMatchObject({ attributes: new Map([["a", 1n]]), droppedAttributesCount: 1 });
});
