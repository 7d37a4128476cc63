import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer, FemtoFormatter } from "../../processors/shape/renderer.ts";

/** How the end of a message is found: by its length in front of it, or by what stands behind it. */
export type SyslogFraming = "octet-counting" | "newline" | "nul";

/** Options of `SyslogRenderer`. */
export interface SyslogRendererOptions {
  readonly framing: SyslogFraming;
  /** Longest message in bytes, at least 480. A longer one is cut at its end, between two characters. */
  readonly maxMessageBytes: number;
}

const SPACE = 32;
const MESSAGE_KEEP_BYTES = 65_536;
const CUT_MARK: Fragment = makeFragment("…");
const TRAILERS: Readonly<Record<SyslogFraming, Fragment>> = {
  "octet-counting": makeFragment(""),
  newline: makeFragment("\n"),
  nul: makeFragment("\0"),
};

/**
 * A batch of syslog messages, each in its frame. One a handler, on the thread that drains its queue.
 *
 * @see RFC 6587, 3.4.1 Octet Counting, 3.4.2 Non-Transparent-Framing; RFC 5425, 4.3
 */
export class SyslogRenderer implements BatchRenderer {
  readonly #formatter: FemtoFormatter;
  readonly #options: SyslogRendererOptions;
  readonly #message = new OutputBuffer(4096);
  readonly #out = new OutputBuffer();
  #isFinished = false;
  #cutCount = 0;

  constructor(formatter: FemtoFormatter, options: SyslogRendererOptions) {
    this.#formatter = formatter;
    this.#options = options;
  }

  get byteCount(): number {
    return this.#isFinished ? 0 : this.#out.at;
  }

  add(record: RecordCursor): void {
    const out = this.#out;
    const message = this.#message;
    if (this.#isFinished) out.clear();
    this.#isFinished = false;
    message.clear(MESSAGE_KEEP_BYTES);
    this.#formatter.format(record, message);
    if (message.at > this.#options.maxMessageBytes) this.#cut(message);
    const { framing } = this.#options;
    if (framing === "octet-counting") {
      out.ascii(String(message.at));
      out.byte(SPACE);
    }
    out.append(message.written());
    out.fragment(TRAILERS[framing]);
  }

  finish(): Uint8Array {
    if (this.#isFinished) this.#out.clear();
    this.#isFinished = true;
    return this.#out.written();
  }

  /** How many messages were cut since this was asked last. */
  takeCutCount(): number {
    const count = this.#cutCount;
    this.#cutCount = 0;
    return count;
  }

  #cut(message: OutputBuffer): void {
    let end = this.#options.maxMessageBytes - CUT_MARK.length;
    // Back to the first byte of a character: what is cut is the whole of it.
    while (((message.bytes[end] as number) & 0xc0) === 0x80) end--;
    message.at = end;
    message.fragment(CUT_MARK);
    this.#cutCount++;
  }
}
