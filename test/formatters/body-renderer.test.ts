import { expect, test } from "vitest";
import { OutputBuffer } from "../../processors/shape/output.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { BodyRenderer } from "../../src/formatters/body-renderer.ts";
import { makeRecord } from "./make-record.ts";

/** Writes 1, 2, 3; fails, in the middle of a record, at the numbers given. */
class Counter implements FemtoFormatter {
  readonly #failures: readonly number[];
  #count = 0;

  constructor(...failures: readonly number[]) {
    this.#failures = failures;
  }

  format(_record: unknown, out: OutputBuffer): void {
    this.#count++;
    out.ascii(String(this.#count));
    if (this.#failures.includes(this.#count)) throw new Error("no");
  }
}

const ARRAY = { opening: "[", separator: ",", closing: "]" };

function render(renderer: BodyRenderer, count: number, into?: OutputBuffer): string {
  for (let i = 0; i < count; i++) {
    try {
      renderer.add(makeRecord({}));
    } catch {
      // Counted by the consumer.
    }
  }
  return Buffer.from(renderer.finish(into)).toString();
}

test("BodyRenderer puts a frame around the records, batch after batch", () => {
  const renderer = new BodyRenderer(new Counter(), ARRAY);
  expect([render(renderer, 3), render(renderer, 1), render(renderer, 0)]).toEqual(["[1,2,3]", "[4]", ""]);
});

test.each([
  [[1], "[2,3]"],
  [[2], "[1,3]"],
  [[3], "[1,2]"],
  [[1, 2, 3], ""],
])("BodyRenderer leaves nothing of records whose formatter failed: %o", (failures, expected) => {
  expect(render(new BodyRenderer(new Counter(...failures), ARRAY), 3)).toBe(expected);
});

test("BodyRenderer says how many bytes there are so far, none after the end", () => {
  const renderer = new BodyRenderer(new Counter(), ARRAY);
  renderer.add(makeRecord({}));
  expect(renderer.byteCount).toBe(2);
  renderer.finish();
  expect(renderer.byteCount).toBe(0);
});

test("BodyRenderer fills what it is given, and leaves it alone afterwards", () => {
  const renderer = new BodyRenderer(new Counter(), { opening: "", separator: "\n", closing: "\n" });
  const into = new OutputBuffer(16);
  into.ascii("old");
  expect(render(renderer, 2, into)).toBe("1\n2\n");
  render(renderer, 2);
  expect(Buffer.from(into.written()).toString()).toBe("1\n2\n");
});
