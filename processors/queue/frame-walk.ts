/**
 * Bit of a frame's second word: the record is done, though one before it in its segment is not. Stored by the consumer;
 * one that comes after it leaves the record out.
 */
export const DONE_FLAG: number = 1 << 31;

/** Frames that stand one after another: byte offsets in the arena. */
export interface FrameRange {
  readonly from: number;
  readonly to: number;
}

/** Visits the frames of a range, in order. Returns how many there are. */
export function walkFrames(words: Int32Array, range: FrameRange, visit: (frameAt: number) => void): number {
  let count = 0;
  for (let at = range.from; at < range.to; at += words[at >> 2] as number) {
    visit(at);
    count++;
  }
  return count;
}

/** How many frames of a range are not done. */
export function countUndone(words: Int32Array, range: FrameRange): number {
  let count = 0;
  walkFrames(words, range, (at) => {
    if (((words[(at >> 2) + 1] as number) & DONE_FLAG) === 0) count++;
  });
  return count;
}
