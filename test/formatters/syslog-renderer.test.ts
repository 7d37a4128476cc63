import { expect, test } from "vitest";
import type { OutputBuffer } from "../../processors/shape/output.ts";
import { SyslogRenderer, type SyslogFraming } from "../../src/formatters/syslog-renderer.ts";
import { makeRecord } from "./make-record.ts";

function render(
  texts: readonly string[],
  framing: SyslogFraming,
): { readonly text: string; readonly cutCount: number } {
  const waiting = [...texts];
  const formatter = { format: (_: unknown, out: OutputBuffer) => out.text(waiting.shift() ?? "") };
  const renderer = new SyslogRenderer(formatter, { framing, maxMessageBytes: 480 });
  for (const _ of texts) renderer.add(makeRecord({}));
  return { text: Buffer.from(renderer.finish()).toString("utf8"), cutCount: renderer.takeCutCount() };
}

test.each([
  ["octet-counting", "2 a1\u0033 é1"],
  ["newline", "a1\né1\n"],
  ["nul", "a1\0é1\0"],
] as const)("%s", (framing, expected) => {
  expect(render(["a1", "é1"], framing)).toEqual({ text: expected, cutCount: 0 });
});

test.each([
  ["x".repeat(480), "x".repeat(480), 0],
  ["x".repeat(481), `${"x".repeat(477)}…`, 1],
  ["é".repeat(241), `${"é".repeat(238)}…`, 1],
  [`x${"💥".repeat(200)}`, `x${"💥".repeat(119)}…`, 1],
])(
  "a message of more than maxMessageBytes is cut between two characters, marked and counted: %#",
  (text, expected, cutCount) => {
    const length = Buffer.byteLength(expected);
    expect(length).toBeLessThanOrEqual(480);
    expect(render([text], "octet-counting")).toEqual({ text: `${length} ${expected}`, cutCount });
  },
);

test("batches follow each other, and cuts are counted from one question to the next", () => {
  const formatter = { format: (_: unknown, out: OutputBuffer) => out.ascii("x".repeat(500)) };
  const renderer = new SyslogRenderer(formatter, { framing: "newline", maxMessageBytes: 480 });
  renderer.add(makeRecord({}));
  expect(renderer.byteCount).toBe(481);
  expect(renderer.finish()).toHaveLength(481);
  expect(renderer.byteCount).toBe(0);
  expect(renderer.finish()).toHaveLength(0);
  renderer.add(makeRecord({}));
  renderer.add(makeRecord({}));
  expect(renderer.finish()).toHaveLength(962);
  expect([renderer.takeCutCount(), renderer.takeCutCount()]).toEqual([3, 0]);
});
