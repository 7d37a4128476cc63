/** Renderings that are compared, and what the two threads of such a comparison tell each other. */

/** A way to turn records into bytes. The three that begin with "json" give the same bytes. */
export type Rendering =
  | "json-fragments"
  | "json-concatenated"
  | "json-stringify"
  | "msgpack"
  | "otlp-protobuf"
  | "otlp-protobufjs"
  | "otlp-json"
  | "otlp-json-stringify";

/** What the rendering thread is told. */
export interface DrainStart {
  readonly rendering: Rendering;
  readonly meeting: Int32Array<SharedArrayBuffer>;
  readonly memory: SharedArrayBuffer;
  readonly handlerSlot: number;
  readonly rounds: number;
  /** Records of a round; they fit the queue. */
  readonly recordCount: number;
  /** Whether the batches are compressed and decoded too, for their costs. */
  readonly isWire: boolean;
}

/** What one round took of the thread's processor time, ns a record; 0 where it was not asked for. */
export interface RoundTimes {
  readonly renderNs: number;
  readonly decodeNs: number;
  readonly gzipNs: number;
}

/** What the rendering thread says in the end. Sizes and sums are those of the last round; all rounds are the same. */
export interface DrainReport {
  readonly rounds: readonly RoundTimes[];
  readonly count: number;
  readonly checksum: string;
  /** SHA-256 of the bytes, its beginning. */
  readonly digest: string;
  readonly bytesPerRecord: number;
  readonly gzipBytesPerRecord: number;
}
