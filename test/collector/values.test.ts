import { join } from "node:path";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";

import { FemtoLoggerProvider, type FemtoLogger } from "../../src/index.ts";
import { endWithTest } from "../handlers/fixture.ts";
import { makeFolder, startLocal, writtenRecords, type WrittenRecord } from "./collector.ts";
import { WAYS } from "./transports.ts";

interface Kind {
  readonly name: string;
  readonly given: unknown;
  /** The AnyValue, in the JSON of the collector. */
  readonly written: object;
}

/** Every kind of value. @see OTLP v1.11.0, common.proto: AnyValue; JSON Protobuf Encoding */
const KINDS: readonly Kind[] = [
  { name: "text", given: 'Zoë 😀 "\\\n', written: { stringValue: 'Zoë 😀 "\\\n' } },
  { name: "text of control characters", given: "\0\u001b\u2028", written: { stringValue: "\0\u001b\u2028" } },
  { name: "text that is empty", given: "", written: { stringValue: "" } },
  { name: "half of a surrogate pair", given: "a\ud800b", written: { stringValue: "a\ufffdb" } },
  { name: "true", given: true, written: { boolValue: true } },
  { name: "false", given: false, written: { boolValue: false } },
  { name: "0", given: 0, written: { intValue: "0" } },
  { name: "an integer below 0", given: -5, written: { intValue: "-5" } },
  {
    name: "the largest integer that a double holds",
    given: 2 ** 53 - 1,
    written: { intValue: "9007199254740991" },
  },
  { name: "an integer beyond 2^53", given: 2n ** 53n + 1n, written: { intValue: "9007199254740993" } },
  { name: "the largest int64", given: 2n ** 63n - 1n, written: { intValue: "9223372036854775807" } },
  { name: "the smallest int64", given: -(2n ** 63n), written: { intValue: "-9223372036854775808" } },
  { name: "an integer beyond int64", given: 2n ** 63n, written: { stringValue: "9223372036854775808" } },
  { name: "a fraction", given: 0.1, written: { doubleValue: 0.1 } },
  { name: "0 below 0", given: -0, written: { doubleValue: -0 } },
  { name: "the smallest double", given: 5e-324, written: { doubleValue: 5e-324 } },
  { name: "a double beyond int64", given: 1e300, written: { doubleValue: 1e300 } },
  { name: "NaN", given: NaN, written: { doubleValue: "NaN" } },
  { name: "Infinity", given: Infinity, written: { doubleValue: "Infinity" } },
  { name: "-Infinity", given: -Infinity, written: { doubleValue: "-Infinity" } },
  { name: "bytes", given: Uint8Array.of(0, 1, 255), written: { bytesValue: "AAH/" } },
  { name: "no bytes", given: new Uint8Array(), written: { bytesValue: "" } },
  { name: "null", given: null, written: {} },
  { name: "an empty array", given: [], written: { arrayValue: {} } },
  {
    name: "an array of several kinds",
    given: [1, "a", null, [2.5]],
    written: {
      arrayValue: {
        values: [
          { intValue: "1" },
          { stringValue: "a" },
          {},
          { arrayValue: { values: [{ doubleValue: 2.5 }] } },
        ],
      },
    },
  },
  { name: "an empty map", given: {}, written: { kvlistValue: {} } },
  {
    name: "a nested map",
    given: { "": "no key", inner: { list: [{ deep: true }] } },
    written: {
      kvlistValue: {
        values: [
          // An empty key is the default of its field, which JSON leaves out.
          { value: { stringValue: "no key" } },
          {
            key: "inner",
            value: {
              kvlistValue: {
                values: [
                  {
                    key: "list",
                    value: {
                      arrayValue: {
                        values: [{ kvlistValue: { values: [{ key: "deep", value: { boolValue: true } }] } }],
                      },
                    },
                  },
                ],
              },
            },
          },
        ],
      },
    },
  },
];

const RESOURCE = {
  schemaUrl: "https://opentelemetry.io/schemas/1.40.0",
  attributes: { "service.name": "shop", "process.pid": 4711, "process.command_args": ["node", "app.js"] },
};

const SPAN = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

/** What stands around each record. */
const AROUND = {
  scope: {
    name: "shop.cart",
    version: "1.2.3",
    attributes: [
      { key: "team", value: { stringValue: "blue" } },
      { key: "shard", value: { intValue: "3" } },
    ],
  },
  scopeSchemaUrl: "https://opentelemetry.io/schemas/1.41.0",
  resource: {
    attributes: [
      { key: "service.name", value: { stringValue: "shop" } },
      { key: "process.pid", value: { intValue: "4711" } },
      {
        key: "process.command_args",
        value: { arrayValue: { values: [{ stringValue: "node" }, { stringValue: "app.js" }] } },
      },
    ],
  },
  resourceSchemaUrl: "https://opentelemetry.io/schemas/1.40.0",
} as const;

describe.for(WAYS)("$name, compression $compression", ({ open, compression }) => {
  /** What the collector has written of what `emit` gave to a logger. */
  async function written(
    emit: (log: FemtoLogger) => void,
    attributeCountLimit = 128,
  ): Promise<WrittenRecord[]> {
    const path = join(makeFolder(), "logs.jsonl");
    const collector = await startLocal({ path });
    const handler = endWithTest(open(collector, { compression, maxConcurrentRequests: 1 }));
    const provider = new FemtoLoggerProvider({
      resource: RESOURCE,
      processors: [handler],
      logRecordLimits: { attributeCountLimit },
    });
    const { version, name } = AROUND.scope;
    emit(
      provider.getLogger(name, version, {
        schemaUrl: AROUND.scopeSchemaUrl,
        attributes: { team: "blue", shard: 3 },
      }),
    );
    await provider.shutdown();
    const { emitted, delivered } = handler.stats();
    expect(delivered).toBe(emitted);
    await collector.stop();
    return writtenRecords(path);
  }

  test("each kind of value is written as it was given, in the body and in attributes", async () => {
    const records = await written((log) => {
      for (const { given, name } of KINDS) {
        log.emit({ body: given, attributes: { name, value: given, list: [given], map: { given } } });
      }
    });
    const bodiesAndAttributes = records.map(({ record }) => [record["body"], record["attributes"]]);
    expect(bodiesAndAttributes).toEqual(
      KINDS.map(({ name, written: value }) => [
        value,
        [
          { key: "name", value: { stringValue: name } },
          { key: "value", value },
          { key: "list", value: { arrayValue: { values: [value] } } },
          { key: "map", value: { kvlistValue: { values: [{ key: "given", value }] } } },
        ],
      ]),
    );
  });

  test("each field of a record, its scope and its resource is written as it was given", async () => {
    const records = await written((log) => {
      log.emit({
        timestamp: [1_700_000_000, 123_456_789],
        observedTimestamp: [1_700_000_001, 500_000_000],
        severityNumber: 18,
        severityText: "alert",
        eventName: "cart.lost",
        body: "half",
        attributes: { kept: 1, alsoKept: 2, left: 3, out: 4, too: 5 },
        context: trace.setSpanContext(ROOT_CONTEXT, SPAN),
      });
    }, 2);
    expect(records).toEqual([
      {
        ...AROUND,
        record: {
          timeUnixNano: "1700000000123456789",
          observedTimeUnixNano: "1700000001500000000",
          severityNumber: 18,
          severityText: "alert",
          eventName: "cart.lost",
          body: { stringValue: "half" },
          attributes: [
            { key: "kept", value: { intValue: "1" } },
            { key: "alsoKept", value: { intValue: "2" } },
          ],
          droppedAttributesCount: 3,
          traceId: SPAN.traceId,
          spanId: SPAN.spanId,
          flags: 1,
        },
      },
    ]);
  });

  test("a record of nothing but times, and calls with a template and with an error", async () => {
    const error = new RangeError("out of stock");
    const records = await written((log) => {
      log.emit({ timestamp: [1, 2], observedTimestamp: [3, 0] });
      log.warn("User {user} paid {amount}", { user: "ada", amount: 1.5 });
      log.error(error);
    });
    const [first, ...calls] = records.map(({ record }) => record);
    expect(first).toEqual({ timeUnixNano: "1000000002", observedTimeUnixNano: "3000000000", body: {} });
    expect(calls).toMatchObject([
      {
        severityNumber: 13,
        severityText: "WARN",
        body: { stringValue: "User ada paid 1.5" },
        attributes: [
          { key: "user", value: { stringValue: "ada" } },
          { key: "amount", value: { doubleValue: 1.5 } },
        ],
      },
      {
        severityNumber: 17,
        severityText: "ERROR",
        body: { stringValue: "out of stock" },
        attributes: [
          { key: "exception.type", value: { stringValue: "RangeError" } },
          { key: "exception.message", value: { stringValue: "out of stock" } },
          { key: "exception.stacktrace", value: { stringValue: error.stack } },
        ],
      },
    ]);
  });
});
