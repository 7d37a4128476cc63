const LINE_FEED = 10;

/** A line of a file, and where it stands in it. */
export interface InputLine {
  /** Without its end; undefined for a line that is longer than may be. */
  readonly bytes: Buffer | undefined;
  readonly startAt: number;
  /** Behind its end. */
  readonly endAt: number;
  /** False for what stands behind the last line feed. */
  readonly isEnded: boolean;
}

/**
 * Takes bytes apart into lines. Keeps one line at a time in memory, and nothing of one that is too long.
 *
 * @param options.startAt Where in the file the first byte stands.
 */
export async function* inputLines(
  chunks: AsyncIterable<Buffer>,
  options: { readonly startAt: number; readonly lineBytesMax: number },
): AsyncGenerator<InputLine> {
  const line = new GrowingLine(options.startAt, options.lineBytesMax);
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      line.add(chunk.subarray(from, end));
      yield line.end(true);
      from = end + 1;
    }
    line.add(chunk.subarray(from));
  }
  if (line.byteCount > 0) yield line.end(false);
}

class GrowingLine {
  byteCount = 0;
  #startAt: number;
  #parts: Buffer[] = [];
  readonly #bytesMax: number;

  constructor(startAt: number, bytesMax: number) {
    this.#startAt = startAt;
    this.#bytesMax = bytesMax;
  }

  add(part: Buffer): void {
    this.byteCount += part.length;
    if (this.byteCount > this.#bytesMax) this.#parts = [];
    else this.#parts.push(part);
  }

  end(isEnded: boolean): InputLine {
    const { byteCount } = this;
    const startAt = this.#startAt;
    const endAt = startAt + byteCount + (isEnded ? 1 : 0);
    const bytes = byteCount > this.#bytesMax ? undefined : Buffer.concat(this.#parts);
    this.#startAt = endAt;
    this.#parts = [];
    this.byteCount = 0;
    return { bytes, startAt, endAt, isEnded };
  }
}
