/**
 * 100,000 random records through our provider and handlers, and through the stock SDK and its serializers: what a receiver has of
 * them is the same, but for the stock's defects in `stock-rules.ts`.
 */
import { expect, test } from "vitest";

import type { DecodedLogRecord } from "../../proto/model.ts";
import { DecodeError } from "../../proto/decode-error.ts";
import { byIndex, expectSame } from "./arrivals.ts";
import { expectedRecord, type CountLimit } from "./expected.ts";
import { randomRecord, toApiRecord, type GivenRecord } from "./given.ts";
import { randomResource, randomScopes } from "./origins.ts";
import { fuzzSeed, Random } from "./random.ts";
import { openRound, type Round } from "./round.ts";
import {
  applyRule,
  isRefused,
  mapTexts,
  STOCK_REFUSALS,
  STOCK_RULES,
  type StockEncoding,
} from "./stock-rules.ts";
import { StockSdk, throughStock } from "./stock.ts";

const RECORDS_A_ROUND = 10_000;
const CHUNK_SIZE = 1_000;
const SCOPE_COUNT = 6;
const TIMEOUT_MILLIS = 300_000;

/** Where attributes are limited they are plain: which of them a defect loses would decide which others have room. */
const ROUNDS: readonly { readonly number: number; readonly attributeCountLimit: CountLimit }[] = Array.from(
  { length: 10 },
  (_, index) => ({ number: index + 1, attributeCountLimit: index < 2 ? 3 : null }),
);

/** Names of what was met in all rounds. */
const met = new Set<string>();

/** Makes of a record what the stock is known to send for it. */
function afterRules(given: GivenRecord, encoding: StockEncoding): GivenRecord {
  let changed = given;
  for (const rule of STOCK_RULES) {
    if (!rule.encodings.includes(encoding)) continue;
    const next = applyRule(rule, changed);
    if (next !== changed) met.add(rule.name);
    changed = next;
  }
  return changed;
}

/** A record as a receiver has it that repairs texts. */
function repaired(record: DecodedLogRecord, encoding: StockEncoding): DecodedLogRecord {
  let changed = record;
  for (const { name, text, encodings } of STOCK_RULES) {
    if (text === undefined || !encodings.includes(encoding)) continue;
    const next = mapTexts(changed, text);
    if (next !== changed) met.add(name);
    changed = next;
  }
  return changed;
}

/** What a stock exporter would have sent, by number; records that make receivers refuse the request are left out of it, and tried alone. */
function sendByStock(
  stock: StockSdk,
  given: readonly GivenRecord[],
  encoding: StockEncoding,
): ReadonlyMap<number, DecodedLogRecord> {
  const finished = given.map((one) => ({ one, record: stock.record(one) }));
  const isTaken = ({ one }: (typeof finished)[number]): boolean =>
    encoding !== "json" || !isRefused(afterRules(one, encoding));
  for (const { record } of finished.filter((each) => !isTaken(each))) {
    expect(() => throughStock([record], encoding)).toThrow(DecodeError);
    for (const { name } of STOCK_REFUSALS) met.add(name);
  }
  return byIndex(
    throughStock(
      finished.filter(isTaken).map(({ record }) => record),
      encoding,
    ),
  );
}

test.for(ROUNDS)(
  "ours and the stock's are the same to a receiver, but for what is known: round $number, attributes limited to $attributeCountLimit",
  { timeout: TIMEOUT_MILLIS },
  async ({ number, attributeCountLimit }) => {
    const random = new Random(fuzzSeed + 1_000 + number);
    const from = {
      resource: randomResource(random, "plain"),
      scopes: randomScopes(random, "plain", SCOPE_COUNT),
      attributeCountLimit,
    };
    const round = await openRound({
      ...from,
      ways: ["http/protobuf", "http/json"],
      maxExportBatchSize: 4_096,
    });
    const stock = new StockSdk(from);
    let sameCount = 0;
    for (let begin = 0; begin < RECORDS_A_ROUND; begin += CHUNK_SIZE) {
      const given = Array.from({ length: CHUNK_SIZE }, (_, at) =>
        randomGiven(random, begin + at, attributeCountLimit),
      );
      for (const one of given) round.loggers[one.scope]!.emit(toApiRecord(one));
      const came = await round.take();
      for (const encoding of ["protobuf", "json"] as const) {
        const ours = byIndex(came.get(`http/${encoding}`) ?? []);
        expect(ours.size).toBe(CHUNK_SIZE);
        sameCount += compare(
          { given, begin, ours, theirs: sendByStock(stock, given, encoding) },
          { encoding, round, attributeCountLimit },
        );
      }
    }
    // Most need no rule at all.
    expect(sameCount).toBeGreaterThan(RECORDS_A_ROUND);
  },
);

function randomGiven(random: Random, index: number, limit: CountLimit): GivenRecord {
  const temper = limit === null && random.isChosen(0.5) ? "wild" : "plain";
  const given = randomRecord(random, index, { temper, scopeCount: SCOPE_COUNT, attributeCountMax: 8 });
  return limit === null ? given : { ...given, exception: undefined };
}

/** Compares a chunk. Returns how many records were compared with ours as they are. */
function compare(
  chunk: {
    readonly given: readonly GivenRecord[];
    readonly begin: number;
    readonly ours: ReadonlyMap<number, DecodedLogRecord>;
    readonly theirs: ReadonlyMap<number, DecodedLogRecord>;
  },
  around: {
    readonly encoding: StockEncoding;
    readonly round: Round;
    readonly attributeCountLimit: CountLimit;
  },
): number {
  const { encoding, round, attributeCountLimit } = around;
  let sameCount = 0;
  for (const [at, one] of chunk.given.entries()) {
    const index = chunk.begin + at;
    const stock = chunk.theirs.get(index);
    if (stock === undefined) continue;
    const changed = afterRules(one, encoding);
    const known =
      changed === one
        ? chunk.ours.get(index)
        : expectedRecord(changed, round.origins[one.scope]!, attributeCountLimit);
    expectSame(repaired(stock, encoding), known, `stock, ${encoding}, record ${index}`);
    if (changed === one) sameCount++;
  }
  return sameCount;
}

test("every rule was needed", () => {
  const names = [...STOCK_RULES, ...STOCK_REFUSALS].map(({ name }) => name);
  expect(names.filter((name) => !met.has(name))).toStrictEqual([]);
});
