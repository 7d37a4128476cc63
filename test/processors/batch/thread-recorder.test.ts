import { expect, test } from "vitest";

import { ThreadRecorder } from "../../../processors/batch/thread-recorder.ts";
import { createArena } from "../../../processors/queue/arena.ts";

test("route() leads nowhere once the thread has ended: its slot may be another's by then", () => {
  const arena = createArena();
  const recorder = new ThreadRecorder(arena, 0);
  const handler = arena.openHandler(65_536);
  const before = recorder.route(1 << handler, 0);
  expect(before.isEmpty).toBe(false);
  const generation = arena.words[16]!;
  recorder.end();
  expect(recorder.route(1 << handler, 0).isEmpty).toBe(true);
  // Whoever has kept a route asks for another.
  expect(arena.words[16]).toBe(generation + 1);
});
