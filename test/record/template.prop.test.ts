import * as fc from "fast-check";
import { expect, test } from "vitest";

import { holeSource, parseTemplate, type Piece, type PrintfConversion } from "../../src/record/template.ts";

/** Texts made of what the grammar is made of. */
const grammarSoup = fc
  .array(fc.constantFrom("{", "}", "{{", "}}", "%", "%%", "%s", "d", "a", ".", " ", "🙂", "{a}", "\ud800"))
  .map((parts) => parts.join(""));

const names = fc.stringMatching(/^[a-z_$][a-z0-9_$/-]{0,8}(\.[a-z0-9_$/-]{1,8}){0,2}$/);

/** A template as a list of parts, no two texts in a row, and no character in them that means something. */
const parts = fc.array(
  fc.oneof(
    fc.stringMatching(/^[^{}%]{1,8}$/).map((text) => ({ text })),
    names.map((path) => ({ path })),
    fc
      .constantFrom<PrintfConversion>("s", "d", "i", "f", "j", "o", "O")
      .map((conversion) => ({ conversion })),
  ),
  { maxLength: 12 },
);

function sourceOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === "literal" ? piece.text : holeSource(piece))).join("");
}

test("parseTemplate() gives back the parts that a template was written from", () => {
  fc.assert(
    fc.property(parts, (written) => {
      let argumentCount = 0;
      const pieces: Piece[] = [];
      for (const part of written) {
        const last = pieces.at(-1);
        if ("path" in part) pieces.push({ kind: "named", path: part.path });
        else if ("conversion" in part) {
          pieces.push({ kind: "printf", conversion: part.conversion, index: argumentCount++ });
        } else if (last?.kind === "literal")
          pieces[pieces.length - 1] = { kind: "literal", text: last.text + part.text };
        else pieces.push({ kind: "literal", text: part.text });
      }
      expect(parseTemplate(sourceOf(pieces))).toMatchObject({ pieces, argumentCount });
    }),
  );
});

test("parseTemplate() loses no character of a text without escapes", () => {
  fc.assert(
    fc.property(grammarSoup, (text) => {
      fc.pre(!/\{\{|\}\}|%%/.test(text));
      expect(sourceOf(parseTemplate(text).pieces)).toBe(text);
    }),
  );
});

test("parseTemplate() only ever shortens a text, and by half at most", () => {
  fc.assert(
    fc.property(grammarSoup, (text) => {
      const { length } = sourceOf(parseTemplate(text).pieces);
      expect(length).toBeLessThanOrEqual(text.length);
      expect(length).toBeGreaterThanOrEqual(text.length / 2);
    }),
  );
});

test("parseTemplate() never has empty texts or two texts in a row", () => {
  fc.assert(
    fc.property(grammarSoup, (text) => {
      const { pieces } = parseTemplate(text);
      for (const [index, piece] of pieces.entries()) {
        if (piece.kind !== "literal") continue;
        expect(piece.text).not.toBe("");
        expect(pieces[index + 1]?.kind).not.toBe("literal");
      }
    }),
  );
});
