import type { Readable, Writable } from "node:stream";

import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Resource } from "@opentelemetry/resources";
import { expectTypeOf, test } from "vitest";

import type {
  CheckedAttributes,
  FemtoLogRecord,
  FemtoMap,
  FemtoValue,
  Loggable,
  LoggableAttributes,
  loggedValue,
} from "../../src/record/log-record.ts";
import { isErrorLike, type ExceptionAttributes } from "../../src/record/exception.ts";
import { resolveLimits } from "../../src/record/limits.ts";
import type { ResourceLike } from "../../src/record/resource.ts";
import { parseLevel, type Level, type LevelThreshold } from "../../src/record/severity.ts";

interface Order {
  readonly id: number;
  readonly items: string[];
  note?: string;
}

class Cart {
  readonly items: readonly number[] = [];

  total(): number {
    return this.items.length;
  }
}

/** A parameter as our methods have them. */
declare function take<const A>(attributes: [A] extends [never] ? A : CheckedAttributes<A>): void;

declare const order: Order;
declare const caught: unknown;

test("Loggable takes primitives, null and undefined", () => {
  expectTypeOf<string | number | bigint | boolean | null | undefined>().toExtend<Loggable>();
});

test("Loggable takes interfaces without index signature, class instances and records", () => {
  expectTypeOf<Order>().toExtend<Loggable>();
  expectTypeOf<Cart>().toExtend<Loggable>();
  expectTypeOf<Record<string, unknown>>().toExtend<Loggable>();
  expectTypeOf<{ a: { b: { c: Order[] } } }>().toExtend<Loggable>();
  expectTypeOf<object>().toExtend<Loggable>();
});

test("Loggable takes object literals, nested ones too", () => {
  const literals: Loggable[] = [{ a: 1 }, [{ b: { c: [{ d: order }] } }]];
  const literal: Loggable = { a: { b: caught } };
  take({ plain: { a: 1 }, nested: { list: [{ b: 2 }], deep: { c: null } } });
  expectTypeOf(literals).toExtend<Loggable>();
  expectTypeOf(literal).toExtend<Loggable>();
});

test("Loggable takes the built-in classes that hold data", () => {
  expectTypeOf<Date | Error | AggregateError | URL | RegExp | Headers>().toExtend<Loggable>();
  expectTypeOf<Map<string, Order> | Set<number> | ReadonlyMap<number, string>>().toExtend<Loggable>();
  expectTypeOf<
    Uint8Array | Buffer | Float64Array | BigInt64Array | DataView | ArrayBuffer
  >().toExtend<Loggable>();
});

test("Loggable takes arrays and tuples of what it takes", () => {
  expectTypeOf<readonly Order[] | [number, [string, Date]]>().toExtend<Loggable>();
});

test("Loggable takes data whose keys are those of promises and streams", () => {
  expectTypeOf<{
    then: string;
    pipe: number;
    call: Order;
    bind: string;
    length: number;
  }>().toExtend<Loggable>();
});

test("Loggable takes what says itself what is logged, a function too", () => {
  expectTypeOf<(() => void) & { [loggedValue](): string }>().toExtend<Loggable>();
});

test("Loggable refuses functions, classes and symbols", () => {
  expectTypeOf<() => number>().not.toExtend<Loggable>();
  expectTypeOf<typeof Cart>().not.toExtend<Loggable>();
  expectTypeOf<symbol>().not.toExtend<Loggable>();
  expectTypeOf<(() => void)[]>().not.toExtend<Loggable>();
});

test("Loggable refuses promises and streams", () => {
  expectTypeOf<Promise<number>>().not.toExtend<Loggable>();
  expectTypeOf<PromiseLike<number>>().not.toExtend<Loggable>();
  expectTypeOf<Promise<number>[]>().not.toExtend<Loggable>();
  expectTypeOf<Readable>().not.toExtend<Loggable>();
  expectTypeOf<Writable>().not.toExtend<Loggable>();
  expectTypeOf<NodeJS.WriteStream>().not.toExtend<Loggable>();
  expectTypeOf<ReadableStream>().not.toExtend<Loggable>();
  expectTypeOf<WritableStream>().not.toExtend<Loggable>();
  expectTypeOf<AsyncGenerator<number>>().not.toExtend<Loggable>();
});

test("Loggable refuses unknown, which only attributes take", () => {
  expectTypeOf<unknown>().not.toExtend<Loggable>();
});

test("LoggableAttributes checks each value", () => {
  expectTypeOf<{ a: 1; b: Order }>().toExtend<LoggableAttributes>();
  expectTypeOf<{ a: () => void }>().not.toExtend<LoggableAttributes>();
});

test("CheckedAttributes takes interfaces, caught errors and arrays of unknown", () => {
  take(order);
  take({ order, caught, list: [1, "a", null], args: [caught] as unknown[] });
  take({ getWriter: "now" });
});

test("CheckedAttributes names the key whose value cannot be logged", () => {
  // @ts-expect-error -- a function
  take({ ok: 1, callback: () => 1 });
  // @ts-expect-error -- a promise
  take({ pending: Promise.resolve(1) });
  // @ts-expect-error -- a symbol
  take({ key: Symbol("a") });
  // @ts-expect-error -- an array of promises
  take({ all: [Promise.resolve(1)] });
  // @ts-expect-error -- an object with methods is a value, not a set of attributes
  take(new Cart());
});

test("CheckedAttributes takes values of a bounded type parameter", () => {
  function save<Entity extends { readonly id: string }>(entity: Entity, all: Entity[]): void {
    take({ entity, all, id: entity.id });
  }
  expectTypeOf(save).toBeFunction();
});

test("FemtoValue is Loggable", () => {
  expectTypeOf<FemtoValue>().toExtend<Loggable>();
  expectTypeOf<FemtoMap>().toExtend<LoggableAttributes>();
});

test("FemtoLogRecord can be read as the record of the OpenTelemetry SDK, the resource as its resource", () => {
  expectTypeOf<FemtoLogRecord>().toExtend<Omit<ReadableLogRecord, "resource">>();
  expectTypeOf<keyof ReadableLogRecord>().toExtend<keyof FemtoLogRecord>();
  expectTypeOf<Resource>().toExtend<ResourceLike>();
});

test("ExceptionAttributes can be logged", () => {
  expectTypeOf<CheckedAttributes<ExceptionAttributes>>().toExtend<object>();
  expectTypeOf<ExceptionAttributes>().toExtend<CheckedAttributes<ExceptionAttributes>>();
});

test("isErrorLike() narrows to Error", () => {
  if (isErrorLike(caught)) expectTypeOf(caught).toEqualTypeOf<Error>();
});

test("resolveLimits() takes the limits of the OpenTelemetry SDK", () => {
  resolveLimits({ attributeCountLimit: 1, attributeValueLengthLimit: 2 });
  // @ts-expect-error -- there is no such limit
  resolveLimits({ attributeCount: 1 });
});

test("Level takes names in either case and the numbers 1 to 24", () => {
  expectTypeOf<"INFO" | "info" | "WARNING" | "fatal" | 1 | 24>().toExtend<Level>();
  expectTypeOf<"OFF">().not.toExtend<Level>();
  expectTypeOf<"verbose">().not.toExtend<Level>();
  expectTypeOf<25>().not.toExtend<Level>();
});

test("LevelThreshold takes levels, OFF and NOTSET", () => {
  expectTypeOf<Level | "OFF" | "notset" | 0 | 25>().toExtend<LevelThreshold>();
  expectTypeOf<26>().not.toExtend<LevelThreshold>();
});

test("parseLevel() takes anything", () => {
  expectTypeOf(parseLevel).parameter(0).toBeUnknown();
});
