/**
 * 100,000 random records through everything: logger, queue, handler, wire, and back by protobufjs or a JSON parser. What comes
 * is compared, field by field, with what was given.
 */
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, expect, test } from "vitest";

import { untyped } from "../logger/collect.ts";
import type { DecodedLogRecord } from "../../proto/model.ts";
import { byIndex, expectSame, toMicros } from "./arrivals.ts";
import { expectedCall, expectedRecord, type CountLimit } from "./expected.ts";
import { contextOf, randomCall, randomRecord, toApiRecord, type Given, type GivenCall } from "./given.ts";
import { randomResource, randomScopes } from "./origins.ts";
import { fuzzSeed, Random } from "./random.ts";
import { openRound, type Round, type Way } from "./round.ts";

const RECORDS_A_ROUND = 10_000;
/** So many fit a queue, and are looked at before the next. */
const CHUNK_SIZE = 1_000;
const SCOPE_COUNT = 6;
const CALL_SHARE = 0.3;
const TIMEOUT_MILLIS = 300_000;

const HTTP: readonly Way[] = ["http/protobuf", "http/json"];

/** Ten of them are 100,000 records. */
const ROUNDS: readonly {
  readonly number: number;
  readonly ways: readonly Way[];
  readonly maxExportBatchSize: number;
  readonly attributeCountLimit: CountLimit;
}[] = [
  { number: 1, ways: [...HTTP, "grpc"], maxExportBatchSize: 4_096, attributeCountLimit: null },
  { number: 2, ways: [...HTTP, "grpc"], maxExportBatchSize: 64, attributeCountLimit: 3 },
  { number: 3, ways: HTTP, maxExportBatchSize: 4_096, attributeCountLimit: 0 },
  { number: 4, ways: HTTP, maxExportBatchSize: 64, attributeCountLimit: null },
  ...[5, 6, 7, 8, 9, 10].map((number) => ({
    number,
    ways: HTTP,
    maxExportBatchSize: 512,
    attributeCountLimit: null,
  })),
];

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

/** Records as they are, and calls where no limit makes their attributes a matter of order. */
function randomGiven(random: Random, index: number, limit: CountLimit): Given {
  if (limit === null && random.isChosen(CALL_SHARE)) return randomCall(random, index, SCOPE_COUNT);
  const temper = random.isChosen(0.5) ? "wild" : "plain";
  const given = randomRecord(random, index, { temper, scopeCount: SCOPE_COUNT, attributeCountMax: 8 });
  return limit === null ? given : { ...given, exception: undefined };
}

function log(given: Given, { loggers }: Round): void {
  const logger = loggers[given.scope]!;
  if (given.kind === "emit") return logger.emit(toApiRecord(given));
  const { method, template, attributes, bound, span } = given;
  const caller = untyped(bound === undefined ? logger : logger.with(bound));
  context.with(contextOf(span), () => caller[method](template, attributes));
}

/** The time of a call is that of the clock. */
function expectedOfCall(given: GivenCall, came: DecodedLogRecord, round: Round): DecodedLogRecord {
  const millis = Number(came.timeUnixNano / 1_000_000n);
  expect(Math.abs(Date.now() - millis)).toBeLessThan(TIMEOUT_MILLIS);
  const expected = expectedCall(given, round.origins[given.scope]!, came.timeUnixNano);
  return { ...expected, observedTimeUnixNano: toMicros(came.timeUnixNano) };
}

test.for(ROUNDS)(
  "what arrives is what was given: round $number, by $ways, at most $maxExportBatchSize a batch, attributes limited to $attributeCountLimit",
  { timeout: TIMEOUT_MILLIS },
  async ({ number, ways, maxExportBatchSize, attributeCountLimit }) => {
    const random = new Random(fuzzSeed + number);
    const round = await openRound({
      ways,
      maxExportBatchSize,
      attributeCountLimit,
      resource: randomResource(random, "wild"),
      scopes: randomScopes(random, "wild", SCOPE_COUNT),
    });
    const compared = new Map<Way, number>(ways.map((way) => [way, 0]));
    for (let begin = 0; begin < RECORDS_A_ROUND; begin += CHUNK_SIZE) {
      const given = Array.from({ length: CHUNK_SIZE }, (_, at) =>
        randomGiven(random, begin + at, attributeCountLimit),
      );
      for (const one of given) log(one, round);
      for (const [way, records] of await round.take()) {
        const came = byIndex(records);
        expect(came.size, way).toBe(CHUNK_SIZE);
        for (const [at, one] of given.entries()) {
          const record = came.get(begin + at)!;
          const expected =
            one.kind === "call"
              ? expectedOfCall(one, record, round)
              : expectedRecord(one, round.origins[one.scope]!, attributeCountLimit);
          expectSame(record, expected, `${way}, round ${number}, record ${begin + at}`);
        }
        compared.set(way, compared.get(way)! + came.size);
      }
    }
    expect([...compared.values()]).toStrictEqual(ways.map(() => RECORDS_A_ROUND));
  },
);
