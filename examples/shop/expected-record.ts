/**
 * What a record must hold, worked out a second time from the arguments of its call, by the rules of the documentation and
 * by none of the code of femtologging.
 */
import { format } from "node:util";
import { isAttributes, type Attributes, type RememberedCall } from "./remembered-calls.ts";

/** What is compared of a record, in the same form wherever it was read. */
export interface ComparedRecord {
  readonly logger: string;
  readonly level: string;
  /** Undefined for an event, which has a name in its place. */
  readonly message: string | undefined;
  readonly eventName: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly attributes: Attributes;
}

/** The record of a call. */
export function expectedRecord(call: RememberedCall, seq: number): ComparedRecord {
  const error = call.values.find((value) => value instanceof Error);
  const own = ownAttributes(call.values);
  return {
    logger: call.logger,
    level: call.level,
    message: messageOf(call, own) ?? (call.eventName === undefined ? error?.message : undefined),
    eventName: call.eventName,
    traceId: call.span?.traceId,
    spanId: call.span?.spanId,
    attributes: { ...(error === undefined ? {} : errorAttributes(error)), ...call.around, ...own, seq },
  };
}

function ownAttributes(values: readonly unknown[]): Attributes {
  const given = values.find((value) => typeof value === "function" || isAttributes(value));
  return (typeof given === "function" ? given() : (given ?? {})) as Attributes;
}

/** The template with its holes filled; undefined where there is none. */
function messageOf({ values }: RememberedCall, attributes: Attributes): string | undefined {
  const template = values.find((value) => typeof value === "string");
  if (template === undefined) return undefined;
  const positional = values.filter(
    (value) => value !== template && typeof value !== "function" && !isObject(value),
  );
  const filled = template.replaceAll(/\{(\w+)\}/g, (hole, name: string) =>
    name in attributes ? String(attributes[name]) : hole,
  );
  return positional.length === 0 ? filled : format(filled, ...positional);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** @see Semantic conventions, Exceptions in logs; causes and properties are femtologging's own */
function errorAttributes(error: Error): Attributes {
  const causes = causesOf(error).map((cause) => summaryOf(cause));
  const { type, message, stacktrace, properties } = summaryOf(error);
  return {
    "exception.type": type,
    "exception.message": message,
    "exception.stacktrace": [stacktrace, ...causes.map((cause) => `[cause]: ${cause.stacktrace}`)].join("\n"),
    ...(causes.length > 0 && { "exception.causes": causes }),
    ...(properties !== undefined && { "exception.properties": properties }),
  };
}

function causesOf(error: Error): Error[] {
  return error.cause instanceof Error ? [error.cause, ...causesOf(error.cause)] : [];
}

function summaryOf(error: Error): {
  readonly type: string;
  readonly message: string;
  readonly stacktrace: string;
  readonly properties?: Attributes;
} {
  const properties = Object.fromEntries(Object.entries(error).filter(([name]) => name !== "name"));
  return {
    type: error.constructor.name,
    message: error.message,
    stacktrace: error.stack ?? "",
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}
