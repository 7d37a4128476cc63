import { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { readText, skipValue } from "../../processors/shape/value-reader.ts";
import { FORM_NOTATION, JSON_NOTATION, type FieldNotation } from "./field-notation.ts";
import { writeFieldValue, type FieldKind } from "./field-value.ts";
import { attributeName, isFieldName, makeFieldWriter, type FieldWriter } from "./record-fields.ts";
import { ReservedKeys } from "./reserved-keys.ts";

const SCRATCH_BYTES = 1024;
const SCRATCH_KEEP_BYTES = 65_536;

/** The entry of a list of fields that stands for all attributes that are not in the list themselves. */
export const ALL_ATTRIBUTES = "attributes";

/** One object a record: which fields, in which notation. */
export interface FieldFormatterOptions {
  /** Fields by name, names of attributes, and `attributes`; in the order in which they are written. */
  readonly fields: readonly string[];
  readonly notation: "json" | "form";
}

interface FieldParts {
  readonly owner: FieldFormatter;
  /** One for each field; undefined for `attributes`. */
  readonly writers: readonly (FieldWriter | undefined)[];
}

/**
 * Chosen fields of a record as an object of JSON, or as a form. A field that the record does not have is left out.
 * Attributes that come by `attributes` and have the name of a field of the list are written as "attributes.<key>".
 * Runs on the thread that drains the queue; never throws.
 */
export class FieldFormatter implements FemtoFormatter {
  readonly #fields: readonly string[];
  readonly #notation: FieldNotation;
  readonly #reserved: ReservedKeys;
  /** Attributes that are in the list themselves. */
  readonly #listed: ReadonlySet<string>;
  readonly #name = new OutputBuffer(SCRATCH_BYTES);
  readonly #value = new OutputBuffer(SCRATCH_BYTES);
  #isFirst = true;

  constructor(options: FieldFormatterOptions) {
    this.#fields = options.fields;
    this.#notation = options.notation === "json" ? JSON_NOTATION : FORM_NOTATION;
    this.#reserved = new ReservedKeys(options.fields.filter(isFieldName));
    this.#listed = new Set(options.fields.filter((name) => !isFieldName(name)).map(attributeName));
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const { writers } = this.#partsOf(record.shape);
    this.#isFirst = true;
    this.#notation.begin(out);
    for (const [index, write] of writers.entries()) {
      if (write === undefined) {
        this.#writeAttributes(record, out);
      } else {
        this.#value.clear(SCRATCH_KEEP_BYTES);
        this.#write(out, this.#fields[index] as string, write(record, this.#value));
      }
    }
    this.#notation.end(out);
  }

  #partsOf(shape: Shape): FieldParts {
    const known = shape.fragments as FieldParts | undefined;
    if (known?.owner === this) return known;
    const writers = this.#fields.map((name) =>
      name === ALL_ATTRIBUTES ? undefined : makeFieldWriter(name, shape),
    );
    const parts = { owner: this, writers };
    shape.fragments = parts;
    return parts;
  }

  #writeAttributes(record: RecordCursor, out: OutputBuffer): void {
    const { shape, view } = record;
    let at = record.valueAt(shape.argumentCount);
    for (const key of shape.keys) {
      this.#writeAttribute(record, out, { key, at });
      at = skipValue(view, at);
    }
    if (!record.hasExtras) return;
    const count = view.getUint32(at, true);
    at += 4;
    for (let i = 0; i < count; i++) {
      const key = readText(record.bytes, view, at);
      const valueAt = skipValue(view, at);
      this.#writeAttribute(record, out, { key, at: valueAt });
      at = skipValue(view, valueAt);
    }
  }

  #writeAttribute(
    record: RecordCursor,
    out: OutputBuffer,
    attribute: { readonly key: string; readonly at: number },
  ): void {
    if (this.#listed.has(attribute.key)) return;
    this.#value.clear(SCRATCH_KEEP_BYTES);
    const kind = writeFieldValue(this.#value, record, attribute.at);
    this.#write(out, this.#reserved.rename(attribute.key), kind);
  }

  #write(out: OutputBuffer, name: string, kind: FieldKind): void {
    if (kind === "none") return;
    this.#name.clear(SCRATCH_KEEP_BYTES);
    this.#name.text(name);
    this.#notation.name(out, this.#name, this.#isFirst);
    this.#notation.value(out, this.#value, kind);
    this.#isFirst = false;
  }
}
