import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";

import { FemtoLoggerProvider, type FemtoLogger } from "../../src/index.ts";
import { endWithTest } from "../handlers/fixture.ts";
import { makeFolder, startLocal, writtenNumbers, writtenRecords } from "./collector.ts";
import { WAYS } from "./transports.ts";

const RECORD_COUNT = 100_000;
const SCOPES = ["shop.cart", "shop.checkout", "shop.payment"] as const;
const DIFFERENCES_SHOWN = 3;

/** Record `i`, in the words of the API. No two are equal. */
function emitNumbered(loggers: readonly FemtoLogger[], i: number): void {
  loggers[i % SCOPES.length]!.emit({
    timestamp: [1_700_000_000 + i, i],
    observedTimestamp: [1_700_000_001 + i, 0],
    severityNumber: 1 + (i % 24),
    severityText: `level ${i % 24}`,
    body: i % 3 === 0 ? { order: i, lines: [i, i / 2] } : `Order ${i} is paid`,
    attributes: { i, ratio: i + 0.5, isEven: i % 2 === 0, "user.name": `user ${i % 1000}` },
    ...(i % 5 === 0 && { eventName: "order.paid" }),
    ...(i % 2 === 0 && { context: trace.setSpanContext(ROOT_CONTEXT, { ...idsOf(i), traceFlags: 1 }) }),
  });
}

function idsOf(i: number): { readonly traceId: string; readonly spanId: string } {
  return { traceId: (i + 1).toString(16).padStart(32, "0"), spanId: (i + 1).toString(16).padStart(16, "0") };
}

/** Record `i`, in the JSON of the collector. */
function expectedRecord(i: number): object {
  const lines = [{ intValue: `${i}` }, i % 2 === 0 ? { intValue: `${i / 2}` } : { doubleValue: i / 2 }];
  const orderAndLines = [
    { key: "order", value: { intValue: `${i}` } },
    { key: "lines", value: { arrayValue: { values: lines } } },
  ];
  return {
    timeUnixNano: String(BigInt(1_700_000_000 + i) * 1_000_000_000n + BigInt(i)),
    observedTimeUnixNano: `${1_700_000_001 + i}000000000`,
    severityNumber: 1 + (i % 24),
    severityText: `level ${i % 24}`,
    body: i % 3 === 0 ? { kvlistValue: { values: orderAndLines } } : { stringValue: `Order ${i} is paid` },
    attributes: [
      { key: "i", value: { intValue: `${i}` } },
      { key: "ratio", value: { doubleValue: i + 0.5 } },
      { key: "isEven", value: { boolValue: i % 2 === 0 } },
      { key: "user.name", value: { stringValue: `user ${i % 1000}` } },
    ],
    ...(i % 5 === 0 && { eventName: "order.paid" }),
    ...(i % 2 === 0 && { ...idsOf(i), flags: 1 }),
  };
}

test.for(WAYS)("100,000 records by $name, compression $compression", async ({ open, compression }) => {
  const path = join(makeFolder(), "logs.jsonl");
  const collector = await startLocal({ path });
  const handler = endWithTest(
    open(collector, { compression, overflow: "block", blockTimeoutMillis: 60_000 }),
  );
  const resource = { attributes: { "service.name": "shop" } };
  const provider = new FemtoLoggerProvider({ resource, processors: [handler] });
  const loggers = SCOPES.map((name) => provider.getLogger(name));
  for (let i = 0; i < RECORD_COUNT; i++) emitNumbered(loggers, i);
  await provider.shutdown({ timeoutMillis: 60_000 });
  expect(handler.stats()).toMatchObject({ emitted: RECORD_COUNT, delivered: RECORD_COUNT, droppedTotal: 0 });
  await collector.stop();

  const records = writtenRecords(path);
  const numbers = writtenNumbers(records);
  expect(records).toHaveLength(RECORD_COUNT);
  expect(new Set(numbers).size).toBe(RECORD_COUNT);
  const differences = records
    .map(({ record, scope }, at) => ({ written: { record, scope }, i: numbers[at]! }))
    .map((one) => ({ ...one, must: { record: expectedRecord(one.i), scope: { name: SCOPES[one.i % 3] } } }))
    .filter(({ written, must }) => !isDeepStrictEqual(written, must));
  expect(differences.slice(0, DIFFERENCES_SHOWN)).toEqual([]);
  expect(new Set(records.map(({ resource: one }) => JSON.stringify(one)))).toEqual(
    new Set(['{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}']),
  );
});
