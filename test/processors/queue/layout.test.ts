import { expect, test } from "vitest";

import * as arenaLayout from "../../../processors/queue/layout.ts";
import { EXPORTS_BYTES } from "../../../processors/queue/export-layout.ts";
import * as queueLayout from "../../../processors/queue/queue-layout.ts";

const REGIONS: readonly { readonly name: string; readonly at: number; readonly bytes: number }[] = [
  { name: "header", at: 0, bytes: arenaLayout.HEADER_BYTES },
  {
    name: "threads",
    at: arenaLayout.THREADS_AT,
    bytes: arenaLayout.THREAD_COUNT * arenaLayout.THREAD_SLOT_BYTES,
  },
  {
    name: "handlers",
    at: arenaLayout.HANDLERS_AT,
    bytes: arenaLayout.HANDLER_COUNT * arenaLayout.HANDLER_SLOT_BYTES,
  },
  {
    name: "loggers",
    at: arenaLayout.LOGGERS_AT,
    bytes: arenaLayout.LOGGER_COUNT * arenaLayout.LOGGER_SLOT_BYTES,
  },
  { name: "names", at: arenaLayout.NAMES_AT, bytes: arenaLayout.NAMES_BYTES },
  { name: "block owners", at: arenaLayout.BLOCK_OWNERS_AT, bytes: arenaLayout.DEFINITION_BLOCK_COUNT * 4 },
  {
    name: "definitions",
    at: arenaLayout.DEFINITIONS_AT,
    bytes: arenaLayout.DEFINITION_BLOCK_COUNT * arenaLayout.DEFINITION_BLOCK_BYTES,
  },
  {
    name: "large",
    at: arenaLayout.LARGE_AT,
    bytes:
      arenaLayout.SMALL_LARGE_SLOT_COUNT * arenaLayout.SMALL_LARGE_SLOT_BYTES +
      arenaLayout.BIG_LARGE_SLOT_COUNT * arenaLayout.BIG_LARGE_SLOT_BYTES,
  },
  { name: "queues", at: arenaLayout.QUEUES_AT, bytes: arenaLayout.ARENA_BYTES - arenaLayout.QUEUES_AT },
];

test("the regions of the arena follow one another without overlap", () => {
  let end = 0;
  for (const region of REGIONS) {
    expect(region.at, region.name).toBeGreaterThanOrEqual(end);
    end = region.at + region.bytes;
  }
  expect(end).toBe(arenaLayout.ARENA_BYTES);
});

test("the regions of the arena begin on cache lines, so that words and float64s in them are aligned", () => {
  for (const region of REGIONS) expect(region.at % 64, region.name).toBe(0);
  expect(arenaLayout.QUEUES_AT % 128).toBe(0);
});

test("the header words have a place each, within the header", () => {
  const words = [
    arenaLayout.MAGIC_WORD,
    arenaLayout.VERSION_WORD,
    arenaLayout.GENERATION_WORD,
    arenaLayout.CONFIG_LOCK_WORD,
    arenaLayout.LOGGER_COUNT_WORD,
    arenaLayout.NAME_BYTES_WORD,
    arenaLayout.SYSTEM_COUNT_WORD,
    arenaLayout.QUEUE_BYTES_WORD,
    arenaLayout.DISABLED_UP_TO_WORD,
  ];
  expect(new Set(words).size).toBe(words.length);
  expect(Math.max(...words)).toBeLessThan(arenaLayout.HEADER_BYTES / 4);
});

test("a thread's slot has room for the numbers of all its definition blocks", () => {
  expect((arenaLayout.THREAD_BLOCKS + arenaLayout.THREAD_BLOCKS_MAX) * 4).toBeLessThanOrEqual(
    arenaLayout.THREAD_SLOT_BYTES,
  );
});

test("the words of a queue that different sides store stand on cache lines of their own", () => {
  const lines = [
    queueLayout.SLEEP_WORD,
    queueLayout.WAKE_WORD,
    queueLayout.FLUSH_REQUESTED_WORD,
    queueLayout.FLUSH_SERVED_WORD,
    queueLayout.OWNER_WORD,
    queueLayout.STOP_WORD,
    queueLayout.CONSUMER_STATE_WORD,
    queueLayout.CLOSED_WORD,
    queueLayout.FREED_WORD,
    queueLayout.WAITERS_WORD,
    queueLayout.REOPEN_REQUESTED_WORD,
    queueLayout.SEGMENT_COUNT_WORD,
    queueLayout.INTENT_RUNS_WORD,
    queueLayout.URGENT_WORD,
    queueLayout.GATHER_WORD,
  ].map((word) => Math.floor(word / 16));
  expect(new Set(lines).size).toBe(lines.length);
  expect(Math.max(...lines) * 64 + 64).toBeLessThanOrEqual(queueLayout.COUNTERS_AT);
});

test("counters, intent and exports of a queue follow one another within the control block", () => {
  const { COUNTERS_AT, INTENT_AT, INTENT_RUNS_AT, INTENT_RUNS_MAX, CONTROL_BYTES } = queueLayout;
  expect(COUNTERS_AT % 8).toBe(0);
  expect(COUNTERS_AT + (queueLayout.RENDER_FAILED_COUNTER + 1) * 8).toBeLessThanOrEqual(INTENT_AT);
  expect(INTENT_AT % 8).toBe(0);
  expect(INTENT_AT + 3 * 8).toBeLessThanOrEqual(INTENT_RUNS_AT);
  expect(INTENT_RUNS_AT + INTENT_RUNS_MAX * 8).toBeLessThanOrEqual(queueLayout.EXPORTS_AT);
  expect(queueLayout.EXPORTS_AT + EXPORTS_BYTES).toBeLessThanOrEqual(CONTROL_BYTES);
});

test("a lane's counters stand before its ring", () => {
  const { LANE_COUNTERS_AT, LANE_RING_AT, TAKEN_BACK_COUNTER } = queueLayout;
  expect(LANE_COUNTERS_AT % 64).toBe(0);
  expect(LANE_COUNTERS_AT + (TAKEN_BACK_COUNTER + 1) * 8).toBeLessThanOrEqual(LANE_RING_AT);
});
