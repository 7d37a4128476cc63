import type { OutputBuffer } from "../../processors/shape/output.ts";
import { INSIDE_JSON_STRING, type BodyEscape } from "../../src/formatters/body-value.ts";
import { copyForJson } from "../../src/formatters/escapes.ts";
import { writeJsonValue } from "../../src/formatters/json-value.ts";
import { writeEpochNanos, writeInteger } from "../../src/formatters/numbers.ts";
import type { ValueSource } from "../../src/formatters/value-source.ts";
import type { WireCodec } from "./wire-codec.ts";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

/** JSON in one line. Integers of 64 bits are bare numbers, bytes base64, NaN and the infinities strings. */
export class JsonCodec implements WireCodec {
  readonly escape: BodyEscape = INSIDE_JSON_STRING;

  openMap(out: OutputBuffer, _countMax: number): void {
    out.byte(OPENING_BRACE);
  }

  closeMap(out: OutputBuffer, _openedAt: number, _countMax: number, count: number): void {
    // The comma behind the last entry.
    if (count > 0) out.at--;
    out.byte(CLOSING_BRACE);
  }

  openText(out: OutputBuffer, _expectedBytes: number): void {
    out.byte(QUOTE);
  }

  closeText(out: OutputBuffer, _openedAt: number, _expectedBytes: number): void {
    out.byte(QUOTE);
  }

  text(out: OutputBuffer, source: ValueSource, from: number, length: number): void {
    out.byte(QUOTE);
    copyForJson(out, source, from, length);
    out.byte(QUOTE);
  }

  value(out: OutputBuffer, source: ValueSource, at: number): number {
    return writeJsonValue(out, source, at);
  }

  integer(out: OutputBuffer, value: number): void {
    writeInteger(out, value);
  }

  nanos(out: OutputBuffer, seconds: number, nanos: number): void {
    writeEpochNanos(out, seconds, nanos);
  }

  afterKey(out: OutputBuffer): void {
    out.byte(COLON);
  }

  afterEntry(out: OutputBuffer): void {
    out.byte(COMMA);
  }
}
