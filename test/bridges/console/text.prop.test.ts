import { format } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { captureConsole } from "../../../src/bridges/index.ts";
import { collect } from "../../logger/collect.ts";
import { untilTestEnd } from "../captured.ts";

const value = fc.oneof(
  fc.string(),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  fc.string().map((message) => new Error(message)),
  fc.constantFrom(Symbol("s"), undefined, null, Number.NaN, -0, () => 1, Buffer.from("ab")),
);
const text = fc
  .array(fc.constantFrom("%s", "%d", "%i", "%f", "%j", "%o", "%O", "%c", "%%", "%", " a", "é"))
  .map((parts) => parts.join(""));
const values = fc.oneof(fc.array(value, { maxLength: 5 }), fc.tuple(text, value, value), fc.tuple(text));

function textOf(given: readonly unknown[]): string | undefined {
  try {
    return format(...given);
  } catch {
    return undefined;
  }
}

test("the body of a record of the console is what util.format makes of the arguments, whatever they are", async () => {
  const { logging, take } = collect();
  untilTestEnd(captureConsole({ logging, forward: false }));
  const expected: string[] = [];
  fc.assert(
    fc.property(values, (given) => {
      const body = textOf(given);
      // There are values that Node cannot show; "kept" in the other tests is about those.
      fc.pre(body !== undefined);
      expected.push(body);
      console.log(...given);
    }),
    { numRuns: 500 },
  );
  const bodies = (await take()).map(({ body }) => body);
  expect(bodies).toEqual(expected);
});
