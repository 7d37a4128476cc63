// Just enough of the protobuf wire format for the two small messages a peer answers with. (protobufjs would cost a worker
// more memory than the rest of the exporter.)

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** A varint holds 64 bits, 7 a byte. */
const VARINT_BYTES_MAX = 10;

/** Takes one field: numbers as they came, unsigned; strings and messages as bytes (a view). */
export type FieldVisitor = (fieldNumber: number, value: bigint | Uint8Array) => void;

/**
 * Reads the varint and length-delimited fields of a message, in their order; others are skipped.
 *
 * @param message Not copied.
 * @throws {SyntaxError} `message` is not protobuf, or was cut off.
 * @see Protocol Buffers, Encoding
 */
export function readFields(message: Uint8Array, visit: FieldVisitor): void {
  const cursor = new Cursor(message);
  while (!cursor.isAtEnd) {
    const tag = Number(cursor.varint());
    const value = readValue(cursor, tag & 7);
    if (value !== undefined) visit(Math.floor(tag / 8), value);
  }
}

function readValue(cursor: Cursor, wireType: number): bigint | Uint8Array | undefined {
  switch (wireType) {
    case VARINT:
      return cursor.varint();
    case LENGTH_DELIMITED:
      return cursor.bytes(Number(cursor.varint()));
    case FIXED64:
      cursor.bytes(8);
      return undefined;
    case FIXED32:
      cursor.bytes(4);
      return undefined;
    default:
      throw new SyntaxError(`Cannot read a protobuf message: wire type ${wireType}, must be 0, 1, 2 or 5`);
  }
}

class Cursor {
  readonly #message: Uint8Array;
  #index = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

  get isAtEnd(): boolean {
    return this.#index >= this.#message.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let byteIndex = 0; byteIndex < VARINT_BYTES_MAX; byteIndex += 1) {
      const byte = this.#message[this.#index];
      if (byte === undefined) throw cutOff();
      this.#index += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * byteIndex);
      if (byte < 0x80) return value;
    }
    throw new SyntaxError(
      `Cannot read a protobuf message: a varint is longer than ${VARINT_BYTES_MAX} bytes`,
    );
  }

  bytes(count: number): Uint8Array {
    const end = this.#index + count;
    if (end > this.#message.length) throw cutOff();
    const view = this.#message.subarray(this.#index, end);
    this.#index = end;
    return view;
  }
}

function cutOff(): SyntaxError {
  return new SyntaxError("Cannot read a protobuf message: it ends in the middle of a field");
}
