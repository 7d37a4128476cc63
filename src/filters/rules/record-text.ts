import type { FemtoLogRecord, FemtoValue } from "../../record/log-record.ts";

/** UTF-16 units of a text that stand in a key or summary as they are. */
const TEXT_UNITS_MAX = 256;

/** What a summary says of a record: its template, or its text; of another body the event name, or the body as JSON. */
export function shownText(record: FemtoLogRecord): string {
  return cut(record.template ?? textOf(record));
}

/** The same by the text alone, its holes filled. */
export function bodyText(record: FemtoLogRecord): string {
  return cut(textOf(record));
}

function cut(text: string): string {
  return text.length > TEXT_UNITS_MAX ? `${text.slice(0, TEXT_UNITS_MAX)}…` : text;
}

function textOf({ body, eventName }: FemtoLogRecord): string {
  return typeof body === "string" ? body : (eventName ?? keyOfValue(body));
}

/** A key for a text of any length: as it is where it is short, else its beginning, length and hash. */
export function keyOfText(text: string): string {
  if (text.length <= TEXT_UNITS_MAX) return text;
  return `${text.slice(0, TEXT_UNITS_MAX)}\u0000${text.length}\u0000${hashOf(text)}`;
}

/** Values that are alike have the same key; an integer also where it was given as a bigint. */
export function keyOfValue(value: FemtoValue | undefined): string {
  if (typeof value === "string") return `"${value}`;
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === "bigint") return Number.isSafeInteger(Number(inner)) ? Number(inner) : `${inner}n`;
      if (typeof inner === "number" && !Number.isFinite(inner)) return `${inner}d`;
      return inner;
    }) ?? ""
  );
}

/** Two 32-bit multiplicative hashes side by side: 64 bits, so that different texts of a beginning are told apart. */
function hashOf(text: string): string {
  let high = 0xdeadbeef | 0;
  let low = 0x41c6ce57 | 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  return `${high >>> 0}.${low >>> 0}`;
}
