import { LENGTH_BYTES } from "../../../exporters/socket/record-fields.ts";

/** Cuts a stream of bytes into frames. One a connection. Memory is taken only for what has come, not for what is announced. */
export class FrameReader {
  readonly #frameBytesMax: number;
  /** Chunks of a frame that has begun, `#restBytes` in all. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** So many bytes must be there before there is anything to do. */
  #neededBytes = LENGTH_BYTES;
  /** Length that a frame announced that was too large. */
  #oversizedBytes = 0;

  /** @param frameBytesMax Longest payload, without its length. */
  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** Whether a frame has begun that is not whole yet. */
  get isInFrame(): boolean {
    return this.#restBytes > 0;
  }

  /** What the frame that was too large has announced, in bytes; 0 when none was. */
  get oversizedBytes(): number {
    return this.#oversizedBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @param onFrame Is given each payload that is whole; valid during the call only.
   * @returns False when a frame announces more than `frameBytesMax`: nothing that follows can be understood.
   */
  push(chunk: Buffer, onFrame: (payload: Buffer) => void): boolean {
    const bytes = this.#join(chunk);
    if (bytes === undefined) return true;
    let at = 0;
    this.#neededBytes = LENGTH_BYTES;
    while (bytes.length - at >= LENGTH_BYTES) {
      const payloadBytes = bytes.readUInt32BE(at);
      if (payloadBytes > this.#frameBytesMax) {
        this.#oversizedBytes = payloadBytes;
        return false;
      }
      const frameBytes = LENGTH_BYTES + payloadBytes;
      if (bytes.length - at < frameBytes) {
        this.#neededBytes = frameBytes;
        break;
      }
      onFrame(bytes.subarray(at + LENGTH_BYTES, at + frameBytes));
      at += frameBytes;
    }
    this.#keep(bytes.subarray(at));
    return true;
  }

  /** All that is there, once it is enough; undefined before. */
  #join(chunk: Buffer): Buffer | undefined {
    if (this.#restBytes === 0) return chunk;
    this.#rest.push(chunk);
    this.#restBytes += chunk.length;
    if (this.#restBytes < this.#neededBytes) return undefined;
    const joined = Buffer.concat(this.#rest, this.#restBytes);
    this.#keep(joined.subarray(0, 0));
    return joined;
  }

  #keep(rest: Buffer): void {
    this.#rest = rest.length === 0 ? [] : [rest];
    this.#restBytes = rest.length;
  }
}
