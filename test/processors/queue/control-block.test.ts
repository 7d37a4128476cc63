import { expect, test } from "vitest";
import * as layout from "../../../processors/queue/queue-layout.ts";

const {
  COUNTERS_AT,
  COUNTERS_MAX,
  EXPORTS_AT,
  HANDLER_NAME_BYTES,
  INTENT_AT,
  INTENT_RUNS_AT,
  INTENT_RUNS_MAX,
  NAME_AT,
} = layout;

test("the parts of a control block lie one behind the other", () => {
  const words = Object.entries(layout).filter(([name]) => name.endsWith("_WORD"));
  const lastWord = Math.max(...words.map(([, word]) => word as number));
  const ends = [
    [4 * (lastWord + 1), COUNTERS_AT],
    [COUNTERS_AT + 8 * COUNTERS_MAX, NAME_AT],
    [NAME_AT + 1 + HANDLER_NAME_BYTES, INTENT_AT],
    [INTENT_RUNS_AT + 8 * INTENT_RUNS_MAX, EXPORTS_AT],
  ];
  for (const [end, next] of ends) expect(end).toBeLessThanOrEqual(next as number);
});

test("each word and each counter has a place of its own, and counters have room", () => {
  const isLaneCounter = (name: string): boolean =>
    ["PUBLISHED", "QUEUE_FULL", "TOO_LARGE", "ALREADY_SHUTDOWN", "TAKEN_BACK", "LANE_FILTERED"].some(
      (lane) => name === `${lane}_COUNTER`,
    );
  const placesOf = (suffix: string): number[] =>
    Object.entries(layout)
      .filter(([name]) => name.endsWith(suffix) && !isLaneCounter(name))
      .map(([, place]) => place as number);
  for (const places of [placesOf("_WORD"), placesOf("_COUNTER")]) {
    expect(places.length).toBeGreaterThan(10);
    expect(new Set(places).size).toBe(places.length);
  }
  expect(Math.max(...placesOf("_COUNTER"))).toBeLessThan(COUNTERS_MAX);
});
