import type { DecodedLogRecord } from "../../proto/model.ts";

/**
 * Writes a decoded record as one line of JSON, the names being those of {@link DecodedLogRecord}. 64-bit integers are
 * decimal strings, bytes are base64, NaN and infinities are strings, and an absent body is left out.
 *
 * @returns The line with its end.
 */
export function toJsonLine(record: DecodedLogRecord): string {
  return `${JSON.stringify(record, toPlain)}\n`;
}

function toPlain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  // Defines own properties, so that a key named "__proto__" is one like any other.
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
}
