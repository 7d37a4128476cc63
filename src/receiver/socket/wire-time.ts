import type { HrTime } from "@opentelemetry/api";

import type { FemtoValue } from "../../record/log-record.ts";
import { FrameFault } from "./frame-fault.ts";

const NANOS_PER_SECOND = 1_000_000_000n;
/** Some senders write 128 bits as bytes, big-endian. */
const wideBytes = 16;

/**
 * A time in nanoseconds since 1970 as seconds and nanoseconds.
 *
 * @throws {FrameFault} It is neither an integer nor 16 bytes.
 */
export function timeOf(name: string, value: FemtoValue): HrTime {
  const nanos = nanosOf(value);
  if (nanos === undefined) throw new FrameFault(`"${name}" must be an integer of nanoseconds`);
  const rest = nanos % NANOS_PER_SECOND;
  // Rounded down, also before 1970.
  const isBelow = rest < 0n;
  const seconds = nanos / NANOS_PER_SECOND - (isBelow ? 1n : 0n);
  return [Number(seconds), Number(isBelow ? rest + NANOS_PER_SECOND : rest)];
}

function nanosOf(value: FemtoValue): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (value instanceof Uint8Array && value.length === wideBytes) {
    return BigInt(`0x${Buffer.from(value).toString("hex")}`);
  }
  return undefined;
}
