import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { BodyEscape } from "../../src/formatters/body-value.ts";
import type { ValueSource } from "../../src/formatters/value-source.ts";

/**
 * One encoding of a record's payload, as the renderer needs it: maps and texts whose sizes are known only when they are
 * written. One renderer's own.
 */
export interface WireCodec {
  /** What texts become inside of a text that is being written. */
  readonly escape: BodyEscape;
  /** Appends the head of a map of at most `countMax` entries. */
  openMap(out: OutputBuffer, countMax: number): void;
  /** Ends the map that began at `openedAt`, opened with the same `countMax`; `count` entries were written. */
  closeMap(out: OutputBuffer, openedAt: number, countMax: number, count: number): void;
  /** Begins a text that will be about `expectedBytes` long: the content follows, through `escape`. */
  openText(out: OutputBuffer, expectedBytes: number): void;
  /** Ends the text that began at `openedAt`, opened with the same `expectedBytes`. */
  closeText(out: OutputBuffer, openedAt: number, expectedBytes: number): void;
  /** Appends a text whose UTF-8 stands in `source`. */
  text(out: OutputBuffer, source: ValueSource, from: number, length: number): void;
  /** Appends the value at `at`, an absent one as null. Returns where the next value begins. */
  value(out: OutputBuffer, source: ValueSource, at: number): number;
  /** Appends a safe integer. */
  integer(out: OutputBuffer, value: number): void;
  /** Appends a time as one integer of nanoseconds since 1970. */
  nanos(out: OutputBuffer, seconds: number, nanos: number): void;
  /** Goes between the key of an entry and its value. */
  afterKey(out: OutputBuffer): void;
  /** Goes behind each entry of a map. */
  afterEntry(out: OutputBuffer): void;
}
