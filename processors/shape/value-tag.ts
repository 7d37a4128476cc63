// One value in a record: a tag byte, then what the tag says. Little-endian, unaligned.
//   tag            payload
//   ABSENT         nothing: the key is there, the value was undefined; renderers leave the key out
//   NULL FALSE TRUE nothing
//   INT32          int32
//   INT53          float64, integral and safe, outside int32
//   INT64          int64 (a bigint within 64 bits)
//   DOUBLE         float64: fractions, NaN, infinities, -0, integers beyond 2^53
//   PLAIN_TEXT     uint8 byte count, then printable ASCII that needs no escape in JSON
//   ASCII_TEXT     uint32 byte count, then ASCII that may need escapes
//   UTF8_TEXT      uint32 byte count, then UTF-8
//   BYTES          uint32 byte count, then the bytes
//   ARRAY          uint32 byte count of the rest, uint32 value count, values
//   MAP            uint32 byte count of the rest, uint32 pair count, pairs of text value and value

export const ABSENT = 0;
export const NULL = 1;
export const FALSE = 2;
export const TRUE = 3;
export const INT32 = 4;
export const INT53 = 5;
export const INT64 = 6;
export const DOUBLE = 7;
export const PLAIN_TEXT = 8;
export const ASCII_TEXT = 9;
export const UTF8_TEXT = 10;
export const BYTES = 11;
export const ARRAY = 12;
export const MAP = 13;

/** Bytes before the first value of an ARRAY, or the first pair of a MAP, tag included. */
export const CONTAINER_HEAD_BYTES = 9;
