// What is counted of the exports of a queue: the second half of its control block. Byte offsets from EXPORTS_AT.
// One writer at a time, the owner of the queue; readable from any thread. Never reset.
//
//   part       bytes                      meaning
//   totals     0      float64             see the counters below
//   sequence   256    int32               operations ever ended, modulo 2^32: stored after the ring, and before the reason
//   reasons    512    REASON_COUNT x 64   what operations ended with; the first is success, the last anything that has no room
//   ring       2560   RING_COUNT x 12     the latest operations: float64 seconds of all, then int32 reasons of all
//
// Reason: 64 bytes.
//   at   type      meaning
//    0   float64   records that failed so
//    8   float64   operations that ended so
//   16   float64   seconds that those took
//   24   byte      bytes of the name, 0 while the place is free: stored after the name, which never changes
//   25   bytes     the name, ASCII
export const IN_FLIGHT_TOTAL = 0;
export const SUBMITTED_TOTAL = 1;
/** Of the records that were left when the process had to end, those that an exporter had been given. */
export const ABANDONED_TOTAL = 2;

export const SEQUENCE_AT = 256;

export const REASONS_AT = 512;
export const REASON_BYTES = 64;
export const REASON_COUNT = 32;
export const REASON_FAILED = 0;
export const REASON_OPERATIONS = 1;
export const REASON_SECONDS = 2;
export const REASON_NAME_AT = 24;
export const REASON_NAME_BYTES_MAX: number = REASON_BYTES - REASON_NAME_AT - 1;
export const SUCCESS_REASON = 0;
export const OTHER_REASON: number = REASON_COUNT - 1;
/** `error.type` of what has no name of its own. @see Semantic conventions, error.type */
export const OTHER_NAME = "_OTHER";

export const RING_AT: number = REASONS_AT + REASON_COUNT * REASON_BYTES;
/** A power of two: sequence numbers may pass 2^32. */
export const RING_COUNT = 128;
export const RING_REASONS_AT: number = RING_AT + RING_COUNT * 8;
export const EXPORTS_BYTES: number = RING_REASONS_AT + RING_COUNT * 4;
