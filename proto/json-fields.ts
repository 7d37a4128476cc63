/** Reads the fields of one JSON object by the proto3 JSON mapping, and says where in the document it went wrong. */
import { DecodeError, quoteShort } from "./decode-error.ts";

/** Bounds of an integer field, both allowed. */
export interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

export const INT32: IntegerRange = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
export const UINT32: IntegerRange = { min: 0n, max: 2n ** 32n - 1n };
export const INT64: IntegerRange = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
export const UINT64: IntegerRange = { min: 0n, max: 2n ** 64n - 1n };

/** Longer digit strings are refused before `BigInt` spends time on them. */
const integerText: RegExp = /^-?\d{1,40}$/;
const numberText: RegExp = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** The standard and the URL-safe alphabet, padded or not. */
const base64Text: RegExp = /^[\w+/-]*={0,2}$/;
const hexText: RegExp = /^[\da-fA-F]*$/;

const namedDoubles: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Where an object lies: the steps from the root, put together only for an error. */
interface Place {
  readonly parent: Place | undefined;
  readonly step: string;
}

/**
 * One object of the document. A field that is absent or null has its proto default: the getters give that.
 *
 * @see OTLP 1.11.0, JSON Protobuf Encoding; ProtoJSON format
 */
export class JsonFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: Place;

  /** @throws {DecodeError} `value` is not an object. */
  private constructor(value: unknown, place: Place) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw fault(place, value, "an object");
    }
    this.#fields = value as Record<string, unknown>;
    this.#place = place;
  }

  /** The object at the root of a document. */
  static ofDocument(value: unknown): JsonFields {
    return new JsonFields(value, { parent: undefined, step: "the document" });
  }

  /** Path of this object in the document, for messages. */
  get path(): string {
    return pathOf(this.#place);
  }

  /** Names of all fields that hold something: unknown ones too, null ones not. */
  names(): string[] {
    return Object.keys(this.#fields).filter((name) => this.#fields[name] !== null);
  }

  /** Makes the error for a field that is not what it must be. */
  fault(name: string, expected: string): DecodeError {
    return fault(this.#placeOf(name), this.#fields[name], expected);
  }

  /** A message; undefined when absent. */
  object(name: string): JsonFields | undefined {
    const value = this.#read(name);
    return value === undefined ? undefined : new JsonFields(value, this.#placeOf(name));
  }

  /** What `read` makes of each message of a repeated field. */
  mapObjects<Result>(name: string, read: (fields: JsonFields) => Result): Result[] {
    const parent = this.#placeOf(name);
    return this.#list(name).map((item, index) => read(new JsonFields(item, { parent, step: `[${index}]` })));
  }

  /** How many messages a repeated field holds. They are not looked at. */
  listLength(name: string): number {
    return this.#list(name).length;
  }

  text(name: string): string {
    const value = this.#read(name) ?? "";
    if (typeof value !== "string") throw this.fault(name, "a string");
    return value;
  }

  flag(name: string): boolean {
    const value = this.#read(name) ?? false;
    if (typeof value !== "boolean") throw this.fault(name, "true or false");
    return value;
  }

  /** An integer of any width: a number, or decimal digits in a string. An enum has no other form in OTLP. */
  integer(name: string, range: IntegerRange): bigint {
    const value = toInteger(this.#read(name) ?? 0);
    if (value !== undefined && value >= range.min && value <= range.max) return value;
    throw this.fault(name, `an integer from ${range.min} to ${range.max}`);
  }

  /** A double: a number, the text of one, or the names of those that JSON numbers cannot express. */
  double(name: string): number {
    const value = toDouble(this.#read(name) ?? 0);
    if (value === undefined) throw this.fault(name, `a double, "NaN", "Infinity" or "-Infinity"`);
    return value;
  }

  /** Bytes in base64. */
  bytes(name: string): Uint8Array {
    const value = this.text(name);
    const digitCount = value.replace(/=+$/, "").length;
    if (!base64Text.test(value) || digitCount % 4 === 1) throw this.fault(name, "base64");
    return new Uint8Array(Buffer.from(value, "base64"));
  }

  /** A trace or span id: in OTLP hex and not base64. Lower case in the result. */
  hexId(name: string, byteCount: number): string {
    const value = this.text(name);
    const isId = value === "" || (value.length === 2 * byteCount && hexText.test(value));
    if (!isId) throw this.fault(name, `${2 * byteCount} hex digits or empty`);
    return value.toLowerCase();
  }

  #list(name: string): readonly unknown[] {
    const value = this.#read(name) ?? [];
    if (!Array.isArray(value)) throw this.fault(name, "an array");
    return value;
  }

  #read(name: string): unknown {
    return this.#fields[name] ?? undefined;
  }

  #placeOf(name: string): Place {
    return { parent: this.#place, step: name };
  }
}

function toInteger(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" && integerText.test(value) ? BigInt(value) : undefined;
}

function toDouble(value: unknown): number | undefined {
  if (typeof value === "string") {
    return namedDoubles.get(value) ?? (numberText.test(value) ? finite(Number(value)) : undefined);
  }
  return typeof value === "number" || typeof value === "bigint" ? finite(Number(value)) : undefined;
}

/** A number beyond the range of a double parses to an infinity that nobody wrote. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function fault(place: Place, value: unknown, expected: string): DecodeError {
  return new DecodeError(
    `Cannot decode OTLP/JSON logs: ${pathOf(place)} is ${show(value)}, must be ${expected}`,
  );
}

function pathOf(place: Place): string {
  if (place.parent === undefined) return place.step;
  if (place.parent.parent === undefined) return place.step;
  const dot = place.step.startsWith("[") ? "" : ".";
  return `${pathOf(place.parent)}${dot}${place.step}`;
}

function show(value: unknown): string {
  if (typeof value === "string") return quoteShort(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
