import { describeException, isErrorLike, type ExceptionDescription } from "../../src/record/exception.ts";
import { ARRAY, BYTES, MAP } from "./value-tag.ts";
import { RECORD_TOO_LARGE, type ValueWriter } from "./value-writer.ts";

/** The method by which an object says what of it is logged. */
export const VALUE_METHOD: unique symbol = Symbol.for("femtologging.value");

const MESSAGE_LENGTH_MAX = 256;

/**
 * Writes any object by the mapping of docs/design.md ("Values"). Never throws but `RECORD_TOO_LARGE`: what a getter,
 * proxy or `toJSON` throws becomes a marked text in the place of the value.
 */
export function encodeObject(encoder: ValueWriter, value: object): void {
  const { at, ancestors } = encoder;
  const depth = ancestors.length;
  try {
    if (ancestors.includes(value)) {
      encoder.text("[Circular]");
    } else if (depth >= encoder.limits.depthMax) {
      encoder.text(`[Depth over ${encoder.limits.depthMax}]`);
    } else {
      ancestors.push(value);
      encodeByKind(encoder, value);
    }
  } catch (error) {
    if (error === RECORD_TOO_LARGE) throw error;
    encoder.at = at;
    encoder.text(`[Unserializable: ${messageOf(error)}]`);
  } finally {
    ancestors.length = depth;
  }
}

function encodeByKind(encoder: ValueWriter, value: object): void {
  if (Array.isArray(value)) {
    encodeArray(encoder, value);
  } else if (isPlain(value) && !hasConversion(value)) {
    encodeProperties(encoder, value as Record<string, unknown>);
  } else {
    encodeSpecial(encoder, value);
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

interface Convertible {
  readonly [VALUE_METHOD]?: unknown;
  readonly toJSON?: unknown;
}

function hasConversion(value: object): boolean {
  const convertible = value as Convertible;
  return typeof convertible[VALUE_METHOD] === "function" || typeof convertible.toJSON === "function";
}

function encodeSpecial(encoder: ValueWriter, value: object): void {
  const convertible = value as Convertible;
  if (typeof convertible[VALUE_METHOD] === "function") {
    encoder.value((convertible[VALUE_METHOD] as () => unknown)());
  } else if (value instanceof Date) {
    const time = value.getTime();
    encoder.value(Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString());
  } else if (ArrayBuffer.isView(value)) {
    encodeView(encoder, value);
  } else if (value instanceof ArrayBuffer || isSharedBuffer(value)) {
    encoder.counted(BYTES, new Uint8Array(value));
  } else if (value instanceof Map) {
    encodeMap(encoder, value);
  } else if (value instanceof Set) {
    encodeArray(encoder, [...value]);
  } else if (value instanceof URL || value instanceof URLSearchParams || value instanceof RegExp) {
    encoder.value(String(value));
  } else if (isErrorLike(value)) {
    encodeError(encoder, value);
  } else {
    encodeInstance(encoder, value, convertible);
  }
}

function encodeInstance(encoder: ValueWriter, value: object, convertible: Convertible): void {
  if (typeof convertible.toJSON === "function") {
    encoder.value((convertible.toJSON as () => unknown)());
  } else if (isBoxed(value)) {
    encoder.value(value.valueOf());
  } else if (isOpaque(value)) {
    encoder.text(`[${kindOf(value)}]`);
  } else {
    encodeProperties(encoder, value as Record<string, unknown>);
  }
}

function isBoxed(value: object): boolean {
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return true;
  return value instanceof BigInt || value instanceof Symbol;
}

function isSharedBuffer(value: object): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer === "function" && value instanceof SharedArrayBuffer;
}

/** Things whose properties say nothing of their state: promises, weak collections, streams. */
export function isOpaque(value: object): boolean {
  if (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef
  ) {
    return true;
  }
  const stream = value as { readonly pipe?: unknown; readonly on?: unknown; readonly getReader?: unknown };
  return (
    (typeof stream.pipe === "function" && typeof stream.on === "function") ||
    typeof stream.getReader === "function"
  );
}

function kindOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "Object";
}

function encodeArray(encoder: ValueWriter, values: readonly unknown[]): void {
  const containerAt = encoder.openContainer(ARRAY);
  const count = values.length;
  // A byte each is the least: a length that nobody meant is found out at once.
  encoder.ensure(count);
  // A hole or an undefined element keeps its place as null: the others keep theirs.
  for (let i = 0; i < count; i++) encoder.element(readElement(values, i));
  encoder.closeContainer(containerAt, count);
}

function readElement(values: readonly unknown[], index: number): unknown {
  try {
    return values[index];
  } catch (error) {
    return `[Throws: ${messageOf(error)}]`;
  }
}

function encodeProperties(encoder: ValueWriter, value: Record<string, unknown>): void {
  const containerAt = encoder.openContainer(MAP);
  let count = 0;
  for (const key of Object.keys(value)) {
    const property = readProperty(value, key);
    if (property === undefined) continue;
    encoder.text(key);
    encoder.value(property);
    count++;
  }
  encoder.closeContainer(containerAt, count);
}

/** Reads a property; what its getter throws becomes a marked text. */
export function readProperty(value: Record<string, unknown>, key: string): unknown {
  try {
    return value[key];
  } catch (error) {
    return `[Throws: ${messageOf(error)}]`;
  }
}

function encodeMap(encoder: ValueWriter, map: ReadonlyMap<unknown, unknown>): void {
  const pairs = new Map<string, unknown>();
  for (const [key, value] of map) pairs.set(keyText(key), value);
  const containerAt = encoder.openContainer(MAP);
  for (const [key, value] of pairs) {
    encoder.text(key);
    encoder.element(value);
  }
  encoder.closeContainer(containerAt, pairs.size);
}

function keyText(key: unknown): string {
  try {
    return typeof key === "symbol" ? key.toString() : String(key);
  } catch (error) {
    return `[Throws: ${messageOf(error)}]`;
  }
}

function encodeView(encoder: ValueWriter, value: ArrayBufferView): void {
  if (value instanceof Uint8Array || value instanceof DataView) {
    encoder.counted(BYTES, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return;
  }
  const numbers = value as unknown as ArrayLike<number | bigint>;
  const containerAt = encoder.openContainer(ARRAY);
  encoder.ensure(numbers.length);
  for (let i = 0; i < numbers.length; i++) encoder.value(numbers[i]);
  encoder.closeContainer(containerAt, numbers.length);
}

function encodeError(encoder: ValueWriter, error: object): void {
  const description: ExceptionDescription = describeException(error);
  const containerAt = encoder.openContainer(MAP);
  let count = 0;
  for (const [key, value] of Object.entries(description)) {
    if (isEmpty(value)) continue;
    encoder.text(key);
    encoder.value(value);
    count++;
  }
  encoder.closeContainer(containerAt, count);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** The message of whatever was thrown; never throws itself. */
export function messageOf(error: unknown): string {
  try {
    const message: unknown =
      typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
    return String(message).slice(0, MESSAGE_LENGTH_MAX);
  } catch {
    return "unknown";
  }
}
