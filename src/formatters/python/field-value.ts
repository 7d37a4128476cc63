/** What a field of a format string holds, before it is shown. */
export type FieldValue = string | number | bigint | Float;

/** A number that Python would have as a float: 123 is shown as "123.0". */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** The value as Python's `str()` shows it, where it is a number; a text is itself. */
export function plainText(value: FieldValue): string {
  return value instanceof Float ? floatText(value.value) : String(value);
}

/** `repr()` of a float: 1e16 and beyond, and below 1e-4, with an exponent of two digits or more. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return exponentText(value.toExponential());
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** "1e+5" as "1e+05". */
export function exponentText(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** The number in it, if it is one. */
export function numberIn(value: FieldValue): number | bigint | undefined {
  if (value instanceof Float) return value.value;
  return typeof value === "string" ? undefined : value;
}

/** `repr()` of a text; of numbers their plain text. */
export function reprText(value: FieldValue): string {
  if (typeof value !== "string") return plainText(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replaceAll("\\", String.raw`\\`).replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

/** The text with everything beyond ASCII escaped as in a Python literal. */
export function asciiText(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) return character;
    if (code <= 0xff) return `\\x${code.toString(16)}`;
    return code <= 0xffff
      ? `\\u${code.toString(16).padStart(4, "0")}`
      : `\\U${code.toString(16).padStart(8, "0")}`;
  }).join("");
}
