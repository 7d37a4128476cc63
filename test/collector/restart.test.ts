import { join } from "node:path";
import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";

import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../handlers/fixture.ts";
import { makeFolder, startLocal, writtenNumbers, writtenRecords } from "./collector.ts";
import { TRANSPORTS, type TransportOptions } from "./transports.ts";

/** Small requests, so that there are many of them, and patience. */
const OPTIONS: TransportOptions = {
  maxExportBatchSize: 100,
  maxConcurrentRequests: 4,
  retryTimeoutMillis: 0,
  overflow: "block",
  blockTimeoutMillis: 60_000,
};
const LONG = { timeout: 60_000, interval: 5 };

/** A record is in the file before the collector answers: no batches in memory, no buffer before the file. */
const WRITES_BEFORE_IT_ANSWERS = {
  "service.pipelines.logs.processors": "[memory_limiter]",
  "exporters.file.rotation.max_megabytes": "1000",
};

const ENDS = [
  { end: "kill", words: "killed", settings: WRITES_BEFORE_IT_ANSWERS },
  { end: "stop", words: "stopped", settings: {} },
] as const;

describe.for(TRANSPORTS)("$name", ({ open }) => {
  test.for(ENDS)(
    "a collector that is $words in mid-stream and started again: nothing is lost",
    async ({ end, settings }) => {
      const troubles = troublesOfTest();
      const folder = makeFolder();
      const paths = [join(folder, "first.jsonl"), join(folder, "second.jsonl")] as const;
      const first = await startLocal({ path: paths[0], settings });
      const handler = endWithTest(open(first, OPTIONS));
      const logger = loggerOf(handler);
      logNumbers(logger, { to: 10_000 });
      await vi.waitFor(() => expect(readFileSync(paths[0]).length).toBeGreaterThan(0), LONG);
      const ended = first[end]();
      logNumbers(logger, { from: 10_000, to: 20_000 });
      await ended;
      expect(handler.stats().delivered).toBeLessThan(20_000);
      await vi.waitFor(() => expect(troubles.join("\n")).toContain("tried again"), LONG);

      const { httpEndpoint, grpcEndpoint } = first;
      const second = await startLocal({
        path: paths[1],
        settings,
        ...(httpEndpoint !== undefined && { httpEndpoint }),
        ...(grpcEndpoint !== undefined && { grpcEndpoint }),
      });
      await handler.forceFlush({ timeoutMillis: 60_000 });
      expect(handler.stats()).toMatchObject({ emitted: 20_000, delivered: 20_000, droppedTotal: 0 });
      await second.stop();

      const written = paths.map((path) => writtenNumbers(writtenRecords(path)));
      expect(written[0]).not.toHaveLength(0);
      expect(written[1]).not.toHaveLength(0);
      expect([...new Set(written.flat())].toSorted((one, other) => one - other)).toEqual(
        numbers({ to: 20_000 }),
      );
      // What was under way when it ended, and only that, may be there twice.
      expect(written.flat().length - 20_000).toBeLessThanOrEqual(4 * 100);
    },
  );

  test("a collector whose memory limiter refuses records gets all of them once it has room", async () => {
    const troubles = troublesOfTest();
    const path = join(makeFolder(), "logs.jsonl");
    const collector = await startLocal({
      path,
      settings: {
        "processors.memory_limiter.limit_mib": "60",
        "processors.memory_limiter.spike_limit_mib": "30",
        "processors.memory_limiter.check_interval": "20ms",
        "processors.memory_limiter.min_gc_interval_when_soft_limited": "100ms",
        // Holds what comes for so long, and with that the memory.
        "processors.batch.send_batch_size": "10000000",
        "processors.batch.timeout": "1s",
      },
    });
    const handler = endWithTest(open(collector, { ...OPTIONS, queueBytes: 67_108_864 }));
    const logger = loggerOf(handler);
    const padding = "x".repeat(2_000);
    for (let i = 0; i < 20_000; i++) logger.info("record {i}", { i, padding });
    const refusal = /data refused due to high memory usage.*tried again/s;
    await vi.waitFor(() => expect(troubles.join("\n")).toMatch(refusal), LONG);
    await handler.forceFlush({ timeoutMillis: 100_000 });
    expect(handler.stats()).toMatchObject({ emitted: 20_000, delivered: 20_000, droppedTotal: 0 });
    await collector.stop();
    const written = writtenNumbers(writtenRecords(path));
    expect(written.toSorted((one, other) => one - other)).toEqual(numbers({ to: 20_000 }));
  });
});
