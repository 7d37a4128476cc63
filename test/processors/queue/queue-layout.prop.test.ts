import * as fc from "fast-check";
import { expect, test } from "vitest";

import { THREAD_COUNT } from "../../../processors/queue/layout.ts";
import {
  CONTROL_BYTES,
  LANE_RING_AT,
  layOutQueue,
  SEGMENT_HEAD_BYTES,
  segmentSizes,
} from "../../../processors/queue/queue-layout.ts";

/** The range that `queueBytes` may have; see processor-options.ts. */
const anyQueueBytes = fc
  .oneof(
    fc.integer({ min: 65_536, max: 1_073_741_824 }),
    fc.integer({ min: 65_536, max: 4_194_304 }),
    fc
      .integer({ min: 16, max: 30 })
      .chain((power) => fc.integer({ min: -1, max: 1 }).map((step) => 2 ** power + step)),
  )
  .filter((bytes) => bytes >= 65_536 && bytes <= 1_073_741_824);

test("segmentSizes() cuts queueBytes into 16 to 1024 segments of a power of two, wasting less than one", () => {
  fc.assert(
    fc.property(anyQueueBytes, (queueBytes) => {
      const { segmentBytes, segmentCount } = segmentSizes(queueBytes);
      expect(Math.log2(segmentBytes) % 1).toBe(0);
      expect(segmentBytes).toBeGreaterThanOrEqual(4096);
      expect(segmentCount).toBeGreaterThanOrEqual(16);
      expect(segmentCount).toBeLessThanOrEqual(1024);
      expect(queueBytes - segmentBytes * segmentCount).toBeGreaterThanOrEqual(0);
      expect(queueBytes - segmentBytes * segmentCount).toBeLessThan(segmentBytes);
    }),
  );
});

test("layOutQueue() puts control block, lanes, heads and segments one after another, on lines of their own", () => {
  fc.assert(
    fc.property(anyQueueBytes, fc.nat(1_000_000), (queueBytes, unit) => {
      const at = unit * 128;
      const sizes = segmentSizes(queueBytes);
      const queue = layOutQueue(at, sizes);
      expect(queue.lanesAt).toBeGreaterThanOrEqual(at + CONTROL_BYTES);
      expect(queue.laneBytes).toBeGreaterThanOrEqual(LANE_RING_AT + sizes.segmentCount * 4);
      expect(queue.headsAt).toBeGreaterThanOrEqual(queue.lanesAt + queue.laneBytes * THREAD_COUNT);
      expect(queue.segmentsAt).toBeGreaterThanOrEqual(
        queue.headsAt + sizes.segmentCount * SEGMENT_HEAD_BYTES,
      );
      expect(queue.end).toBe(queue.segmentsAt + sizes.segmentCount * sizes.segmentBytes);
      for (const place of [queue.lanesAt, queue.laneBytes, queue.headsAt, queue.segmentsAt]) {
        expect(place % 128).toBe(0);
      }
    }),
  );
});
