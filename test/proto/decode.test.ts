import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import protobuf from "protobufjs/light.js";
import { expect, test } from "vitest";

import { DecodeError, elementCountMax, valueDepthMax } from "../../proto/decode-error.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { DecodedValue } from "../../proto/model.ts";
import { double, field, fixed32, fixed64, group, number, requestOf, requestWithBody } from "./hand-made.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

/** The one body of a request whose only record has this content of an AnyValue. */
function bodyOf(anyValue: Uint8Array): DecodedValue | undefined {
  return decodeLogs(requestWithBody(anyValue))[0]?.body;
}

/** The content of an AnyValue: a string below `levels - 1` lists of one. */
function nestedArray(levels: number): Buffer {
  return levels === 1 ? field(1, "leaf") : field(5, field(1, nestedArray(levels - 1)));
}

/** The same with maps, whose messages are nested deeper. */
function nestedMap(levels: number): Buffer {
  return levels === 1 ? field(1, "leaf") : field(6, field(1, field(1, "k"), field(2, nestedMap(levels - 1))));
}

function failureOf(bytes: Uint8Array): DecodeError {
  try {
    decodeLogs(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("decodeLogs() took what it must refuse");
}

test("decodeLogs() reads each field of a LogRecord", () => {
  const record = Buffer.concat([
    fixed64(1, 1_700_000_000_123_456_789n),
    number(2, 17),
    field(3, "error"),
    field(5, field(1, "Grüße 🙂")),
    field(6, field(1, "user"), field(2, field(1, "ada"))),
    number(7, 3),
    fixed32(8, 0x0000_0301),
    field(9, Buffer.from(traceId, "hex")),
    field(10, Buffer.from(spanId, "hex")),
    fixed64(11, 18_446_744_073_709_551_615n),
    field(12, "order.paid"),
  ]);
  expect(decodeLogs(requestOf(record))).toStrictEqual([
    {
      timeUnixNano: 1_700_000_000_123_456_789n,
      observedTimeUnixNano: 18_446_744_073_709_551_615n,
      severityNumber: 17,
      severityText: "error",
      body: "Grüße 🙂",
      attributes: new Map([["user", "ada"]]),
      droppedAttributesCount: 3,
      flags: 0x301,
      traceId,
      spanId,
      eventName: "order.paid",
      scope: { name: "", version: "", attributes: new Map(), droppedAttributesCount: 0, schemaUrl: "" },
      resource: { attributes: new Map(), droppedAttributesCount: 0, schemaUrl: "" },
    },
  ]);
});

test("decodeLogs() reads resource and scope, and gives all their records the same object", () => {
  const resource = field(1, field(1, field(1, "service.name"), field(2, field(1, "shop"))), number(2, 1));
  const scope = field(
    1,
    field(1, "shop.cart"),
    field(2, "1.2.3"),
    field(3, field(1, "k"), field(2, number(2, 1))),
    number(4, 2),
  );
  const scopeLogs = field(2, scope, field(2), field(2), field(3, "https://scope"));
  const records = decodeLogs(field(1, resource, scopeLogs, field(3, "https://resource")));
  expect(records).toHaveLength(2);
  expect(records[0]?.resource).toStrictEqual({
    attributes: new Map([["service.name", "shop"]]),
    droppedAttributesCount: 1,
    schemaUrl: "https://resource",
  });
  expect(records[0]?.scope).toStrictEqual({
    name: "shop.cart",
    version: "1.2.3",
    attributes: new Map([["k", true]]),
    droppedAttributesCount: 2,
    schemaUrl: "https://scope",
  });
  expect(records[1]?.resource).toBe(records[0]?.resource);
  expect(records[1]?.scope).toBe(records[0]?.scope);
});

test("decodeLogs() keeps the order of resources, scopes and records", () => {
  const named = (name: string): Buffer => field(2, field(12, name));
  const bytes = Buffer.concat([
    field(1, field(2, named("a"), named("b")), field(2, named("c"))),
    field(1, field(2, named("d"))),
  ]);
  expect(decodeLogs(bytes).map((record) => record.eventName)).toStrictEqual(["a", "b", "c", "d"]);
});

test("decodeLogs() makes no records of an empty message", () => {
  expect(decodeLogs(new Uint8Array())).toStrictEqual([]);
});

test.each<[string, Buffer, DecodedValue]>([
  ["an empty string", field(1), ""],
  ["false", number(2, 0), false],
  ["true", number(2, 1), true],
  ["int64 0", number(3, 0), 0n],
  ["int64 -1", number(3, -1), -1n],
  ["the least int64", number(3, -(2n ** 63n)), -9_223_372_036_854_775_808n],
  ["the greatest int64", number(3, 2n ** 63n - 1n), 9_223_372_036_854_775_807n],
  ["double 0", double(4, 0), 0],
  ["double -0", double(4, -0), -0],
  ["double NaN", double(4, Number.NaN), Number.NaN],
  ["double -Infinity", double(4, Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY],
  ["bytes", field(7, Uint8Array.of(0, 255)), Uint8Array.of(0, 255)],
  ["no bytes", field(7), new Uint8Array()],
  ["an empty list", field(5), []],
  ["a mixed list", field(5, field(1, number(3, 1)), field(1), field(1, field(1, "x"))), [1n, null, "x"]],
  ["an empty map", field(6), new Map()],
  ["a map", field(6, field(1, field(1, "k"), field(2, number(2, 1)))), new Map([["k", true]])],
  ["the empty value", Buffer.alloc(0), null],
  ["a string of a profile's table", number(8, 4), null],
])("decodeLogs() reads %s", (_name, anyValue, expected) => {
  expect(bodyOf(anyValue)).toStrictEqual(expected);
});

test("decodeLogs() tells an absent body from an empty one", () => {
  expect(decodeLogs(requestOf(Buffer.alloc(0)))[0]?.body).toBeUndefined();
});

test("decodeLogs() lets the last member of an AnyValue win", () => {
  expect(bodyOf(Buffer.concat([field(1, "first"), number(3, 2)]))).toBe(2n);
});

test("decodeLogs() reads an attribute without a value as null", () => {
  const records = decodeLogs(requestOf(field(6, field(1, "k"))));
  expect(records[0]?.attributes).toStrictEqual(new Map([["k", null]]));
});

test('decodeLogs() keeps attributes named "__proto__" and ""', () => {
  const attribute = (key: string): Buffer => field(6, field(1, key), field(2, field(1, "v")));
  const records = decodeLogs(requestOf(Buffer.concat([attribute("__proto__"), attribute("")])));
  expect([...(records[0]?.attributes ?? [])]).toStrictEqual([
    ["__proto__", "v"],
    ["", "v"],
  ]);
});

test("decodeLogs() gives bytes that do not share memory with the request", () => {
  const request = requestWithBody(field(7, Uint8Array.of(1, 2)));
  const body = decodeLogs(request)[0]?.body;
  request.fill(0);
  expect(body).toStrictEqual(Uint8Array.of(1, 2));
});

test("decodeLogs() ignores fields and groups that it does not know", () => {
  const unknown = Buffer.concat([number(99, 1), fixed32(98, 1), fixed64(97, 1n), group(96, field(1, "x"))]);
  const record = Buffer.concat([unknown, field(12, "kept"), unknown]);
  const records = decodeLogs(Buffer.concat([unknown, requestOf(record), unknown]));
  expect(records.map(({ eventName }) => eventName)).toStrictEqual(["kept"]);
});

test("decodeLogs() keeps the last value of a key that comes twice", () => {
  const attribute = (value: string): Buffer => field(6, field(1, "k"), field(2, field(1, value)));
  const request = requestOf(Buffer.concat([attribute("first"), attribute("last")]));
  expect(decodeLogs(request)[0]?.attributes).toStrictEqual(new Map([["k", "last"]]));
});

test("decodeLogs() refuses a key that comes twice if told to", () => {
  const attribute = (value: string): Buffer => field(6, field(1, "k"), field(2, field(1, value)));
  const request = requestOf(Buffer.concat([attribute("first"), attribute("last")]));
  expect(() => decodeLogs(request, { duplicateKeys: "error" })).toThrow(
    'key "k" comes twice in one list, again at entry 1, must be unique',
  );
});

test.each([
  ["arrays", nestedArray],
  ["maps", nestedMap],
])("decodeLogs() follows %s to the allowed depth and refuses one level more", (_name, nested) => {
  expect(decodeLogs(requestWithBody(nested(valueDepthMax)))).toHaveLength(1);
  const failure = failureOf(requestWithBody(nested(valueDepthMax + 1)));
  expect(failure).toMatchObject({
    failure: "malformed",
    message: expect.stringContaining("nested deeper than"),
  });
});

test("decodeLogs() leaves the recursion limit of protobufjs as it was", () => {
  const before = protobuf.Reader.recursionLimit;
  decodeLogs(requestWithBody(nestedMap(valueDepthMax)));
  failureOf(requestOf(field(3, Uint8Array.of(0xff))));
  expect(protobuf.Reader.recursionLimit).toBe(before);
});

test.each([
  ["trace_id", 9, 15, "must have 16 or none"],
  ["span_id", 10, 16, "must have 8 or none"],
])('decodeLogs() refuses a "%s" of a wrong length', (name, fieldNumber, byteCount, expected) => {
  const failure = failureOf(requestOf(field(fieldNumber, new Uint8Array(byteCount))));
  expect(failure.message).toBe(`Cannot decode OTLP logs: "${name}" has ${byteCount} bytes, ${expected}`);
});

test("decodeLogs() refuses a string that is not UTF-8", () => {
  expect(failureOf(requestOf(field(3, Uint8Array.of(0x61, 0xff))))).toMatchObject({
    code: "ERR_FEMTO_DECODE",
    failure: "malformed",
    cause: expect.any(TypeError),
  });
});

test("decodeLogs() refuses each proper prefix of a request that ends inside of a field", () => {
  const whole = requestOf(Buffer.concat([fixed64(1, 1n), field(5, field(1, "text"))]));
  for (let end = 1; end < whole.length; end += 1) {
    expect(failureOf(whole.subarray(0, end)).failure).toBe("malformed");
  }
});

test("decodeLogs() refuses more elements than it has memory for, before it makes any", () => {
  const records = Buffer.alloc(2 * elementCountMax);
  for (let index = 0; index < records.length; index += 2) records[index] = 0x12;
  expect(failureOf(field(1, field(2, records)))).toMatchObject({
    failure: "too_large",
    message: expect.stringContaining(`more than ${elementCountMax} messages`),
  });
});

test("decodeLogs() reads what the stock serializer writes", () => {
  const record: ReadableLogRecord = {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 5],
    spanContext: { traceId, spanId, traceFlags: 1 },
    severityNumber: 13,
    severityText: "warn",
    eventName: "cart.abandoned",
    body: { text: "half", parts: [1, 2.5, "x", true, null] },
    attributes: { "user.id": 7, ratio: 0.25, tags: ["a", "b"], raw: Uint8Array.of(9), ok: false },
    droppedAttributesCount: 2,
    resource: resourceFromAttributes({ "service.name": "shop" }),
    instrumentationScope: { name: "shop.cart", version: "2.0.0", schemaUrl: "https://scope" },
  };
  const bytes = ProtobufLogsSerializer.serializeRequest([record]) ?? new Uint8Array();
  expect(decodeLogs(bytes)).toStrictEqual([
    {
      timeUnixNano: 1_700_000_000_123_456_789n,
      observedTimeUnixNano: 1_700_000_001_000_000_005n,
      severityNumber: 13,
      severityText: "warn",
      body: new Map<string, DecodedValue>([
        ["text", "half"],
        ["parts", [1n, 2.5, "x", true, null]],
      ]),
      attributes: new Map<string, DecodedValue>([
        ["user.id", 7n],
        ["ratio", 0.25],
        ["tags", ["a", "b"]],
        ["raw", Uint8Array.of(9)],
        ["ok", false],
      ]),
      droppedAttributesCount: 2,
      flags: 1,
      traceId,
      spanId,
      eventName: "cart.abandoned",
      scope: {
        name: "shop.cart",
        version: "2.0.0",
        attributes: new Map(),
        droppedAttributesCount: 0,
        schemaUrl: "https://scope",
      },
      resource: { attributes: new Map([["service.name", "shop"]]), droppedAttributesCount: 0, schemaUrl: "" },
    },
  ]);
});
