/**
 * Counts the messages of an `ExportLogsServiceRequest` (or `LogsData`) by walking from length to length.
 * Nothing is decoded and nothing is allocated for a message, so it is also the guard in front of the decoder.
 */
import { DecodeError, elementCountMax, valueDepthMax } from "./decode-error.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const FIXED32 = 5;

/** Field numbers end at 2^29 - 1, so a tag has at most this many bytes. */
const TAG_BYTES_MAX = 5;
const VARINT_BYTES_MAX = 10;

/** Request, ResourceLogs, ScopeLogs, LogRecord, KeyValue; then AnyValue, KeyValueList and KeyValue a level. */
const messageDepthMax: number = 5 + 3 * valueDepthMax;

/** Which fields of a message hold messages to walk into. */
interface MessagePlan {
  readonly isRecord?: true;
  /** At the field's number: the plan of the messages in that field. */
  readonly children: (MessagePlan | undefined)[];
}

function plan(children: Readonly<Record<number, MessagePlan>>, isRecord?: true): MessagePlan {
  const list: (MessagePlan | undefined)[] = [];
  for (const [fieldNumber, child] of Object.entries(children)) list[Number(fieldNumber)] = child;
  return isRecord ? { isRecord, children: Array.from(list) } : { children: Array.from(list) };
}

function requestPlan(parts: {
  record: MessagePlan;
  scope?: MessagePlan;
  resource?: MessagePlan;
}): MessagePlan {
  const scopeLogs = plan({ ...(parts.scope && { 1: parts.scope }), 2: parts.record });
  return plan({ 1: plan({ ...(parts.resource && { 1: parts.resource }), 2: scopeLogs }) });
}

/** As far as the records, not into them. */
const envelopePlan: MessagePlan = requestPlan({ record: plan({}, true) });

/** Every message there is. */
const wholePlan: MessagePlan = makeWholePlan();

function makeWholePlan(): MessagePlan {
  const anyValue = plan({});
  const keyValue = plan({ 2: anyValue });
  const list = plan({ 1: keyValue });
  anyValue.children[5] = plan({ 1: anyValue });
  anyValue.children[6] = list;
  const resource = plan({ 1: keyValue, 3: plan({}) });
  const scope = plan({ 3: keyValue });
  return requestPlan({ record: plan({ 5: anyValue, 6: keyValue }, true), scope, resource });
}

/** How many messages a request holds. */
export interface RequestSize {
  readonly recordCount: number;
  /** Records and all other messages, the request itself not counted. */
  readonly elementCount: number;
}

/** One walk over the bytes of one request. */
class RequestWalk {
  readonly #bytes: Uint8Array;
  #position = 0;
  recordCount = 0;
  elementCount = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Walks the message that lies between the position and `end`. */
  message(shape: MessagePlan, end: number, depth: number): void {
    if (depth > messageDepthMax) throw this.#fault(`messages are nested deeper than ${messageDepthMax}`);
    while (this.#position < end) {
      const tag = this.#tag(end);
      const child = (tag & 7) === LENGTH_DELIMITED ? shape.children[tag >>> 3] : undefined;
      if (child === undefined) this.#skip(tag, end, depth);
      else this.#child(child, end, depth);
    }
  }

  #child(shape: MessagePlan, end: number, depth: number): void {
    const childEnd = this.#lengthEnd(end);
    this.elementCount += 1;
    if (this.elementCount > elementCountMax) {
      throw new DecodeError(
        `Cannot decode OTLP logs: more than ${elementCountMax} messages in one request; send smaller batches`,
        { failure: "too_large" },
      );
    }
    if (shape.isRecord === true) this.recordCount += 1;
    if (shape.children.length === 0) this.#position = childEnd;
    else this.message(shape, childEnd, depth + 1);
  }

  #skip(tag: number, end: number, depth: number): void {
    switch (tag & 7) {
      case VARINT:
        this.#skipVarint(end);
        return;
      case FIXED64:
        this.#advance(8, end);
        return;
      case LENGTH_DELIMITED:
        this.#position = this.#lengthEnd(end);
        return;
      case GROUP_START:
        this.#skipGroup(tag, end, depth + 1);
        return;
      case FIXED32:
        this.#advance(4, end);
        return;
      default:
        throw this.#fault(`wire type ${tag & 7} is not allowed here`);
    }
  }

  /** A group: the fields up to the end tag with the same number. OTLP has none, but a reader must skip them. */
  #skipGroup(startTag: number, end: number, depth: number): void {
    if (depth > messageDepthMax) throw this.#fault(`groups are nested deeper than ${messageDepthMax}`);
    for (;;) {
      const tag = this.#tag(end);
      if ((tag & 7) !== GROUP_END) this.#skip(tag, end, depth);
      else if (tag >>> 3 === startTag >>> 3) return;
      else throw this.#fault(`group ${startTag >>> 3} ends as group ${tag >>> 3}`);
    }
  }

  #skipVarint(end: number): void {
    for (let count = 0; count < VARINT_BYTES_MAX; count += 1) {
      if (this.#byte(end) < 0x80) return;
    }
    throw this.#fault(`a varint is longer than ${VARINT_BYTES_MAX} bytes`);
  }

  #tag(end: number): number {
    const tag = this.#uint32(end, "tag");
    if (tag >>> 3 === 0) throw this.#fault("field number 0 is not allowed");
    return tag;
  }

  /** Reads a length. Returns the position where what it describes ends: never beyond `end`. */
  #lengthEnd(end: number): number {
    const length = this.#uint32(end, "length");
    if (length > end - this.#position) {
      throw this.#fault(`a field of ${length} bytes begins ${end - this.#position} bytes before the end`);
    }
    return this.#position + length;
  }

  #uint32(end: number, what: string): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < TAG_BYTES_MAX; count += 1) {
      const byte = this.#byte(end);
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) scale *= 0x80;
      else if (value <= 0xff_ff_ff_ff) return value;
      else break;
    }
    throw this.#fault(`a ${what} does not fit into 32 bits`);
  }

  #byte(end: number): number {
    const byte = this.#position < end ? this.#bytes[this.#position] : undefined;
    if (byte === undefined) throw this.#fault("the message ends inside of a field");
    this.#position += 1;
    return byte;
  }

  #advance(count: number, end: number): void {
    if (count > end - this.#position) throw this.#fault("the message ends inside of a field");
    this.#position += count;
  }

  #fault(what: string): DecodeError {
    return new DecodeError(
      `Cannot decode OTLP logs: ${what}, at byte ${this.#position} of ${this.#bytes.length}; ` +
        `it must be an ExportLogsServiceRequest in protobuf`,
    );
  }
}

function walk(bytes: Uint8Array, shape: MessagePlan): RequestSize {
  const walked = new RequestWalk(bytes);
  walked.message(shape, bytes.length, 0);
  return { recordCount: walked.recordCount, elementCount: walked.elementCount };
}

/**
 * Counts the log records of a request without looking into them: what is inside of a record may still be broken.
 * Any thread; holds nothing after the call.
 *
 * @param bytes An `ExportLogsServiceRequest` or `LogsData` in protobuf.
 * @returns 0 or more records.
 * @throws {DecodeError} `malformed`: the envelope is not protobuf; `too_large`: more messages than
 *   {@link elementCountMax}.
 * @see OTLP 1.11.0, logs_service.proto: `ExportLogsServiceRequest`
 */
export function countLogRecords(bytes: Uint8Array): number {
  return walk(bytes, envelopePlan).recordCount;
}

/**
 * Counts all messages of a request, down to the innermost value, and checks their lengths and their depth.
 * Any thread; holds nothing after the call.
 *
 * @param bytes An `ExportLogsServiceRequest` or `LogsData` in protobuf.
 * @returns The counts, each 0 to {@link elementCountMax}.
 * @throws {DecodeError} `malformed`: not protobuf, or nested too deeply; `too_large`: too many messages.
 * @see OTLP 1.11.0, logs_service.proto: `ExportLogsServiceRequest`
 */
export function measureRequest(bytes: Uint8Array): RequestSize {
  return walk(bytes, wholePlan);
}
