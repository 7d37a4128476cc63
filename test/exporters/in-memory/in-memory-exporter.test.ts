import { LoggerProvider, type ReadableLogRecord, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { describe, expect, test } from "vitest";
import { FemtoInMemoryExporter } from "../../../src/index.ts";

function recordOf(body: string): ReadableLogRecord {
  return { body } as ReadableLogRecord;
}

describe("FemtoInMemoryExporter", () => {
  test("keeps what it is given, oldest first, until reset()", () => {
    const exporter = new FemtoInMemoryExporter();
    const codes: number[] = [];
    exporter.export([recordOf("a"), recordOf("b")], ({ code }) => codes.push(code));
    exporter.export([recordOf("c")], ({ code }) => codes.push(code));
    expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual(["a", "b", "c"]);
    exporter.reset();
    expect(exporter.getFinishedLogRecords()).toEqual([]);
    expect(codes).toEqual([0, 0]);
  });

  test("getFinishedLogRecords() is a copy", () => {
    const exporter = new FemtoInMemoryExporter();
    exporter.export([recordOf("a")], () => {});
    exporter.getFinishedLogRecords().pop();
    expect(exporter.getFinishedLogRecords()).toHaveLength(1);
  });

  test("fails after shutdown(), and keeps what it has", async () => {
    const exporter = new FemtoInMemoryExporter();
    exporter.export([recordOf("a")], () => {});
    await exporter.forceFlush();
    await exporter.shutdown();
    let failure: Error | undefined;
    exporter.export([recordOf("late")], ({ error }) => {
      failure = error;
    });
    expect(failure?.message).toBe("Cannot export: the in-memory exporter is shut down");
    expect(exporter.getFinishedLogRecords()).toHaveLength(1);
  });

  test("takes a large batch", () => {
    const exporter = new FemtoInMemoryExporter();
    exporter.export(
      Array.from({ length: 500_000 }, () => recordOf("a")),
      () => {},
    );
    expect(exporter.getFinishedLogRecords()).toHaveLength(500_000);
  });

  test("works with the processors of the stock SDK", async () => {
    const exporter = new FemtoInMemoryExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    provider.getLogger("shop").emit({ body: "simple" });
    await provider.forceFlush();
    expect(exporter.getFinishedLogRecords()[0]?.body).toBe("simple");
    await provider.shutdown();
  });
});
