import type { BoundAttributes } from "./bound-attributes.ts";
import type { DefinedScope, ShapeDictionary } from "./dictionary.ts";
import type { RecordEncoder } from "./encoder.ts";
import { FLAG_DROPPED, FLAG_EXTRAS, FLAG_INLINE, FLAG_SPAN, FLAG_TIMESTAMP } from "./frame.ts";
import { readProperty } from "./object-encoder.ts";
import { ShapeFamily, type KnownShape } from "./shape-family.ts";

/** Families of one scope: combinations of severity and event name that get shapes of their own. */
const FAMILIES_MAX = 256;

/** The ids of a span; structurally the `SpanContext` of @opentelemetry/api. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** A record whose body is a value: one of the OpenTelemetry API, or of a bridge. */
export interface EmittedRecord {
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string | undefined;
  /** Undefined for no body. */
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Attributes left out before this record came here. */
  readonly droppedCount: number;
  /** Seconds and nanoseconds; undefined where the time is the time of the call. */
  readonly timestamp: readonly [number, number] | undefined;
  readonly span: SpanIds | undefined;
  readonly bound: BoundAttributes | undefined;
  /** The text that the body was made from, where that is known. */
  readonly template?: string | undefined;
}

/** Shapes of the records that come with a body of their own, for one scope. One thread's own. */
export class EmitShapes {
  readonly #dictionary: ShapeDictionary;
  readonly #scope: DefinedScope;
  readonly #families = new Map<string, ShapeFamily>();

  constructor(dictionary: ShapeDictionary, scope: DefinedScope) {
    this.#dictionary = dictionary;
    this.#scope = scope;
  }

  /**
   * Encodes a record. Never throws but `RECORD_TOO_LARGE`.
   * @returns The word of shape and flags, for `encoder.finish`.
   */
  encode(encoder: RecordEncoder, record: EmittedRecord): number {
    const family = this.#family(record);
    const countMax = encoder.limits.attributeCountMax;
    const keys = limitKeys(record.attributes, { countMax, besideCount: record.bound?.count ?? 0 });
    const { kept } = keys;
    const found = family.find(kept);
    const shape = found ?? family.keyless();
    const fitted = record.bound?.fit(kept, keys.room);
    const droppedCount = record.droppedCount + keys.droppedCount + (fitted?.droppedCount ?? 0);
    const flags = writeHead(encoder, { record, shape, droppedCount, dictionary: this.#dictionary });
    if (record.body !== undefined) encoder.whole(record.body);
    for (const key of shape.keys) encoder.value(readProperty(record.attributes, key));
    const extras = writeExtras(encoder, {
      record: { attributes: record.attributes, bound: fitted?.bound },
      shape,
      keys: found === undefined ? kept : [],
    });
    return shape.id | flags | extras;
  }

  #family(record: EmittedRecord): ShapeFamily {
    const hasBody = record.body !== undefined;
    const { severityNumber, severityText, eventName, template = "" } = record;
    // The lengths tell where the one text ends and the other begins.
    const kind = (hasBody ? 1 : 0) + (eventName === undefined ? 0 : 2);
    const lengths = template === "" ? `${severityText.length}` : `${severityText.length}+${template.length}`;
    const key = `${severityNumber} ${kind} ${lengths} ${severityText}${template}${eventName ?? ""}`;
    const known = this.#families.get(key);
    if (known !== undefined) return known;
    const isRegistered = this.#families.size < FAMILIES_MAX;
    const family = new ShapeFamily(
      this.#dictionary,
      {
        scope: this.#scope,
        severityNumber: record.severityNumber,
        severityText: record.severityText,
        body: hasBody ? "value" : "none",
        template,
        argumentCount: hasBody ? 1 : 0,
        eventName: record.eventName,
      },
      isRegistered,
    );
    if (isRegistered) this.#families.set(key, family);
    return family;
  }
}

/** Own enumerable keys, none where the object does not even tell those. */
export function attributeKeys(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    return Object.keys(attributes);
  } catch {
    return [];
  }
}

/** The keys of a record as far as its limit allows. */
export interface LimitedKeys {
  /** In order; also of attributes that are undefined, which are left out later. */
  readonly kept: readonly string[];
  /** How many more attributes the record may have. */
  readonly room: number;
  readonly droppedCount: number;
}

/**
 * Keeps the first keys, up to the limit. An attribute that is undefined is none: it takes no place, and is not counted.
 * Never throws.
 *
 * @param options.besideCount How many attributes stand beside these.
 */
export function limitKeys(
  attributes: Readonly<Record<string, unknown>>,
  { countMax, besideCount }: { readonly countMax: number; readonly besideCount: number },
): LimitedKeys {
  const keys = attributeKeys(attributes);
  // Nearly always: so nothing is looked at.
  if (keys.length + besideCount <= countMax) {
    return { kept: keys, room: countMax - keys.length, droppedCount: 0 };
  }
  const kept: string[] = [];
  let room = countMax;
  let droppedCount = 0;
  for (const key of keys) {
    const isPresent = readProperty(attributes, key) !== undefined;
    if (isPresent && room === 0) {
      droppedCount++;
      continue;
    }
    kept.push(key);
    if (isPresent) room--;
  }
  return { kept, room, droppedCount };
}

function writeHead(
  encoder: RecordEncoder,
  parts: {
    readonly record: EmittedRecord;
    readonly shape: KnownShape;
    readonly droppedCount: number;
    readonly dictionary: ShapeDictionary;
  },
): number {
  let flags = 0;
  const { timestamp, span } = parts.record;
  if (timestamp !== undefined) {
    encoder.float64(timestamp[0]);
    encoder.uint32(timestamp[1]);
    flags |= FLAG_TIMESTAMP;
  }
  if (span !== undefined) flags |= writeSpan(encoder, span);
  return flags | writeShapeHead(encoder, parts);
}

/** What stands before the values and depends on the shape: the count of dropped attributes, the inline definition. */
export function writeShapeHead(
  encoder: RecordEncoder,
  parts: { readonly shape: KnownShape; readonly droppedCount: number; readonly dictionary: ShapeDictionary },
): number {
  let flags = 0;
  if (parts.droppedCount > 0) {
    encoder.uint32(parts.droppedCount);
    flags |= FLAG_DROPPED;
  }
  if (parts.shape.id === 0) {
    parts.dictionary.inline(parts.shape.input, encoder);
    flags |= FLAG_INLINE;
  }
  return flags;
}

const DIGITS = new Uint8Array(128);
for (let i = 0; i < 16; i++) {
  DIGITS["0123456789abcdef".charCodeAt(i)] = i;
  DIGITS["0123456789ABCDEF".charCodeAt(i)] = i;
}

/** Writes the ids of a span as bytes. Returns the flag to set. */
export function writeSpan(encoder: RecordEncoder, span: SpanIds): number {
  encoder.ensure(28);
  const { bytes } = encoder;
  let at = encoder.at;
  for (let i = 0; i < 32; i += 2) bytes[at++] = byteAt(span.traceId, i);
  for (let i = 0; i < 16; i += 2) bytes[at++] = byteAt(span.spanId, i);
  encoder.view.setUint32(at, span.traceFlags & 0xff, true);
  encoder.at = at + 4;
  return FLAG_SPAN;
}

function byteAt(hex: string, index: number): number {
  const high = DIGITS[hex.charCodeAt(index) & 127] as number;
  return (high << 4) | (DIGITS[hex.charCodeAt(index + 1) & 127] as number);
}

/** Bound attributes, and those whose keys no shape has. Returns the flag to set. */
function writeExtras(
  encoder: RecordEncoder,
  parts: {
    readonly record: Pick<EmittedRecord, "attributes" | "bound">;
    readonly shape: KnownShape;
    readonly keys: readonly string[];
  },
): number {
  const { record, shape, keys } = parts;
  if (record.bound === undefined && keys.length === 0) return 0;
  encoder.ensure(4);
  const countAt = encoder.at;
  encoder.at += 4;
  let count = 0;
  for (const key of keys) {
    encoder.text(key);
    encoder.value(readProperty(record.attributes, key));
    count++;
  }
  if (record.bound !== undefined) {
    count +=
      keys.length === 0
        ? record.bound.write(encoder, shape)
        : record.bound.writeExcept(encoder, (key) => keys.includes(key));
  }
  encoder.view.setUint32(countAt, count, true);
  return FLAG_EXTRAS;
}
