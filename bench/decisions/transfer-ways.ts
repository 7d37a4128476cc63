/** The ways from thread to thread that are compared: what both sides know of them. */

/** A way, by name. */
export type TransferWay = "segments" | "ring" | "post-each" | "post-batch" | "post-buffer";

/** What the receiving thread is told. */
export interface TransferStart {
  readonly way: TransferWay;
  readonly meeting: Int32Array<SharedArrayBuffer>;
  /** The arena, or the ring; unused by the ways that post messages. */
  readonly memory: SharedArrayBuffer;
  /** Of the arena. */
  readonly handlerSlot: number;
}

/** Bytes of records that the queue and the ring hold: the default of a handler. */
export const QUEUE_BYTES: number = 4 * 2 ** 20;

/** Records that a way which posts messages may be ahead of its receiver: about as many as the queue holds. */
export const AHEAD_MAX = 50_000;

/** Records of a batch: the default of a handler. */
export const BATCH_SIZE = 512;

/** Bytes of a buffer that is handed over: those of a segment. */
export const BUFFER_BYTES = 65_536;

/** A record as a message: what a logger that sends objects to a worker sends. */
export interface PostedRecord {
  readonly time: number;
  readonly severity: number;
  readonly level: string;
  readonly text: string;
  readonly attributes: {
    readonly status: number;
    readonly path: string;
    readonly cached: boolean;
    readonly ms: number;
  };
}

/** Encoded records, one behind the other; the buffer is the receiver's from now on. */
export interface PostedBuffer {
  readonly buffer: ArrayBuffer;
  readonly byteCount: number;
}
