const SLACK_BYTES = 16;
const SMALL_FRAGMENT_BYTES = 64;
const SHORT_COPY_BYTES = 96;

/** The writers of Node's Buffer without argument checks; present on every Buffer since Node 0.x. */
interface NativeWriter {
  utf8Write(text: string, offset: number, length?: number): number;
  latin1Write(text: string, offset: number, length?: number): number;
}

/** Constant bytes, kept as words too: short ones are copied word by word, faster than any native call. */
export interface Fragment {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly length: number;
}

/** Makes a fragment of text (UTF-8) or bytes. */
export function makeFragment(content: string | Uint8Array): Fragment {
  const source = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const words = new Int32Array((source.length + 3) >> 2);
  const bytes = new Uint8Array(words.buffer, 0, source.length);
  bytes.set(source);
  return { bytes, words, length: source.length };
}

/**
 * A growing buffer that renderers append to. One thread's own; reused from batch to batch.
 * Public fields on purpose: renderers keep `at` in a local while they write, and store it back.
 * There are always 16 bytes of slack behind what `ensure` was asked for, so that copies may overrun.
 */
export class OutputBuffer {
  bytes: Buffer;
  view: DataView;
  /** Bytes written so far. */
  at = 0;

  constructor(initialBytes = 65_536) {
    this.bytes = Buffer.allocUnsafeSlow(initialBytes + SLACK_BYTES);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** Makes room for `byteCount` more bytes, and the slack. May replace `bytes` and `view`. */
  ensure(byteCount: number): void {
    if (this.at + byteCount + SLACK_BYTES > this.bytes.length) this.#grow(byteCount);
  }

  #grow(byteCount: number): void {
    const needed = this.at + byteCount + SLACK_BYTES;
    const doubled = (this.bytes.length - SLACK_BYTES) * 2 + SLACK_BYTES;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, doubled));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
    this.view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
  }

  /** What has been written, not copied: valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  /** Empties the buffer; gives memory back when it has grown beyond `keepBytesMax`. */
  clear(keepBytesMax = 4_194_304): void {
    this.at = 0;
    if (this.bytes.length <= keepBytesMax + SLACK_BYTES) return;
    this.bytes = Buffer.allocUnsafeSlow(65_536 + SLACK_BYTES);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  fragment(fragment: Fragment): void {
    const { length, words } = fragment;
    this.ensure(length);
    if (length <= SMALL_FRAGMENT_BYTES) {
      const view = this.view;
      let at = this.at;
      for (let i = 0; i < words.length; i++, at += 4) view.setInt32(at, words[i] as number, true);
    } else {
      this.bytes.set(fragment.bytes, this.at);
    }
    this.at += length;
  }

  byte(value: number): void {
    this.ensure(1);
    this.bytes[this.at++] = value;
  }

  /** Bytes as they are. */
  append(content: Uint8Array): void {
    this.ensure(content.length);
    this.bytes.set(content, this.at);
    this.at += content.length;
  }

  /** Text as UTF-8, unescaped; lone surrogates become U+FFFD. */
  text(text: string): void {
    this.ensure(text.length * 3);
    this.at += (this.bytes as unknown as NativeWriter).utf8Write(text, this.at);
  }

  /** ASCII text, unescaped. Cheaper than `text`; the caller vouches that it is ASCII. */
  ascii(text: string): void {
    const length = text.length;
    this.ensure(length);
    if (length < 16) {
      let at = this.at;
      for (let i = 0; i < length; i++) this.bytes[at++] = text.charCodeAt(i);
    } else {
      (this.bytes as unknown as NativeWriter).latin1Write(text, this.at, length);
    }
    this.at += length;
  }

  /**
   * Bytes out of a record.
   * @param source Where they stand; may be shared memory. Up to 3 bytes behind them may be read.
   */
  copyRange(source: Buffer, view: DataView, from: number, length: number): void {
    this.ensure(length);
    if (length <= SHORT_COPY_BYTES && from + length + 4 <= source.length) {
      const target = this.view;
      const at = this.at;
      for (let i = 0; i < length; i += 4) target.setInt32(at + i, view.getInt32(from + i, true), true);
    } else {
      source.copy(this.bytes, this.at, from, from + length);
    }
    this.at += length;
  }
}
