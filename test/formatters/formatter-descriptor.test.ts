import { expect, test } from "vitest";

import {
  createFormatter,
  describeFormatter,
  type FormatterDescriptor,
} from "../../src/formatters/formatter-descriptor.ts";
import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import { FemtoPrettyFormatter } from "../../src/formatters/pretty-formatter.ts";
import { FemtoTextFormatter } from "../../src/formatters/text-formatter.ts";
import { format, makeRecord } from "./make-record.ts";

const record = makeRecord({ template: "x {a}", attributes: { a: 1 } });

test.each([
  new FemtoJsonFormatter({ time: "epoch-nanos", names: { msg: "message", severity: false } }),
  new FemtoJsonFormatter(),
  new FemtoTextFormatter({ utc: true, spanIds: false }),
  new FemtoPrettyFormatter({ colors: true }),
])(
  "createFormatter() makes the formatter again from its description, after a journey to another thread",
  (formatter) => {
    const arrived = structuredClone(describeFormatter(formatter)) as FormatterDescriptor;
    const again = createFormatter(arrived);
    expect(Object.getPrototypeOf(again)).toBe(Object.getPrototypeOf(formatter));
    expect(format(again, record)).toBe(format(formatter, record));
  },
);

test("describeFormatter() does not describe formatters of the application, nor those that are derived from ours", () => {
  class Shouting extends FemtoTextFormatter {}
  const changed = Object.assign(new FemtoTextFormatter(), { format: () => {} });
  for (const formatter of [{ format: () => {} }, new Shouting(), changed]) {
    expect(describeFormatter(formatter)).toBeUndefined();
  }
});

test("createFormatter() refuses a kind that it does not know", () => {
  expect(() => createFormatter({ kind: "xml", options: {} } as unknown as FormatterDescriptor)).toThrow(
    new RangeError('Cannot make a formatter: its kind is "xml", must be one of json, text, pretty'),
  );
});
