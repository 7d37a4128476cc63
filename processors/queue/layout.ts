// The arena: one SharedArrayBuffer a process, found by every thread in the environment data of worker_threads.
// Pages that nobody touched cost no memory. All places are byte offsets from its start; words are Int32.
//
//   region       bytes                          owner of each part
//   header       4 KiB                          configuration words, under CONFIG_LOCK
//   threads      THREAD_COUNT x 1 KiB           the thread of the slot; taken and given back by compare-and-swap
//   handlers     HANDLER_COUNT x 64             the thread that made the handler
//   loggers      LOGGER_COUNT x 32              whoever holds CONFIG_LOCK
//   names        256 KiB                        the same; names of loggers, UTF-8
//   board        1 MiB                          the same; what all threads are to know as data, see board.ts
//   definitions  DEFINITION_BLOCK_COUNT x 16 KiB   the thread that took the block
//   large        LARGE_SLOTS                    the thread that took the slot, until each handler has given its bit back
//   queues       the rest                       each handler's queue, see queue-layout.ts

export const ARENA_VERSION = 3;
export const ARENA_MAGIC = 0x66656d74;
export const ARENA_BYTES = 268_435_456;

// Header words (index into Int32Array), each on a cache line of its own.
export const MAGIC_WORD = 0;
export const VERSION_WORD = 1;
/** Counts changes of levels, handlers, propagation: loggers compare it before they use what they cached. */
export const GENERATION_WORD = 16;
/** threadSlot + 1 of the holder; 0 when free. */
export const CONFIG_LOCK_WORD = 32;
export const LOGGER_COUNT_WORD = 48;
export const NAME_BYTES_WORD = 49;
export const SYSTEM_COUNT_WORD = 50;
/** Records of this severity and below are not made by loggers of the process. */
export const DISABLED_UP_TO_WORD = 52;
/** Bytes of the queues region given out. */
export const QUEUE_BYTES_WORD = 51;
/** `threadId` of the thread that made the arena; 0 is the main thread. */
export const MAKER_WORD = 53;
/** Which arena it is: a random number. */
export const ARENA_ID_WORD = 54;
/** Counts changes of the board. */
export const BOARD_VERSION_WORD = 64;
/** Bytes of the board. */
export const BOARD_BYTES_WORD = 65;

export const HEADER_BYTES = 4096;

// Thread slot: 1 KiB.
//   word  name                stored by    meaning
//      0  STATE               CAS          0 free, 1 live, 2 dead (slot is freed when all its records are done); busy while it is
//                                          taken or freed: 3, and the threadId of who does it, times 8
//      1  THREAD_ID           the thread   worker_threads.threadId; -1 from when the slot is freed until its next thread says its own
//      2  DEFINED_BYTES       the thread   bytes of definitions published, over all its blocks
//      3  BLOCK_COUNT         the thread   definition blocks it holds
//      4  HANDLERS_LEFT lo/hi              bit a handler whose lane of this thread is not empty yet (at death)
//      6  SYSTEM_THREAD       the thread   its number in the operating system; -1 where that does not tell
//      8..                    the thread   numbers of its definition blocks, in order
//    144  CREATED             the thread   float64: records that loggers of the process were given on threads of this slot; never reset
export const THREAD_COUNT = 256;
export const THREAD_SLOT_BYTES = 1024;
export const THREAD_STATE = 0;
export const THREAD_ID = 1;
export const THREAD_DEFINED_BYTES = 2;
export const THREAD_BLOCK_COUNT = 3;
export const THREAD_SYSTEM = 6;
export const THREAD_BLOCKS = 8;
export const THREAD_BLOCKS_MAX = 128;
export const THREAD_CREATED = 144;
export const THREAD_FREE = 0;
export const THREAD_LIVE = 1;
export const THREAD_DEAD = 2;
export const THREAD_BUSY = 3;

// Handler slot: 64 bytes.
//   word  name            meaning
//      0  STATE           0 free, 1 in use, 2 being changed
//      1  QUEUE_AT        byte offset of the queue, divided by 64
//      2  QUEUE_UNITS     bytes given to it, divided by 64 (kept when the slot is free, for reuse)
//      3  SERIAL          counts uses of the slot, so that a cached lane notices the change
//      4  LEVEL           severity number below which records do not enter
//      5  OVERFLOW        0 block, 1 drop-newest, 2 drop-oldest
//      6  BLOCK_MILLIS    longest wait of a call for room
//      7  RECORDS_MAX     maxQueueSize; 0 for no bound by count
//      8  RECORD_BYTES    recordBytesMax
//      9  GATE            slot of the thread whose filters run before the queue, plus 1; 0 for none
//     10  KEEP_COUNT      records that are kept until one of KEEP_LEVEL comes; 0 for a handler that keeps none
//     11  KEEP_LEVEL      severity number that lets all go
//     12  KEEP_DISCARDS   1: what is kept at the end is left out
//     13  THREAD          threadId of the thread that looks after the handler, by compare-and-swap where it passes on
export const HANDLER_COUNT = 64;
export const HANDLER_SLOT_BYTES = 64;
export const HANDLER_STATE = 0;
export const HANDLER_QUEUE_AT = 1;
export const HANDLER_QUEUE_UNITS = 2;
export const HANDLER_SERIAL = 3;
export const HANDLER_LEVEL = 4;
export const HANDLER_OVERFLOW = 5;
export const HANDLER_BLOCK_MILLIS = 6;
export const HANDLER_RECORDS_MAX = 7;
export const HANDLER_RECORD_BYTES = 8;
export const HANDLER_GATE = 9;
export const HANDLER_KEEP_COUNT = 10;
export const HANDLER_KEEP_LEVEL = 11;
export const HANDLER_KEEP_DISCARDS = 12;
export const HANDLER_THREAD = 13;
export const OVERFLOW_BLOCK = 0;
export const OVERFLOW_DROP_NEWEST = 1;
export const OVERFLOW_DROP_OLDEST = 2;
export const HANDLER_FREE = 0;
export const HANDLER_USED = 1;
export const HANDLER_BUSY = 2;

// Logger slot: 32 bytes.
//   word  name            meaning
//      0  EFFECTIVE       severity number below which calls do nothing; the one word read by every call
//      1  OWN             own severity number, or -1 for none
//      2  PARENT          slot of the parent, -1 for a root
//      3  FLAGS           bit 0 propagate, bit 1 disabled
//      4  HANDLERS_LOW    bit a handler 0..31
//      5  HANDLERS_HIGH   bit a handler 32..63
//      6  NAME_AT         place in the names region
//      7  NAME_BYTES
export const LOGGER_COUNT = 4096;
export const LOGGER_SLOT_BYTES = 32;
export const LOGGER_EFFECTIVE = 0;
export const LOGGER_OWN = 1;
export const LOGGER_PARENT = 2;
export const LOGGER_FLAGS = 3;
export const LOGGER_HANDLERS_LOW = 4;
export const LOGGER_HANDLERS_HIGH = 5;
export const LOGGER_NAME_AT = 6;
export const LOGGER_NAME_BYTES = 7;
export const LOGGER_PROPAGATES = 1;
export const LOGGER_DISABLED = 2;

export const NAMES_BYTES = 262_144;
export const BOARD_BYTES = 1_048_576;

export const DEFINITION_BLOCK_BYTES = 16_384;
export const DEFINITION_BLOCK_COUNT = 512;

// Large area: records that no segment can hold. A slot's words: 0 the handlers that still need it (low), 1 (high),
// 2 the taker's thread slot + 1 by CAS, 3 how often it was taken, 4 how many handlers still need it; the frame begins
// 64 bytes in.
export const LARGE_SLOT_HEAD_BYTES = 64;
export const SMALL_LARGE_SLOT_BYTES = 1_048_576;
export const SMALL_LARGE_SLOT_COUNT = 16;
export const BIG_LARGE_SLOT_BYTES: number = 16_777_216 + 65_536;
export const BIG_LARGE_SLOT_COUNT = 4;

const HEADER_AT = 0;
export const THREADS_AT: number = HEADER_AT + HEADER_BYTES;
export const HANDLERS_AT: number = THREADS_AT + THREAD_COUNT * THREAD_SLOT_BYTES;
export const LOGGERS_AT: number = HANDLERS_AT + HANDLER_COUNT * HANDLER_SLOT_BYTES;
export const NAMES_AT: number = LOGGERS_AT + LOGGER_COUNT * LOGGER_SLOT_BYTES;
export const BOARD_AT: number = NAMES_AT + NAMES_BYTES;
export const BLOCK_OWNERS_AT: number = BOARD_AT + BOARD_BYTES;
export const DEFINITIONS_AT: number = BLOCK_OWNERS_AT + DEFINITION_BLOCK_COUNT * 4;
export const LARGE_AT: number = DEFINITIONS_AT + DEFINITION_BLOCK_COUNT * DEFINITION_BLOCK_BYTES;
export const QUEUES_AT: number =
  LARGE_AT + SMALL_LARGE_SLOT_COUNT * SMALL_LARGE_SLOT_BYTES + BIG_LARGE_SLOT_COUNT * BIG_LARGE_SLOT_BYTES;
