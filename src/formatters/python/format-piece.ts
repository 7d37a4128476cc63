import type { FieldValue } from "./field-value.ts";

/** A field of a format string. */
export interface FieldPiece {
  readonly kind: "field";
  readonly name: string;
  /** As it was written, for records that have no such thing. */
  readonly source: string;
  /** Undefined where the value is shown as it is. */
  readonly show: ((value: FieldValue) => string) | undefined;
}

/** A piece of a format string. */
export type FormatPiece = { readonly kind: "literal"; readonly text: string } | FieldPiece;

/** A format string, taken apart. */
export interface ParsedFormat {
  readonly pieces: readonly FormatPiece[];
  /** What is wrong with it, as the end of a sentence; what is wrong stands in the pieces as text. */
  readonly faults: readonly string[];
}

/** How a style writes fields. */
export type FormatStyle = "%" | "{" | "$";
