// A line of pino:
//   {"level":30,"time":1733000000000,"pid":7,"hostname":"box","name":"shop","orderId":7,"msg":"paid"}
//   head       time member           base                    bindings of children, fields, message: all of it the application's
// Keys may come twice, and the application may write "level" and "time" itself: only by their place are pino's own known.

import { parseExactJson } from "./exact-json.ts";
import { pinoErrorAttributes } from "./pino-error.ts";

/** How the time of a pino logger is written: by one of pino's functions, by one that we do not know (`other`), or not at all. */
export type PinoTime = "millis" | "seconds" | "iso" | "other" | "none";

/** What has to be known of a pino logger to read its lines. */
export interface PinoLineFormat {
  /** How each line of this level begins, such as `{"level":30`; "" where that is not known. */
  readonly head: string;
  /** What follows the time in lines of this process, and its resource tells already; "" for nothing. */
  readonly base: string;
  readonly time: PinoTime;
  readonly messageKey: string;
  readonly errorKey: string;
  /** The key that the fields of a call stand under; undefined where they stand in the line itself. */
  readonly nestedKey?: string | undefined;
  /** Attributes that a record keeps; undefined for all. */
  readonly attributeCountMax?: number | undefined;
  /** UTF-16 units that a text value keeps; undefined for all. */
  readonly valueLengthMax?: number | undefined;
}

/** The ids of a span, as a mixin may have put them into the line. */
export interface PinoSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** A line, read. */
export interface PinoLine {
  /** False for text that is no object of JSON: all of it is the body then. */
  readonly isParsed: boolean;
  readonly body: unknown;
  /** Keys whose value is undefined are no attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Seconds and nanoseconds since 1970; undefined where the line tells no time that can be read. */
  readonly timestamp: readonly [seconds: number, nanos: number] | undefined;
  readonly span: PinoSpan | undefined;
}

type Fields = Record<string, unknown>;

/** A member with a plain value at the place that is looked at: its key, its value. */
const MEMBER = /[{,]\s*"([^"\\]*)"\s*:\s*(-?\d[\d.eE+-]*|"[^"\\]*(?:\\.[^"\\]*)*")(?=\s*[,}])/y;
const MILLIS_PREFIX = ',"time":';
const MILLIS_DIGITS = 13;
const LEVEL_KEY = "level";
/** What times are called where only the name tells them. */
const TIME_KEYS: ReadonlySet<string> = new Set(["time", "timestamp", "@timestamp"]);
const ISO_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:?\d\d)$/;
/** Where nobody says the unit of a time: numbers from here on are epoch seconds, milliseconds, microseconds, nanoseconds; below it no times. */
const SECONDS_MIN = 1e8;
const MILLIS_MIN = 1e11;
const MICROS_MIN = 1e14;
const NANOS_MIN = 1e17;
/** What a `Date` can hold. */
const EPOCH_MILLIS_MAX = 8_640_000_000_000_000;
const NANOS_A_SECOND = 1_000_000_000;
const TRACE_ID = /^(?!0{32})[\da-f]{32}$/;
const SPAN_ID = /^(?!0{16})[\da-f]{16}$/;
const TRACE_FLAGS = /^[\da-f]{2}$/;

/** Reads lines of one format. Any thread; never throws. */
export class PinoLineReader {
  readonly #format: PinoLineFormat;
  /** What a formatter of the level has made beside the level; undefined for nothing, as with pino's own. */
  readonly #headFields: Fields | undefined;

  constructor(format: PinoLineFormat) {
    this.#format = format;
    this.#headFields = headFieldsOf(format);
  }

  /**
   * Reads a line that pino has written, or something that has changed it on its way.
   * @param span The span that the call was made in: ids of another one in the line stay attributes.
   */
  read(line: string, span?: PinoSpan): PinoLine {
    try {
      return this.#parse(line, span);
    } catch {
      const body = line.replace(/\r?\n$/, "");
      return { isParsed: false, body, attributes: {}, timestamp: undefined, span: undefined };
    }
  }

  #parse(line: string, known: PinoSpan | undefined): PinoLine {
    const format = this.#format;
    const { base } = format;
    const isKnown = format.head !== "" && line.startsWith(format.head);
    const headEnd = isKnown ? format.head.length : levelEnd(line);
    const time = readMillisMember(line, headEnd, format) ?? readTimeMember(line, headEnd, format);
    const baseAt = time?.end ?? headEnd;
    const isBase = base !== "" && line.startsWith(base, baseAt);
    const fields = parseFields(line, isBase ? baseAt + base.length : baseAt);
    if (isKnown && this.#headFields !== undefined) addFields(fields, this.#headFields);
    if (time?.fields !== undefined) addFields(fields, time.fields);
    const body = takeField(fields, format.messageKey);
    const attributes = withException(fields, format);
    const span = takeSpan(attributes, known);
    return { isParsed: true, body, attributes, timestamp: time?.timestamp, span };
  }
}

function headFieldsOf({ head }: PinoLineFormat): Fields | undefined {
  try {
    const { [LEVEL_KEY]: _level, ...fields } = JSON.parse(`${head}}`) as Fields;
    return Object.keys(fields).length === 0 ? undefined : fields;
  } catch {
    // No head is known.
    return undefined;
  }
}

/** What stands in the line wins. */
function addFields(fields: Fields, more: Fields): void {
  for (const [key, value] of Object.entries(more)) if (!Object.hasOwn(fields, key)) fields[key] = value;
}

/** The level that stands at the beginning of a line: a number or a label. Undefined where none does. */
export function levelOfPinoLine(line: string): number | string | undefined {
  const member = memberAt(line, 0);
  if (member?.key !== LEVEL_KEY) return undefined;
  return typeof member.value === "string" || typeof member.value === "number" ? member.value : undefined;
}

/** Where the level of a line ends whose head is not known; 0 where it does not begin with one. */
function levelEnd(line: string): number {
  const member = memberAt(line, 0);
  return member?.key === LEVEL_KEY ? member.end : 0;
}

interface TimeMember {
  readonly end: number;
  readonly timestamp: readonly [number, number] | undefined;
  /** A time that cannot be read. */
  readonly fields: Fields | undefined;
}

/** The time as pino writes it by default: nearly every line's. */
function readMillisMember(line: string, at: number, { time }: PinoLineFormat): TimeMember | undefined {
  if (time !== "millis" || !line.startsWith(MILLIS_PREFIX, at)) return undefined;
  const begin = at + MILLIS_PREFIX.length;
  const end = begin + MILLIS_DIGITS;
  const millis = Number(line.slice(begin, end));
  if (!Number.isInteger(millis) || millis < MILLIS_MIN || (line[end] !== "," && line[end] !== "}"))
    return undefined;
  return { end, timestamp: fromMillis(millis), fields: undefined };
}

/** The time, which follows the level. Undefined where what follows is none. */
function readTimeMember(line: string, at: number, format: PinoLineFormat): TimeMember | undefined {
  const { head, base, time } = format;
  if (time === "none" || (base !== "" && line.startsWith(base, at))) return undefined;
  const member = memberAt(line, at);
  if (member === undefined) return undefined;
  const { key, value, end } = member;
  const timestamp = readTime(value, time);
  // A function of the application may call the time what it likes, but then it is where pino puts it.
  const isPlaced = head !== "" && time === "other";
  if (isPlaced) return { end, timestamp, fields: timestamp === undefined ? { [key]: value } : undefined };
  return TIME_KEYS.has(key) && timestamp ? { end, timestamp, fields: undefined } : undefined;
}

interface Member {
  readonly key: string;
  readonly value: unknown;
  readonly end: number;
}

function memberAt(line: string, at: number): Member | undefined {
  MEMBER.lastIndex = at;
  const match = MEMBER.exec(line);
  if (match === null) return undefined;
  return { key: match[1] as string, value: JSON.parse(match[2] as string), end: MEMBER.lastIndex };
}

/** All that follows `at`, which is the end of a member, or 0. @throws {SyntaxError} It is no JSON. @throws {TypeError} It is no object. */
function parseFields(line: string, at: number): Fields {
  const rest = at === 0 ? line : `{${line.slice(line[at] === "," ? at + 1 : at)}`;
  const fields = parseExactJson(rest);
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new TypeError("A line of pino must be an object");
  }
  return fields as Fields;
}

/** Leaves the key there, without a value: an object that keys were deleted from is a slow one. */
function takeField(fields: Fields, key: string): unknown {
  if (!Object.hasOwn(fields, key)) return undefined;
  const value = fields[key];
  fields[key] = undefined;
  return value;
}

/** The error of a call as `exception.*`; attributes of the application with those names win. */
function withException(fields: Fields, { errorKey, nestedKey }: PinoLineFormat): Fields {
  const holder = nestedKey === undefined ? fields : fields[nestedKey];
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, errorKey)) return fields;
  const exception = pinoErrorAttributes((holder as Fields)[errorKey]);
  if (exception === undefined) return fields;
  takeField(holder as Fields, errorKey);
  for (const [key, value] of Object.entries(exception)) fields[key] ??= value;
  return fields;
}

/** The span that the record is of. Ids that a mixin has put into the line are taken out where they are the same, or the only ones. */
function takeSpan(fields: Fields, known: PinoSpan | undefined): PinoSpan | undefined {
  const { trace_id: traceId, span_id: spanId, trace_flags: flags } = fields;
  if (typeof traceId !== "string" || typeof spanId !== "string") return known;
  if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return known;
  if (known !== undefined && (known.traceId !== traceId || known.spanId !== spanId)) return known;
  takeField(fields, "trace_id");
  takeField(fields, "span_id");
  const traceFlags = readFlags(flags);
  if (traceFlags !== undefined) takeField(fields, "trace_flags");
  return known ?? { traceId, spanId, traceFlags: traceFlags ?? 0 };
}

function readFlags(flags: unknown): number | undefined {
  if (typeof flags === "string") return TRACE_FLAGS.test(flags) ? Number.parseInt(flags, 16) : undefined;
  return typeof flags === "number" && Number.isInteger(flags) && flags >= 0 && flags <= 0xff
    ? flags
    : undefined;
}

function readTime(value: unknown, kind: PinoTime): readonly [number, number] | undefined {
  if (typeof value === "string") return readIsoTime(value);
  if (typeof value !== "number" || value < 0) return undefined;
  if (kind === "millis") return fromMillis(value);
  if (kind === "seconds") return fromMillis(value * 1000);
  if (value < SECONDS_MIN) return undefined;
  if (value < MILLIS_MIN) return fromMillis(value * 1000);
  if (value < MICROS_MIN) return fromMillis(value);
  return fromMillis(value < NANOS_MIN ? value / 1000 : value / 1e6);
}

function fromMillis(millis: number): readonly [number, number] | undefined {
  if (!(millis <= EPOCH_MILLIS_MAX)) return undefined;
  const seconds = Math.floor(millis / 1000);
  return [seconds, Math.min(NANOS_A_SECOND - 1, Math.round((millis - seconds * 1000) * 1e6))];
}

function readIsoTime(text: string): readonly [number, number] | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`) / 1000;
  if (!Number.isInteger(seconds) || seconds < 0) return undefined;
  return [seconds, Number((match[2] ?? "").padEnd(9, "0"))];
}
