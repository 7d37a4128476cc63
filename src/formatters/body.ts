import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import {
  holeSource,
  type NamedPiece,
  type Piece,
  type PrintfConversion,
  type PrintfPiece,
} from "../record/template.ts";
import { AttributePath } from "./attribute-path.ts";
import { writeBodyJson, writeBodyNumber, writeBodyValue, type BodyEscape } from "./body-value.ts";

const SPACE = 32;
const NOWHERE = -1;

/** A hole of the template: where its value is looked for, and what stands there when there is none. */
interface Hole {
  /** Position among the values of the record; -1 where the name is no key of the shape. */
  readonly position: number;
  /** How to find what is no key of the shape; undefined for all others. */
  readonly path: AttributePath | undefined;
  /** Undefined for a hole that an attribute fills. */
  readonly conversion: PrintfConversion | undefined;
  /** The hole as it was written. */
  readonly source: Fragment;
}

/**
 * The text body of one shape: the constant pieces of its template, copied, and the values between them. A hole without
 * a value stays as it was written; positional arguments beyond the holes follow the text, a space before each.
 * Made on the thread that drains the queue, for the shapes it reads.
 */
export class TextBody {
  /** The whole text, escaped, where no value can change it; undefined otherwise. */
  readonly constant: string | undefined;
  readonly #escape: BodyEscape;
  readonly #holes: readonly Hole[];
  /** One before each hole, and one after the last. */
  readonly #literals: readonly Fragment[];
  readonly #argumentCount: number;
  /** Positional arguments that holes show. */
  readonly #usedCount: number;

  /** @param shape One whose body is text: its style is `named`, `printf` or `plain`. */
  constructor(shape: Shape, escape: BodyEscape) {
    const pieces = piecesOf(shape);
    const literals = literalsOf(pieces).map((text) => escape.literal(text));
    this.#escape = escape;
    this.#holes = pieces.filter(isHole).map((piece) => makeHole(piece, shape, escape));
    this.#literals = literals.map((text) => makeFragment(text));
    this.#argumentCount = shape.argumentCount;
    this.#usedCount = Math.min(pieces.filter((piece) => piece.kind === "printf").length, shape.argumentCount);
    const isConstant = this.#holes.length === 0 && shape.argumentCount === 0;
    this.constant = isConstant ? literals.join("") : undefined;
  }

  /**
   * Appends the text.
   * @returns Where the value of the shape's first key stands.
   */
  write(out: OutputBuffer, record: RecordCursor): number {
    const view = record.view;
    let position = 0;
    let at = record.valuesAt;
    for (let i = 0; i < this.#holes.length; i++) {
      const hole = this.#holes[i] as Hole;
      out.fragment(this.#literals[i] as Fragment);
      if (hole.position < 0) {
        this.#writeFound(out, record, hole);
        continue;
      }
      // Holes mostly stand in the order of the values: go on from the last one.
      if (hole.position < position) {
        position = 0;
        at = record.valuesAt;
      }
      for (; position < hole.position; position++) at = skipValue(view, at);
      this.#writeHole(out, record, at, hole);
    }
    out.fragment(this.#literals[this.#holes.length] as Fragment);
    return this.#argumentCount === 0 ? record.valuesAt : this.#writeRest(out, record);
  }

  #writeFound(out: OutputBuffer, record: RecordCursor, hole: Hole): void {
    const at = hole.path === undefined ? NOWHERE : hole.path.find(record);
    if (at === NOWHERE) out.fragment(hole.source);
    else this.#writeHole(out, record, at, hole);
  }

  #writeHole(out: OutputBuffer, record: RecordCursor, at: number, hole: Hole): void {
    switch (hole.conversion) {
      case undefined:
        if (record.view.getUint8(at) === ABSENT) out.fragment(hole.source);
        else writeBodyValue(out, record, at, this.#escape);
        break;
      case "s":
        writeBodyValue(out, record, at, this.#escape);
        break;
      case "d":
      case "i":
      case "f":
        // What is no number is shown as it is: a mistake in a call must not hide the value.
        if (!writeBodyNumber(out, record, at, hole.conversion)) writeBodyValue(out, record, at, this.#escape);
        break;
      default:
        writeBodyJson(out, record, at, this.#escape);
    }
  }

  /** The arguments that no hole shows. Returns where the values after them begin. */
  #writeRest(out: OutputBuffer, record: RecordCursor): number {
    let at = record.valuesAt;
    for (let i = 0; i < this.#argumentCount; i++) {
      if (i >= this.#usedCount) {
        out.byte(SPACE);
        writeBodyValue(out, record, at, this.#escape);
      }
      at = skipValue(record.view, at);
    }
    return at;
  }
}

/** A body that is text as it is may look like a template: it is none. */
function piecesOf(shape: Shape): readonly Piece[] {
  const isTemplate = shape.body !== "plain" || shape.parsed.style === "plain";
  return isTemplate ? shape.parsed.pieces : [{ kind: "literal", text: shape.template }];
}

function isHole(piece: Piece): piece is NamedPiece | PrintfPiece {
  return piece.kind !== "literal";
}

function literalsOf(pieces: readonly Piece[]): string[] {
  const literals = [""];
  for (const piece of pieces) {
    if (piece.kind === "literal") literals[literals.length - 1] += piece.text;
    else literals.push("");
  }
  return literals;
}

function makeHole(piece: NamedPiece | PrintfPiece, shape: Shape, escape: BodyEscape): Hole {
  const source = makeFragment(escape.literal(holeSource(piece)));
  if (piece.kind === "printf") {
    const position = piece.index < shape.argumentCount ? piece.index : NOWHERE;
    return { position, path: undefined, conversion: piece.conversion, source };
  }
  const index = shape.keys.indexOf(piece.path);
  if (index < 0)
    return { position: NOWHERE, path: new AttributePath(piece.path, shape), conversion: undefined, source };
  return { position: shape.argumentCount + index, path: undefined, conversion: undefined, source };
}
