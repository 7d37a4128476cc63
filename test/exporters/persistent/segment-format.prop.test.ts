import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  BATCH_HEAD_BYTES,
  decodeBatchHead,
  decodeHeader,
  encodeBatchHead,
  encodeHeader,
  findBatchHead,
  HEADER_BYTES,
  isIntact,
} from "../../../exporters/persistent/segment-format.ts";

const salts = fc.integer({ min: 0, max: 0xffff_ffff });
const encodings = fc.stringMatching(/^[a-z-]{1,28}$/);
const payloads = fc.uint8Array({ maxLength: 300 });
const recordCounts = fc.integer({ min: 1, max: 0xffff_ffff });

function batchOf(payload: Uint8Array, parts: { recordCount: number; salt: number }): Buffer {
  return Buffer.concat([encodeBatchHead(payload, parts), payload]);
}

/** The same bytes with one bit turned over. */
function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}

test("decodeHeader() reads what encodeHeader() wrote", () => {
  fc.assert(
    fc.property(encodings, salts, (encoding, salt) => {
      const bytes = encodeHeader({ encoding, salt });
      expect(bytes).toHaveLength(HEADER_BYTES);
      expect(decodeHeader(bytes)).toEqual({ kind: "header", header: { encoding, salt } });
    }),
  );
});

test("decodeHeader() takes no header with a bit turned over, and none that is too short", () => {
  fc.assert(
    fc.property(encodings, salts, fc.nat(HEADER_BYTES * 8 - 1), (encoding, salt, bit) => {
      const bytes = encodeHeader({ encoding, salt });
      expect(decodeHeader(flipped(bytes, bit))).toEqual({ kind: "damaged" });
      expect(decodeHeader(bytes.subarray(0, bit >> 3))).toEqual({ kind: "damaged" });
    }),
  );
});

test("decodeBatchHead() reads what encodeBatchHead() wrote, and the payload is intact", () => {
  fc.assert(
    fc.property(payloads, recordCounts, salts, (payload, recordCount, salt) => {
      const head = decodeBatchHead(batchOf(payload, { recordCount, salt }), 0, salt);
      expect(head).toMatchObject({ payloadBytes: payload.length, recordCount, isDone: false });
      expect(head !== undefined && isIntact(payload, head, salt)).toBe(true);
    }),
  );
});

test("a bit turned over anywhere is found; in the state of a batch it means that the batch waits", () => {
  fc.assert(
    fc.property(payloads, recordCounts, salts, fc.nat(), (payload, recordCount, salt, anyBit) => {
      const bytes = batchOf(payload, { recordCount, salt });
      const bit = anyBit % (bytes.length * 8);
      const broken = flipped(bytes, bit);
      const head = decodeBatchHead(broken, 0, salt);
      const isInState = bit >= 20 * 8 && bit < BATCH_HEAD_BYTES * 8;
      const isSound = head !== undefined && isIntact(broken.subarray(BATCH_HEAD_BYTES), head, salt);
      expect(isSound).toBe(isInState);
      expect(head?.isDone ?? false).toBe(false);
    }),
  );
});

test("findBatchHead() finds the next batch behind any bytes, and takes none of another salt for one", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), payloads, salts, (garbage, payload, salt) => {
      const stale = batchOf(payload, { recordCount: 1, salt: (salt ^ 1) >>> 0 });
      const before = Buffer.concat([garbage, stale]);
      const bytes = Buffer.concat([before, batchOf(payload, { recordCount: 1, salt })]);
      expect(findBatchHead(bytes, 0, salt)).toBe(before.length);
      expect(findBatchHead(before, 0, salt)).toBe(-1);
    }),
  );
});
