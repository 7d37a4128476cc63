import * as fc from "fast-check";
import { expect, test } from "vitest";

import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import { format, makeRecord } from "./make-record.ts";
import { anyEntries, anyText, anyValue, asParsed, type Value } from "./values.ts";

const FIXED_KEYS =
  /^(?:attributes\.)*(?:time|level|severity|logger|msg|event|trace_id|span_id|trace_flags|dropped_attributes)$/;

const formatter = new FemtoJsonFormatter();

/** How many keys the outermost object has, each as often as it stands there. */
function keyCount(line: string): number {
  let depth = 0;
  let count = 0;
  for (const [token, , colon] of line.matchAll(/("(?:[^"\\]|\\.)*")(:?)|[[\]{}]/gs)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && colon === ":") count++;
  }
  return count;
}

function parsedAttributes(entries: readonly [string, Value][]): [string, unknown][] {
  return entries
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [
      FIXED_KEYS.test(key) ? `attributes.${key}` : key.toWellFormed(),
      asParsed(value),
    ]);
}

test("a line is JSON that reads back as the record, with no key twice", () => {
  fc.assert(
    fc.property(anyEntries, fc.nat(6), anyText, (entries, splitAt, logger) => {
      const attributes = Object.fromEntries(entries.slice(0, splitAt));
      const extras = Object.fromEntries(entries.slice(splitAt));
      const line = format(formatter, makeRecord({ template: "x", logger, attributes, extras }));
      expect(line).not.toMatch(/[\0-\x1f]/);
      const expected = [
        ["time", "2026-11-22T17:28:06.123000Z"],
        ["level", "INFO"],
        ["severity", 9],
        ["logger", logger.toWellFormed()],
        ["msg", "x"],
        ...parsedAttributes(entries),
      ] as const;
      expect(JSON.parse(line)).toEqual(Object.fromEntries(expected));
      expect(keyCount(line)).toBe(expected.length);
    }),
    { numRuns: 500 },
  );
});

test("a body that is a value reads back as that value", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const parsed = JSON.parse(format(formatter, makeRecord({ body: "value", arguments: [value] }))) as {
        msg?: unknown;
      };
      expect(parsed.msg).toEqual(asParsed(value));
    }),
    { numRuns: 300 },
  );
});

test("a message reads back as the text of its template with the texts of its values", () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (before, value, after) => {
      const literals = [before, after].map((text) => text.replaceAll(/[{}%]/g, "_"));
      const record = makeRecord({ template: literals.join("{name}"), attributes: { name: value } });
      const parsed = JSON.parse(format(formatter, record)) as { msg: string };
      expect(parsed.msg).toBe(literals.map((text) => text.toWellFormed()).join(value.toWellFormed()));
    }),
    { numRuns: 300 },
  );
});
