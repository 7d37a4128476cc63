import type { FemtoValue } from "../../record/log-record.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { FrameFault } from "./frame-fault.ts";

/**
 * Decodes a payload in MessagePack: one value, nothing behind it. Extension types are refused. Any thread; synchronous.
 *
 * @returns The value; it shares no memory with the payload. Integers beyond 2^53 are bigint.
 * @throws {FrameFault} It is not MessagePack, or too deep, or holds too much.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function readMsgpack(payload: Buffer): FemtoValue {
  const cursor = new ByteCursor(payload);
  const readValue = (depth: number): FemtoValue => read(cursor, depth, readValue);
  const value = readValue(0);
  cursor.expectEnd();
  return value;
}

type ReadValue = (depth: number) => FemtoValue;

function read(cursor: ByteCursor, depth: number, readValue: ReadValue): FemtoValue {
  const head = cursor.unsigned(1);
  if (head < 0x80) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head < 0x90) return cursor.map(head & 0x0f, depth, readValue);
  if (head < 0xa0) return cursor.array(head & 0x0f, depth, readValue);
  if (head < 0xc0) return cursor.text(head & 0x1f);
  return readLong(cursor, head) ?? readContainer(cursor, { head, depth, readValue });
}

/** Values whose size follows their head, but for null, which `undefined` stands for when it is none of these. */
function readLong(cursor: ByteCursor, head: number): FemtoValue | undefined {
  switch (head) {
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
      return cursor.bytes(cursor.unsigned(1));
    case 0xc5:
      return cursor.bytes(cursor.unsigned(2));
    case 0xc6:
      return cursor.bytes(cursor.unsigned(4));
    case 0xca:
      return cursor.float32();
    case 0xcb:
      return cursor.float64();
    case 0xd9:
      return cursor.text(cursor.unsigned(1));
    case 0xda:
      return cursor.text(cursor.unsigned(2));
    case 0xdb:
      return cursor.text(cursor.unsigned(4));
    default:
      return readInteger(cursor, head);
  }
}

function readInteger(cursor: ByteCursor, head: number): number | bigint | undefined {
  switch (head) {
    case 0xcc:
      return cursor.unsigned(1);
    case 0xcd:
      return cursor.unsigned(2);
    case 0xce:
      return cursor.unsigned(4);
    case 0xcf:
      return cursor.unsigned64();
    case 0xd0:
      return cursor.signed(1);
    case 0xd1:
      return cursor.signed(2);
    case 0xd2:
      return cursor.signed(4);
    case 0xd3:
      return cursor.signed64();
    default:
      return undefined;
  }
}

function readContainer(
  cursor: ByteCursor,
  {
    head,
    depth,
    readValue,
  }: { readonly head: number; readonly depth: number; readonly readValue: ReadValue },
): FemtoValue {
  switch (head) {
    case 0xc0:
      return null;
    case 0xdc:
      return cursor.array(cursor.unsigned(2), depth, readValue);
    case 0xdd:
      return cursor.array(cursor.unsigned(4), depth, readValue);
    case 0xde:
      return cursor.map(cursor.unsigned(2), depth, readValue);
    case 0xdf:
      return cursor.map(cursor.unsigned(4), depth, readValue);
    default:
      throw new FrameFault(`MessagePack type 0x${head.toString(16)} is not taken`);
  }
}
