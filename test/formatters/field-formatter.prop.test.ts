import { assert, dictionary, property, string } from "fast-check";
import { expect, test } from "vitest";
import { FieldFormatter } from "../../src/formatters/field-formatter.ts";
import { format, makeRecord } from "./make-record.ts";

const texts = dictionary(
  string({ unit: "binary", minLength: 1, maxLength: 20 }).filter(
    (key) => key.isWellFormed() && key !== "__proto__",
  ),
  string({ unit: "binary", maxLength: 200 }).filter((text) => text.isWellFormed()),
  { maxKeys: 5 },
);

test("a form decodes to what was logged, whatever the texts", () => {
  const formatter = new FieldFormatter({ fields: ["attributes"], notation: "form" });
  assert(
    property(texts, (attributes) => {
      const decoded = Object.fromEntries(new URLSearchParams(format(formatter, makeRecord({ attributes }))));
      expect(decoded).toEqual({ ...attributes });
    }),
  );
});

test("an object of JSON decodes to what was logged, whatever the texts", () => {
  const formatter = new FieldFormatter({ fields: ["attributes"], notation: "json" });
  assert(
    property(texts, (attributes) => {
      expect(JSON.parse(format(formatter, makeRecord({ attributes })))).toEqual({ ...attributes });
    }),
  );
});
