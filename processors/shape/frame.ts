import { LARGE_FLAG } from "../queue/large-area.ts";

// Frame: one record as bytes. Little-endian; begins on an 8-byte boundary and is padded to one.
//   offset  bytes  name         meaning
//        0      4  FRAME_BYTES  whole frame with padding
//        4      4  SHAPE        shape id of the writing thread (low 24 bits), flags (high 8 bits)
//        8      8  MILLIS       float64, epoch milliseconds with fraction: when the call was made
//       16     12  timestamp    only FLAG_TIMESTAMP: float64 epoch seconds, uint32 nanoseconds; MILLIS is then the observed time
//        .     28  span         only FLAG_SPAN: trace id (16), span id (8), uint32 trace flags
//        .      4  dropped      only FLAG_DROPPED: uint32 count of attributes left out
//        .      .  definition   only FLAG_INLINE: one MAP value, the shape itself
//        .      .  values       one for each positional argument (a body that is a value counts as one), then one a key of the shape
//        .      .  extras       only FLAG_EXTRAS: uint32 count, then pairs of text value and value (bound, scoped and free attributes)
// A frame with FLAG_LARGE holds, after MILLIS, the uint32 number of a slot of the large area, where the whole frame stands.
// Bit 31 of SHAPE is the consumer's (DONE_FLAG of queue/frame-walk.ts): no reader ever sees a frame that has it.

export const FRAME_BYTES_AT = 0;
export const SHAPE_AT = 4;
export const MILLIS_AT = 8;
export const FRAME_HEAD_BYTES = 16;
export const LARGE_FRAME_BYTES = 24;

export const FLAG_TIMESTAMP: number = 1 << 24;
export const FLAG_SPAN: number = 1 << 25;
export const FLAG_DROPPED: number = 1 << 26;
export const FLAG_INLINE: number = 1 << 27;
export const FLAG_EXTRAS: number = 1 << 28;
export const FLAG_LARGE: number = LARGE_FLAG;
export const SHAPE_ID_MASK: number = 0xffffff;

export const TIMESTAMP_BYTES = 12;
export const SPAN_BYTES = 28;
