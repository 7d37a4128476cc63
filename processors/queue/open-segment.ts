/** A piece of a segment that went into one batch: whole frames, from `start` up to `end`. */
export interface Run {
  readonly segment: OpenSegment;
  readonly start: number;
  readonly end: number;
  /** Slots of the large area that its records stand in. */
  readonly largeSlots: readonly number[];
  isDone: boolean;
}

/** A segment that a reader has taken and not given back. */
export interface OpenSegment {
  readonly index: number;
  readonly lane: Lane;
  readonly startAt: number;
  readonly headWord: number;
  readonly order: number;
  readAt: number;
  /** Those that are not done, or wait for one before them. */
  runs: Run[];
  /** The writer has sealed it, or died, and everything is read. */
  isExhausted: boolean;
}

/** A thread's segments as a reader sees them. */
export interface Lane {
  readonly index: number;
  readonly word: number;
  current: OpenSegment | undefined;
  /** Taken by a reader before this one, and not done: read again. In order. */
  replays: OpenSegment[];
  /** Bytes of the current segment that are known to be published. */
  published: number;
  /** Segments taken and not given back. */
  heldCount: number;
}
