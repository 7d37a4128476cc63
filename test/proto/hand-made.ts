/** Protobuf by hand, independent of every encoder: what tests of the decoder feed it. */

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function tag(fieldNumber: number, wireType: number): Buffer {
  return varint(fieldNumber * 8 + wireType);
}

/** A field with a varint: bool, enum, int32, int64, uint32. */
export function number(fieldNumber: number, value: number | bigint): Buffer {
  return Buffer.concat([tag(fieldNumber, 0), varint(value)]);
}

/** A field with a length: string, bytes, message. */
export function field(fieldNumber: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([tag(fieldNumber, 2), varint(content.length), content]);
}

export function fixed64(fieldNumber: number, value: bigint): Buffer {
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(value);
  return Buffer.concat([tag(fieldNumber, 1), content]);
}

export function fixed32(fieldNumber: number, value: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeUInt32LE(value);
  return Buffer.concat([tag(fieldNumber, 5), content]);
}

export function double(fieldNumber: number, value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return Buffer.concat([tag(fieldNumber, 1), content]);
}

/** A group, which only old protobuf has. */
export function group(fieldNumber: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([tag(fieldNumber, 3), ...parts, tag(fieldNumber, 4)]);
}

/** A request with one resource and one scope, both absent, and these records: each the content of a LogRecord. */
export function requestOf(...records: readonly Uint8Array[]): Buffer {
  return field(1, field(2, ...records.map((record) => field(2, record))));
}

/** A request with one record whose body is this content of an AnyValue. */
export function requestWithBody(anyValue: Uint8Array): Buffer {
  return requestOf(field(5, anyValue));
}
