import {
  ABSENT,
  ARRAY,
  ASCII_TEXT,
  BYTES,
  CONTAINER_HEAD_BYTES,
  DOUBLE,
  FALSE,
  INT32,
  INT53,
  INT64,
  MAP,
  NULL,
  PLAIN_TEXT,
  TRUE,
  UTF8_TEXT,
} from "./value-tag.ts";

/** A value as it comes out of a record: integers beyond 2^53 are bigints, maps are plain objects. */
export type ReadValue =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | ReadValue[]
  | { [key: string]: ReadValue };

interface NativeReader {
  utf8Slice(from: number, to: number): string;
  latin1Slice(from: number, to: number): string;
}

/** Where the next value begins. */
export function skipValue(view: DataView, at: number): number {
  switch (view.getUint8(at)) {
    case INT32:
      return at + 5;
    case INT53:
    case INT64:
    case DOUBLE:
      return at + 9;
    case PLAIN_TEXT:
      return at + 2 + view.getUint8(at + 1);
    case ASCII_TEXT:
    case UTF8_TEXT:
    case BYTES:
    case ARRAY:
    case MAP:
      return at + 5 + view.getUint32(at + 1, true);
    default:
      return at + 1;
  }
}

/** Reads the text at `at`; the tag there must be one of the three of text. */
export function readText(bytes: Buffer, view: DataView, at: number): string {
  const reader = bytes as unknown as NativeReader;
  const tag = view.getUint8(at);
  if (tag === PLAIN_TEXT) return reader.latin1Slice(at + 2, at + 2 + view.getUint8(at + 1));
  const end = at + 5 + view.getUint32(at + 1, true);
  return tag === ASCII_TEXT ? reader.latin1Slice(at + 5, end) : reader.utf8Slice(at + 5, end);
}

function readArray(bytes: Buffer, view: DataView, at: number): ReadValue[] {
  const count = view.getUint32(at + 5, true);
  const values: ReadValue[] = [];
  let valueAt = at + CONTAINER_HEAD_BYTES;
  for (let i = 0; i < count; i++) {
    values.push(readValue(bytes, view, valueAt));
    valueAt = skipValue(view, valueAt);
  }
  return values;
}

/** Reads `count` pairs from `at` into `target`, a key `__proto__` included. Returns where the next thing begins. */
export function readPairs(
  target: Record<string, ReadValue>,
  source: { readonly bytes: Buffer; readonly view: DataView; readonly at: number; readonly count: number },
): number {
  const { bytes, view, count } = source;
  let at = source.at;
  for (let i = 0; i < count; i++) {
    const key = readText(bytes, view, at);
    at = skipValue(view, at);
    if (view.getUint8(at) !== ABSENT) setOwn(target, key, readValue(bytes, view, at));
    at = skipValue(view, at);
  }
  return at;
}

/** Sets a property of any name, also `__proto__`, as the object's own. */
export function setOwn(target: Record<string, ReadValue>, key: string, value: ReadValue): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** Decodes the value at `at`. Bytes are copied. Any thread; the memory may be shared. */
export function readValue(bytes: Buffer, view: DataView, at: number): ReadValue {
  switch (view.getUint8(at)) {
    case ABSENT:
      return undefined;
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case INT32:
      return view.getInt32(at + 1, true);
    case INT53:
    case DOUBLE:
      return view.getFloat64(at + 1, true);
    case INT64:
      return view.getBigInt64(at + 1, true);
    case BYTES: {
      const length = view.getUint32(at + 1, true);
      return new Uint8Array(bytes.subarray(at + 5, at + 5 + length));
    }
    case ARRAY:
      return readArray(bytes, view, at);
    case MAP: {
      const target: Record<string, ReadValue> = {};
      readPairs(target, { bytes, view, at: at + CONTAINER_HEAD_BYTES, count: view.getUint32(at + 5, true) });
      return target;
    }
    default:
      return readText(bytes, view, at);
  }
}
