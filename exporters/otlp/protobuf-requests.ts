// Requests in protobuf, taken apart and put together at the borders of their fields. Pure.
import {
  putVarint,
  varintBytes,
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_VARINT,
} from "../../proto/wire.ts";
import {
  REQUEST_RESOURCE_LOGS,
  RESOURCE_LOGS_SCOPE_LOGS,
  SCOPE_LOGS_LOG_RECORDS,
} from "../../proto/otlp-fields.ts";
import {
  runsOf,
  type RecordOutline,
  type RequestCodec,
  type RequestOutline,
  type ScopeOutline,
  type Wrapping,
} from "./request-outline.ts";

/** A tag byte, and the longest length. */
const wrappingBytesMax = 6;
const varintBytesMax = 10;

/** A message inside of another, and what of it is not the list that we look for. */
interface ListMessage extends Wrapping {
  /** The fields of the list: tag, length, content. */
  readonly fields: readonly ListField[];
}

interface ListField {
  /** Tag and length too. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

/** Requests in protobuf. @see Protocol Buffers, Encoding; OTLP 1.11.0, logs.proto */
export const protobufRequests: RequestCodec = { outline, compose, wrappingBytesMax };

function outline(request: Uint8Array): RequestOutline {
  const records: RecordOutline[] = [];
  for (const resourceLogs of listOf(request, REQUEST_RESOURCE_LOGS).fields) {
    const resource = listOf(resourceLogs.content, RESOURCE_LOGS_SCOPE_LOGS);
    for (const scopeLogs of resource.fields) {
      const { before, after, fields } = listOf(scopeLogs.content, SCOPE_LOGS_LOG_RECORDS);
      const scope: ScopeOutline = { resource, before, after };
      for (const { whole } of fields) records.push({ scope, bytes: whole });
    }
  }
  return records;
}

/**
 * The fields of a message with one tag, and the bytes of the others: those before the first of the list, those after it.
 */
function listOf(message: Uint8Array, tag: number): ListMessage {
  const fields: ListField[] = [];
  const before: Uint8Array[] = [];
  const after: Uint8Array[] = [];
  let at = 0;
  while (at < message.length) {
    const field = fieldAt(message, at);
    const whole = message.subarray(at, field.end);
    if (field.tag === tag) fields.push({ whole, content: message.subarray(field.contentAt, field.end) });
    else (fields.length === 0 ? before : after).push(whole);
    at = field.end;
  }
  return { fields, before: join(before), after: join(after) };
}

interface FieldPlace {
  readonly tag: number;
  readonly contentAt: number;
  readonly end: number;
}

function fieldAt(message: Uint8Array, at: number): FieldPlace {
  const tag = varintAt(message, at);
  const contentAt = tag.end;
  const end = endOf(message, tag.value & 7, contentAt);
  if (end.end > message.length) throw cutOff();
  return { tag: tag.value, ...end };
}

function endOf(message: Uint8Array, wireType: number, at: number): Omit<FieldPlace, "tag"> {
  switch (wireType) {
    case WIRE_VARINT:
      return { contentAt: at, end: varintAt(message, at).end };
    case WIRE_FIXED64:
      return { contentAt: at, end: at + 8 };
    case WIRE_FIXED32:
      return { contentAt: at, end: at + 4 };
    case WIRE_BYTES: {
      const length = varintAt(message, at);
      return { contentAt: length.end, end: length.end + length.value };
    }
    default:
      throw new SyntaxError(`Cannot split a request: wire type ${wireType}, must be 0, 1, 2 or 5`);
  }
}

function varintAt(message: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < varintBytesMax; index += 1) {
    const byte = message[at + index];
    if (byte === undefined) throw cutOff();
    // Exact up to 2^53: tags and lengths are shorter, and other numbers are only stepped over.
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  throw new SyntaxError(`Cannot split a request: a varint is longer than ${varintBytesMax} bytes`);
}

function cutOff(): SyntaxError {
  return new SyntaxError("Cannot split a request: it ends in the middle of a field");
}

function compose(records: RequestOutline): Uint8Array {
  const resourceLogs = runsOf(scopeLogsOf(records), ({ scope }) => scope.resource).map(
    ({ parent, members }) =>
      fieldOf(REQUEST_RESOURCE_LOGS, [parent.before, ...members.flatMap(({ parts }) => parts), parent.after]),
  );
  return join(resourceLogs.flat());
}

function scopeLogsOf(
  records: RequestOutline,
): { readonly scope: ScopeOutline; readonly parts: Uint8Array[] }[] {
  return runsOf(records, ({ scope }) => scope).map(({ parent: scope, members }) => ({
    scope,
    parts: fieldOf(RESOURCE_LOGS_SCOPE_LOGS, [
      scope.before,
      ...members.map(({ bytes }) => bytes),
      scope.after,
    ]),
  }));
}

/** A message as a field, in pieces. */
function fieldOf(tag: number, contents: readonly Uint8Array[]): Uint8Array[] {
  const contentBytes = contents.reduce((sum, { length }) => sum + length, 0);
  const head = new Uint8Array(1 + varintBytes(contentBytes));
  head[0] = tag;
  putVarint(head, 1, contentBytes);
  return [head, ...contents];
}

/** One piece as it is; several copied. */
function join(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}
