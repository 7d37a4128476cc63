import { makeFragment, type Fragment, type OutputBuffer } from "../processors/shape/output.ts";

const NANOS_PER_SECOND = 1_000_000_000;
const LOW_UNIT = 65_536;
const HIGH_UNIT = 4_294_967_296;

/** The first second (in the year 2554) whose nanoseconds do not all fit into 64 bits. */
const SECONDS_END = 18_446_744_073;

/** Whether OTLP can tell a time of this second: it cannot before 1970 and beyond 64 bits of nanoseconds. */
function isUnixSecond(seconds: number): boolean {
  return seconds >= 0 && seconds < SECONDS_END;
}

/**
 * Nanoseconds since 1970 as fixed64 fields, exactly and without bigint: 64 bits in two halves of 32.
 * Multiplies once a second and not once a record. One renderer's own.
 */
export class UnixNanos {
  #seconds = 0;
  #low = 0;
  #high = 0;

  /**
   * Appends `tag` and the 8 bytes of a time. A time that OTLP cannot tell becomes 0, which says "unknown".
   *
   * @param seconds Whole seconds since 1970.
   * @param nanos Nanoseconds within the second, 0 to 999,999,999.
   * @see OTLP 1.11.0, logs.proto: `LogRecord.time_unix_nano`
   */
  writeField(out: OutputBuffer, tag: number, seconds: number, nanos: number): void {
    const isKnown = isUnixSecond(seconds);
    if (isKnown && seconds !== this.#seconds) this.#multiply(seconds);
    const low = isKnown ? this.#low + nanos : 0;
    const high = isKnown ? this.#high : 0;
    const carry = low < HIGH_UNIT ? 0 : 1;
    out.ensure(9);
    const { at, view } = out;
    out.bytes[at] = tag;
    view.setUint32(at + 1, low - carry * HIGH_UNIT, true);
    view.setUint32(at + 5, high + carry, true);
    out.at = at + 9;
  }

  /** Seconds times 10^9. Each product is below 2^53: the factor goes in by its upper and its lower 16 bits. */
  #multiply(seconds: number): void {
    const upper = Math.floor(seconds / LOW_UNIT) * NANOS_PER_SECOND;
    const lower = (seconds % LOW_UNIT) * NANOS_PER_SECOND;
    const low = (upper % LOW_UNIT) * LOW_UNIT + lower;
    this.#seconds = seconds;
    this.#low = low % HIGH_UNIT;
    this.#high = Math.floor(upper / LOW_UNIT) + Math.floor(low / HIGH_UNIT);
  }
}

const NANO_DIGITS = 9;
const ZERO = 48;

/**
 * Nanoseconds since 1970 in decimal, as OTLP/JSON writes a fixed64. The digits of the seconds are made once a second.
 * One renderer's own.
 */
export class UnixNanosText {
  #seconds = 0;
  #digits: Fragment = makeFragment("");

  /**
   * Appends a time, without quotes. A time that OTLP cannot tell becomes 0, which says "unknown".
   *
   * @param seconds Whole seconds since 1970.
   * @param nanos Nanoseconds within the second, 0 to 999,999,999.
   */
  write(out: OutputBuffer, seconds: number, nanos: number): void {
    if (!isUnixSecond(seconds)) {
      out.byte(ZERO);
    } else if (seconds === 0) {
      out.ascii(String(nanos));
    } else {
      if (seconds !== this.#seconds) {
        this.#seconds = seconds;
        this.#digits = makeFragment(String(seconds));
      }
      out.fragment(this.#digits);
      writeNineDigits(out, nanos);
    }
  }
}

function writeNineDigits(out: OutputBuffer, value: number): void {
  out.ensure(NANO_DIGITS);
  let rest = value;
  for (let at = out.at + NANO_DIGITS - 1; at >= out.at; at--) {
    const quotient = (rest / 10) | 0;
    out.bytes[at] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
  out.at += NANO_DIGITS;
}
