/** Thrown inside the encoder when a record outgrows `recordBytesMax`; never leaves the recorder. */
export const RECORD_TOO_LARGE: Error = new RangeError("the record is larger than recordBytesMax");

/** What a record may hold; see the options of the same names. */
export interface EncoderLimits {
  readonly recordBytesMax: number;
  /** UTF-16 units a text value keeps; Infinity for all. */
  readonly valueLengthMax: number;
  /** Levels of arrays and maps within a value. */
  readonly depthMax: number;
  /** Attributes a record keeps. */
  readonly attributeCountMax: number;
}

/** The limits of the specification, and 16 MiB a record. */
export const DEFAULT_ENCODER_LIMITS: EncoderLimits = {
  recordBytesMax: 16_777_216,
  valueLengthMax: Number.POSITIVE_INFINITY,
  depthMax: 64,
  attributeCountMax: 128,
};

/** What the mapping of objects needs of the encoder. */
export interface ValueWriter {
  at: number;
  /** Objects that contain the one being written: a value among them is a cycle. */
  readonly ancestors: object[];
  readonly limits: EncoderLimits;
  /** @throws {RangeError} `RECORD_TOO_LARGE` where so many more bytes would be too many. */
  ensure(byteCount: number): void;
  value(value: unknown): void;
  /** A value that keeps its place: what is undefined, or converts to it, is null there. */
  element(value: unknown): void;
  text(text: string): void;
  openContainer(tag: number): number;
  closeContainer(containerAt: number, count: number): void;
  counted(tag: number, bytes: Uint8Array): void;
}
