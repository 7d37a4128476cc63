import * as fc from "fast-check";
import { expect, test } from "vitest";

import { OutputBuffer } from "../../processors/shape/output.ts";
import {
  copyForQuotedText,
  copyForText,
  escapeQuotedText,
  escapeText,
  type EscapedCopy,
} from "../../src/formatters/escapes.ts";
import { FemtoPrettyFormatter } from "../../src/formatters/pretty-formatter.ts";
import { FemtoTextFormatter } from "../../src/formatters/text-formatter.ts";
import { textWord, writeTextWord } from "../../src/formatters/text-value.ts";
import { format, makeRecord } from "./make-record.ts";
import { anyEntries, anyText } from "./values.ts";

const formatters = [new FemtoTextFormatter(), new FemtoPrettyFormatter()];

test("a record without a stack is one line without control characters, whatever its values are", () => {
  fc.assert(
    fc.property(anyEntries, anyText, anyText, (entries, template, name) => {
      const attributes = Object.fromEntries(entries.slice(0, 3));
      const extras = Object.fromEntries(entries.slice(3));
      const input = { template, logger: name, eventName: name, severityText: name, attributes, extras };
      for (const formatter of formatters) {
        expect(format(formatter, makeRecord(input))).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }
    }),
    { numRuns: 500 },
  );
});

function copied(copy: EscapedCopy, text: string): string {
  const source = new OutputBuffer(8);
  source.text(text);
  const out = new OutputBuffer(8);
  copy(out, source, 0, source.at);
  return out.bytes.toString("utf8", 0, out.at);
}

test("constant text is escaped as values are", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(copied(copyForText, text)).toBe(escapeText(text));
      expect(copied(copyForQuotedText, text)).toBe(escapeQuotedText(text));
    }),
    { numRuns: 500 },
  );
});

test("of all characters controls and line separators are escaped, and no others", () => {
  const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join("|");
  const text = characters.toWellFormed();
  expect(copied(copyForText, text)).toBe(escapeText(text));
});

test("constant words are quoted as values are", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const record = makeRecord({ template: "x", attributes: { text } });
      const out = new OutputBuffer(8);
      writeTextWord(out, record, record.valuesAt);
      expect(out.bytes.toString("utf8", 0, out.at)).toBe(textWord(text));
    }),
    { numRuns: 500 },
  );
});

test("a quoted word without controls is a JSON string of the same text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const word = textWord(text);
      expect(word.startsWith('"') ? JSON.parse(word) : word).toBe(
        word.startsWith('"') ? text.toWellFormed() : escapeText(text),
      );
    }),
    { numRuns: 500 },
  );
});
