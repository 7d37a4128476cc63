// What a record is: as people write it (`Loggable`), and as filters, formatters and exporters read it (`FemtoLogRecord`).

import type { HrTime, SpanContext, SeverityNumber } from "@opentelemetry/api";

import type { ResourceLike } from "./resource.ts";

/**
 * A value of a finished record: what every formatter and exporter must be able to write.
 * `number` that is an integer and `bigint` are int64 on the wire, other numbers are double (NaN and infinities too).
 *
 * @see Common concepts v1.60.0, AnyValue
 */
export type FemtoValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly FemtoValue[]
  | FemtoMap;

/** Named values: the attributes of a record, or a map inside one. Keys are unique and keep their case. */
export interface FemtoMap {
  readonly [key: string]: FemtoValue;
}

/**
 * Who logged: the logger's name is the scope's name. One object for each scope, so exporters may group by identity.
 *
 * @see Logs data model v1.60.0, Field: InstrumentationScope
 */
export interface FemtoScope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
  readonly attributes?: FemtoMap;
  readonly droppedAttributesCount?: number;
}

/**
 * A finished record, for filters, formatters and exporters. Field for field the `ReadableLogRecord` of the OpenTelemetry
 * SDK, plus `template`, `threadId` and `loggerName`. It shares nothing with what the application passed in.
 *
 * @see Logs data model v1.60.0, Log and Event Record Definition
 */
export interface FemtoLogRecord {
  /** When it happened: seconds and nanoseconds since 1970. */
  readonly hrTime: HrTime;
  /** When the SDK saw it: seconds and nanoseconds since 1970; later than `hrTime` for bridged records. */
  readonly hrTimeObserved: HrTime;
  /** The active span's ids; absent outside of a valid span. */
  readonly spanContext?: SpanContext;
  /** The level in the words of the source, such as "info" for a record of pino. */
  readonly severityText?: string;
  /** 1 to 24; absent or 0 when the source named no level. */
  readonly severityNumber?: SeverityNumber;
  /** The rendered text, or the structure that was given in its place. */
  readonly body?: FemtoValue;
  /** Names the class of the event; a record with a name is an OpenTelemetry Event. */
  readonly eventName?: string;
  readonly resource: ResourceLike;
  readonly instrumentationScope: FemtoScope;
  readonly attributes: FemtoMap;
  /** Attributes refused by `attributeCountLimit`. */
  readonly droppedAttributesCount: number;
  /** The text before its holes were filled; absent when the body was not made from one. */
  readonly template?: string;
  /** `threadId` of `node:worker_threads` where the call was made; 0 is the main thread. */
  readonly threadId: number;
  /** Dotted name of the logger; equals `instrumentationScope.name`. */
  readonly loggerName: string;
}

/**
 * Key of the method by which an object says what is logged in its place: `[loggedValue]() { return this.id; }`.
 * It is `Symbol.for('femtologging.value')`, so a library can provide it without importing this package.
 */
export const loggedValue: unique symbol = Symbol.for("femtologging.value") as typeof loggedValue;

type Primitive = string | number | bigint | boolean | null | undefined;
type NotCallable = Primitive | (object & { readonly [Symbol.hasInstance]?: never });

/**
 * Members by which the compiler knows what is no data. Well-known symbols and the rarest names are used, and a `then` that
 * is data is fine, so that no honest object is refused.
 */
interface NoActor {
  /** Functions and classes. */
  readonly [Symbol.hasInstance]?: never;
  /** Readable streams and other async iterables. */
  readonly [Symbol.asyncIterator]?: never;
  /** Promises and other thenables. */
  readonly then?: NotCallable;
  /** `node:stream` writables. */
  readonly writableNeedDrain?: never;
  /** WHATWG writables. */
  readonly getWriter?: NotCallable;
  /** Arrays, whose elements are looked at one by one. */
  readonly [Symbol.unscopables]?: never;
}

/**
 * An object that can be logged: a plain object, an interface with or without index signature, a class instance, Date,
 * Error, URL, Map, Set, a typed array, anything with `toJSON`. Only the object itself is looked at, not its members:
 * the compiler cannot tell a method of a class from a member that holds a function. What is inside and cannot be
 * written becomes a marked string at run time.
 */
export type LoggableObject = object & NoActor;

/** An object that says itself what is logged in its place; this wins over all other rules, for functions and streams too. */
export interface SelfDescribing {
  readonly [loggedValue]: () => Loggable;
}

/** Lets literals such as `{ a: 1 }` have any keys: to `LoggableObject` alone they would be unknown ones. */
interface PlainObject {
  readonly [key: string]: unknown;
}

/**
 * What may be passed as the value of an attribute. Functions, symbols, promises and streams do not compile.
 *
 * @see Mapping arbitrary data to AnyValue, v1.60.0
 */
export type Loggable = Primitive | readonly Loggable[] | LoggableObject | PlainObject | SelfDescribing;

/** Attributes whose names are not known beforehand. For a parameter prefer {@link CheckedAttributes}: it takes interfaces. */
export interface LoggableAttributes {
  readonly [key: string]: Loggable;
}

/**
 * What the compiler demands of a value of type `V`. `unknown` passes: it is the type of every caught error and of parsed
 * JSON, the encoder copes with whatever it holds, and a refusal would only breed casts. The check is there to catch what
 * is *known* to be wrong. A value of a bare type parameter `T` must be given a bound, or be passed as `unknown`.
 */
export type CheckedValue<V> = unknown extends V
  ? unknown
  : Loggable | (V extends readonly (infer Element)[] ? readonly CheckedValue<Element>[] : never);

/**
 * The demand on an attributes object of type `A`, key by key, for a parameter such as `attributes: CheckedAttributes<A>`.
 * Unlike {@link LoggableAttributes} it takes interfaces, and `unknown` values. Objects with methods are values, not
 * attributes: pass them as `{ order }`.
 */
export type CheckedAttributes<A> = { readonly [K in keyof A]: CheckedValue<A[K]> };
