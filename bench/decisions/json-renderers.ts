/**
 * Two other ways to the same JSON lines: concatenation of texts, and objects for `JSON.stringify`. Both know what the shape knows: keys
 * are quoted once, and the text of a second is made once.
 */
import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import { readValue, skipValue, type ReadValue } from "../../processors/shape/value-reader.ts";

const MICROS_DIGITS = 6;

/** ISO 8601 with microseconds. */
class IsoTime {
  #seconds = Number.NaN;
  #text = "";

  of({ timeSeconds, timeNanos }: RecordCursor): string {
    if (timeSeconds !== this.#seconds) {
      this.#text = new Date(timeSeconds * 1000).toISOString().slice(0, -4);
      this.#seconds = timeSeconds;
    }
    return `${this.#text}${String(Math.floor(timeNanos / 1000)).padStart(MICROS_DIGITS, "0")}Z`;
  }
}

/** Texts of lines, and in the end their bytes. What differs is how a line comes about. */
abstract class TextRenderer implements BatchRenderer {
  protected readonly time: IsoTime = new IsoTime();
  #text = "";

  /** Adds the next line to the text of the batch. */
  protected abstract lineAfter(text: string, record: RecordCursor): string;

  add(record: RecordCursor): void {
    this.#text = this.lineAfter(this.#text, record);
  }

  get byteCount(): number {
    return this.#text.length;
  }

  finish(_into?: OutputBuffer): Uint8Array {
    const bytes = Buffer.from(this.#text, "utf8");
    this.#text = "";
    return bytes;
  }
}

/** The standard record has texts, numbers and booleans. */
function valueText(value: string | number | boolean): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Texts put one behind the other with `+=`. */
export class ConcatenatingRenderer extends TextRenderer {
  protected lineAfter(text: string, record: RecordCursor): string {
    const { bytes, view, shape } = record;
    const parts = (shape.fragments ??= makeTexts(record)) as LineTexts;
    let line = `${text}{"time":"${this.time.of(record)}${parts.head}`;
    let at = record.valuesAt;
    for (const key of parts.keys) {
      line += key + valueText(readValue(bytes, view, at) as string | number | boolean);
      at = skipValue(view, at);
    }
    return `${line}}\n`;
  }
}

/** The texts of a line that are the same for all records of a shape. */
interface LineTexts {
  readonly head: string;
  readonly keys: readonly string[];
}

function makeTexts({ shape }: RecordCursor): LineTexts {
  const { severityText, severityNumber, scope, template, keys } = shape;
  const fixed = { level: severityText, severity: severityNumber, logger: scope.name, msg: template };
  return {
    head: `",${JSON.stringify(fixed).slice(1, -1)}`,
    keys: keys.map((key) => `,${JSON.stringify(key)}:`),
  };
}

/** An object a record, and `JSON.stringify` of it. */
export class StringifyingRenderer extends TextRenderer {
  protected lineAfter(text: string, record: RecordCursor): string {
    const { bytes, view, shape } = record;
    const line: Record<string, ReadValue> = {
      time: this.time.of(record),
      level: shape.severityText,
      severity: shape.severityNumber,
      logger: shape.scope.name,
      msg: shape.template,
    };
    let at = record.valuesAt;
    for (const key of shape.keys) {
      line[key] = readValue(bytes, view, at);
      at = skipValue(view, at);
    }
    return `${text}${JSON.stringify(line)}\n`;
  }
}
