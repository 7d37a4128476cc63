import { context, trace } from "@opentelemetry/api";
import { epochMillis } from "../../../processors/shape/clock.ts";
import { isErrorLike } from "../../record/exception.ts";
import { completeCall, withoutColors, type CompletedCall } from "./call-text.ts";
import { NOTE, type CallNote, type WinstonInfo } from "./call-note.ts";
import { findError, hasErrors, isCrash, type FoundError } from "./found-error.ts";

/** What a record of winston says, but for its level. */
export interface ReadInfo {
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly eventName: string | undefined;
}

const EVENT_NAME = "otel.event.name";
const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/;
/** A time that a format has made is as near to the call as that. */
const TIME_TOLERANCE_MILLIS = 1_000;
/** What other instrumentations add, by the field of the span that it repeats. */
const TRACE_FIELDS: Readonly<Record<string, "traceId" | "spanId" | "traceFlags">> = {
  trace_id: "traceId",
  span_id: "spanId",
  trace_flags: "traceFlags",
};

export function readInfo(info: WinstonInfo): ReadInfo {
  const note = info[NOTE];
  const { message } = info;
  if (note === undefined && typeof message === "string" && !hasErrors(info)) {
    const attributes = plainAttributes(info);
    if (attributes !== undefined) return { body: withoutColors(message), attributes, eventName: undefined };
  }
  return readAll(info, note);
}

/** Any record. */
function readAll(info: WinstonInfo, note: CallNote | undefined): ReadInfo {
  const error = findError(info, note);
  const text = bodyOf(info);
  const isCalled = note?.values !== undefined && note.values.length > 0 && typeof text === "string";
  const completed = isCalled ? completeCall(text, info, note) : undefined;
  const attributes = attributesOf(info, { error, completed });
  const eventName = attributes[EVENT_NAME];
  if (typeof eventName === "string") delete attributes[EVENT_NAME];
  return {
    body: completed?.text ?? text,
    attributes,
    eventName: typeof eventName === "string" ? eventName : undefined,
  };
}

/** Attributes of a record that has nothing but those: nearly every one. Undefined where one of them may be something else. */
function plainAttributes(info: WinstonInfo): Record<string, unknown> | undefined {
  const attributes: Record<string, unknown> = {};
  for (const key of Object.keys(info)) {
    switch (key) {
      case "level":
      case "message":
        break;
      case "timestamp": {
        const time = readSafely(info, key);
        if (!isTimeOf(info, time)) attributes[key] = time;
        break;
      }
      case "err":
      case "error":
      case "stack":
      case "exception":
      case "rejection":
      case "trace_id":
      case "span_id":
      case "trace_flags":
      case "__proto__":
      case EVENT_NAME:
        return undefined;
      default:
        attributes[key] = readSafely(info, key);
    }
  }
  return attributes;
}

function bodyOf(info: WinstonInfo): unknown {
  const { message } = info;
  if (isErrorLike(message)) return message.message;
  if (typeof message !== "string") return message;
  return isCrash(info) ? withoutStack(message, info["stack"]) : withoutColors(message);
}

/** The stack is an attribute. */
function withoutStack(message: string, stack: unknown): string {
  const end = `\n${typeof stack === "string" && stack !== "" ? stack : "  No stack trace"}`;
  return message.endsWith(end) ? message.slice(0, -end.length) : message;
}

function attributesOf(
  info: WinstonInfo,
  found: { readonly error: FoundError | undefined; readonly completed: CompletedCall | undefined },
): Record<string, unknown> {
  const { error, completed } = found;
  // Without a prototype, so that "__proto__" is an attribute like any other.
  const attributes = Object.create(null) as Record<string, unknown>;
  if (error !== undefined) Object.assign(attributes, error.attributes);
  if (completed !== undefined) Object.assign(attributes, completed.extras);
  for (const key of Object.keys(info)) {
    if (key === "level" || key === "message") continue;
    if (error?.told.has(key) === true || completed?.spread.has(key) === true) continue;
    const value = readSafely(info, key);
    if (!isToldElsewhere(info, key, value)) attributes[key] = value;
  }
  return attributes;
}

function readSafely(info: WinstonInfo, key: string): unknown {
  try {
    return info[key];
  } catch (error) {
    return `[Throws: ${String((error as { readonly message?: unknown } | null)?.message)}]`;
  }
}

function isToldElsewhere(info: WinstonInfo, key: string, value: unknown): boolean {
  if (key === "timestamp") return isTimeOf(info, value);
  const field = TRACE_FIELDS[key];
  if (field === undefined) return false;
  const span = trace.getSpanContext(context.active());
  if (span === undefined) return false;
  // As instrumentations write it: "01".
  return value === (field === "traceFlags" ? `0${span.traceFlags.toString(16)}` : span[field]);
}

/** The last time that was read, for the next record of the same millisecond. */
let lastText = "";
let lastMillis = Number.NaN;

/** What `timestamp()` adds is the time of the record; any other time under that name is the application's. */
function isTimeOf(info: WinstonInfo, value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (value !== lastText) {
    lastText = value;
    lastMillis = ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  }
  const now = epochMillis();
  const calledAt = info[NOTE]?.later?.millis ?? now;
  return lastMillis >= calledAt - TIME_TOLERANCE_MILLIS && lastMillis <= now + TIME_TOLERANCE_MILLIS;
}
