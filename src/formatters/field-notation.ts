import type { OutputBuffer } from "../../processors/shape/output.ts";
import { copyForJson } from "./escapes.ts";
import type { FieldKind } from "./field-value.ts";
import { copyForForm } from "./form-encoding.ts";

const QUOTE = 34;
const AMPERSAND = 38;
const COMMA = 44;
const COLON = 58;
const EQUALS = 61;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

/** How names and values become one object of a batch. */
export interface FieldNotation {
  begin(out: OutputBuffer): void;
  /** @param isFirst Whether it is the first field of its object. */
  name(out: OutputBuffer, name: OutputBuffer, isFirst: boolean): void;
  value(out: OutputBuffer, value: OutputBuffer, kind: Exclude<FieldKind, "none">): void;
  end(out: OutputBuffer): void;
}

/** An object of JSON. */
export const JSON_NOTATION: FieldNotation = {
  begin: (out) => out.byte(OPENING_BRACE),
  name: (out, name, isFirst) => {
    if (!isFirst) out.byte(COMMA);
    writeQuoted(out, name);
    out.byte(COLON);
  },
  value: (out, value, kind) => {
    if (kind === "text") writeQuoted(out, value);
    else out.append(value.written());
  },
  end: (out) => out.byte(CLOSING_BRACE),
};

/** A form, or a query: `name=shop&msg=two+words`. */
export const FORM_NOTATION: FieldNotation = {
  begin: () => {},
  name: (out, name, isFirst) => {
    if (!isFirst) out.byte(AMPERSAND);
    copyForForm(out, name, 0, name.at);
    out.byte(EQUALS);
  },
  value: (out, value) => copyForForm(out, value, 0, value.at),
  end: () => {},
};

function writeQuoted(out: OutputBuffer, text: OutputBuffer): void {
  out.byte(QUOTE);
  copyForJson(out, text, 0, text.at);
  out.byte(QUOTE);
}
