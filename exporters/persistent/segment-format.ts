// A segment file, as bytes: a header, then batches one behind the other. Numbers are little-endian. Pure.
//
//   header, 48 bytes
//      0   8  "femtoseg"
//      8   2  version, 1
//     10   2  bytes of the header
//     12   4  salt: at random. All checksums of the file begin with it, so that neither blocks of a file that was deleted before
//             nor the text of a record can pass for a batch
//     16  28  what the payloads are encoded in, ASCII, filled up with zeros: "otlp-protobuf"
//     44   4  CRC-32 of bytes 0 to 43
//   batch, 24 bytes and the payload
//      0   4  "FBAT"
//      4   4  bytes of the payload
//      8   4  records in it
//     12   4  CRC-32 of the payload
//     16   4  CRC-32 of bytes 0 to 15
//     20   4  0 while the batch waits, "DONE" when it is settled. Outside of the checksums, since it is written in place. Whatever
//             else stands here is read as waiting: a batch that is sent twice is better than one that is lost
//     24      payload
import { crc32 } from "node:zlib";

export const HEADER_BYTES = 48;
export const BATCH_HEAD_BYTES = 24;
/** Where in a batch's head its state stands. */
export const BATCH_STATE_AT = 20;
/** What a settled batch has as its state. */
export const BATCH_DONE: Buffer = Buffer.from("DONE", "latin1");
/** Longest name of an encoding, in bytes. */
const ENCODING_BYTES_MAX = 28;

const HEADER_MAGIC = Buffer.from("femtoseg", "latin1");
const HEADER_CRC_AT = 44;
const VERSION = 1;
const BATCH_MAGIC = Buffer.from("FBAT", "latin1");
const BATCH_CRC_AT = 16;

/** What a segment says about itself. */
export interface SegmentHeader {
  /** What the payloads are encoded in; 1 to 28 ASCII characters. */
  readonly encoding: string;
  /** 32 bits, unsigned. */
  readonly salt: number;
}

/** What a batch says about itself. */
export interface BatchHead {
  readonly payloadBytes: number;
  readonly recordCount: number;
  readonly payloadCrc: number;
  /** True when the batch was settled: delivered, refused or given up. */
  readonly isDone: boolean;
}

/** What came of reading a header. A version from the future is no damage. */
export type HeaderReading =
  | { readonly kind: "header"; readonly header: SegmentHeader }
  | { readonly kind: "damaged" }
  | { readonly kind: "unknown-version"; readonly version: number };

/** The first bytes of a segment. */
export function encodeHeader({ encoding, salt }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  HEADER_MAGIC.copy(bytes);
  bytes.writeUInt16LE(VERSION, 8);
  bytes.writeUInt16LE(HEADER_BYTES, 10);
  bytes.writeUInt32LE(salt, 12);
  bytes.write(encoding, 16, ENCODING_BYTES_MAX, "latin1");
  bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  return bytes;
}

/** Reads the first `HEADER_BYTES` of a segment, or less where the file is shorter. */
export function decodeHeader(bytes: Buffer): HeaderReading {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(HEADER_MAGIC)) return { kind: "damaged" };
  if (crc32(bytes.subarray(0, HEADER_CRC_AT)) !== bytes.readUInt32LE(HEADER_CRC_AT))
    return { kind: "damaged" };
  const version = bytes.readUInt16LE(8);
  if (version !== VERSION) return { kind: "unknown-version", version };
  const name = bytes.subarray(16, 16 + ENCODING_BYTES_MAX);
  const end = name.indexOf(0);
  const encoding = name.subarray(0, end === -1 ? ENCODING_BYTES_MAX : end).toString("latin1");
  return { kind: "header", header: { encoding, salt: bytes.readUInt32LE(12) } };
}

/** What stands in front of a payload of at least 1 record. The batch waits. */
export function encodeBatchHead(
  payload: Uint8Array,
  { recordCount, salt }: { readonly recordCount: number; readonly salt: number },
): Buffer {
  const bytes = Buffer.alloc(BATCH_HEAD_BYTES);
  BATCH_MAGIC.copy(bytes);
  bytes.writeUInt32LE(payload.length, 4);
  bytes.writeUInt32LE(recordCount, 8);
  bytes.writeUInt32LE(crc32(payload, salt), 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, BATCH_CRC_AT), salt), BATCH_CRC_AT);
  return bytes;
}

/** Reads a batch's head at `at`. @returns `undefined` when there is none, or a damaged one. */
export function decodeBatchHead(bytes: Buffer, at: number, salt: number): BatchHead | undefined {
  const head = bytes.subarray(at, at + BATCH_HEAD_BYTES);
  if (head.length < BATCH_HEAD_BYTES || BATCH_MAGIC.compare(head, 0, BATCH_MAGIC.length) !== 0)
    return undefined;
  if (crc32(head.subarray(0, BATCH_CRC_AT), salt) !== head.readUInt32LE(BATCH_CRC_AT)) return undefined;
  return {
    payloadBytes: head.readUInt32LE(4),
    recordCount: head.readUInt32LE(8),
    payloadCrc: head.readUInt32LE(12),
    isDone: BATCH_DONE.compare(head, BATCH_STATE_AT) === 0,
  };
}

/** Whether a payload is what was written. */
export function isIntact(payload: Uint8Array, head: BatchHead, salt: number): boolean {
  return crc32(payload, salt) === head.payloadCrc;
}

/** The first place from `from` on with a sound head of a batch; -1 when there is none. */
export function findBatchHead(bytes: Buffer, from: number, salt: number): number {
  let at = bytes.indexOf(BATCH_MAGIC, from);
  while (at !== -1 && decodeBatchHead(bytes, at, salt) === undefined) at = bytes.indexOf(BATCH_MAGIC, at + 1);
  return at;
}
