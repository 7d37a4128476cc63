import * as fc from "fast-check";
import { expect, test } from "vitest";

import { OtlpLinesRenderer } from "../../proto/otlp-lines-renderer.ts";
import { numbersInOtlpLines } from "../support/otlp-lines.ts";
import { recordOf, resourceOf, scopeOf, shapeOf } from "./otlp-records.ts";

const resources = [
  resourceOf({ "service.name": "shop" }),
  resourceOf({ "service.name": "bank", long: "x".repeat(300) }),
];
const shapes = ["a", "b", "c", "d"].map((name, index) =>
  shapeOf({ scope: scopeOf(name, { resource: resources[index % 2]! }), keys: ["i", "text"] }),
);

/** One to four records that are added together, of which perhaps none has room. */
const group = fc.record({
  records: fc.array(fc.record({ shape: fc.nat(3), length: fc.nat(700) }), { minLength: 1, maxLength: 4 }),
  isTakenBack: fc.boolean(),
});

test("lines keep every record once, whatever is taken back, and are as long as byteCount says", () => {
  const law = fc.property(
    fc.array(group, { maxLength: 20 }),
    fc.integer({ min: 1, max: 3000 }),
    (groups, lineBytesMax) => {
      const renderer = new OtlpLinesRenderer({ lineBytesMax });
      const texts: string[] = [];
      let count = 0;
      const endBatch = (): void => {
        const { byteCount } = renderer;
        const bytes = Buffer.from(renderer.finish());
        expect(bytes.length).toBe(byteCount);
        texts.push(bytes.toString());
      };
      for (const { records, isTakenBack } of groups) {
        const before = renderer.byteCount;
        for (const { shape, length } of records) {
          renderer.add(recordOf({ shape: shapes[shape]!, values: [count++, "y".repeat(length)] }));
        }
        if (!isTakenBack) continue;
        // As it goes when a file is full: the batch without them is written, and they are the first of the next one.
        const taken = renderer.takeBack(before);
        expect(renderer.byteCount).toBe(before);
        endBatch();
        renderer.addBytes(taken);
      }
      endBatch();
      const all = texts.map((text) => numbersInOtlpLines(text));
      expect(all.flat().toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: count }, (_, i) => i),
      );
      // Batches follow one another, and so do the lines of a batch.
      const lines = texts.flatMap((text) => text.split("\n").slice(0, -1));
      let last = -1;
      for (const line of lines) {
        const numbers = numbersInOtlpLines(`${line}\n`);
        expect(Math.min(...numbers)).toBe(last + 1);
        last = Math.max(...numbers);
        if (numbers.length > 1) expect(line.length + 1).toBeLessThanOrEqual(lineBytesMax);
      }
    },
  );
  fc.assert(law);
});
