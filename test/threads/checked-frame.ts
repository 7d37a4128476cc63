import type { RecordSource } from "../../processors/queue/writer.ts";

// A frame that tells when it is torn: head, thread, index, then words that follow from those and their place.
//   bytes  0..3  whole frame    4..7  no shape, no flags    8..11  thread    12..15  index    16..  check words

/** Bytes of the smallest checked frame. */
const CHECKED_BYTES_MIN = 24;

const THREAD_WORD = 2;
const INDEX_WORD = 3;
const CHECK_WORD = 4;

/** What a checked frame says. */
export interface FrameContent {
  readonly thread: number;
  readonly index: number;
}

function checkWord(content: FrameContent, place: number): number {
  return Math.imul(content.thread + 0x9e37, 0x85eb_ca6b) ^ Math.imul(content.index * 31 + place, 0xc2b2_ae35);
}

/** Scratch memory for frames. */
export function makeSource(byteCount: number): RecordSource {
  const memory = new ArrayBuffer(byteCount);
  return { bytes: new Uint8Array(memory), words: new Int32Array(memory) };
}

/** Writes a frame of `byteCount` bytes (a multiple of 8, at least `CHECKED_BYTES_MIN`) to the start of `source`. */
export function writeFrame(source: RecordSource, byteCount: number, content: FrameContent): void {
  const { words } = source;
  words[0] = byteCount;
  words[1] = 0;
  words[THREAD_WORD] = content.thread;
  words[INDEX_WORD] = content.index;
  for (let word = CHECK_WORD; word < byteCount / 4; word++) words[word] = checkWord(content, word);
}

/** Reads the frame at byte `at`. @throws {Error} It is torn. */
export function readFrame(words: Int32Array, at: number): FrameContent {
  const from = at / 4;
  const byteCount = words[from] as number;
  const content = { thread: words[from + THREAD_WORD] as number, index: words[from + INDEX_WORD] as number };
  for (let word = CHECK_WORD; word < byteCount / 4; word++) {
    if (words[from + word] !== checkWord(content, word)) {
      throw new Error(
        `torn frame at byte ${at}: thread ${content.thread}, index ${content.index}, word ${word}`,
      );
    }
  }
  return content;
}

/** Sizes of frames that differ from record to record, the same in each run: 24 to 24 + `spreadBytes`. */
export function frameBytesOf(index: number, spreadBytes: number): number {
  return CHECKED_BYTES_MIN + ((Math.imul(index, 0x9e37_79b1) >>> 8) % (spreadBytes / 8 + 1)) * 8;
}
