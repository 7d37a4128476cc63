import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FemtoOtlpHttpHandler, type OtlpHttpHandlerOptions } from "../../src/index.ts";
import { OtlpReceiver, type ReceiverAnswer } from "../../src/receiver/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { configErrorOf, endWithTest, troublesOfTest } from "./fixture.ts";

async function receive(
  options: Partial<OtlpHttpHandlerOptions> = {},
  ...answers: readonly ReceiverAnswer[]
): Promise<{
  readonly receiver: OtlpReceiver;
  readonly handler: FemtoOtlpHttpHandler;
  readonly arrived: () => number[];
}> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  for (const answer of answers) receiver.respond(answer);
  const handler = endWithTest(new FemtoOtlpHttpHandler({ ...options, url: receiver.url }));
  const arrived = (): number[] => receiver.records.map(({ attributes }) => Number(attributes.get("i")));
  return { receiver, handler, arrived };
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((left, right) => left - right);
}

describe("FemtoOtlpHttpHandler: delivery", () => {
  test("several requests under way: everything arrives once, and a flush waits for all of them", async () => {
    const { receiver, handler, arrived } = await receive(
      { maxConcurrentRequests: 4, maxExportBatchSize: 500 },
      ...[80, 5, 40, 1].map((delayMillis) => ({ delayMillis })),
    );
    logNumbers(loggerOf(handler), { to: 5000 });
    await handler.forceFlush();
    expect(ascending(arrived())).toEqual(numbers({ to: 5000 }));
    expect(receiver.counts.requests).toBe(10);
    expect(handler.stats()).toMatchObject({ delivered: 5000, queued: 0, batches: 10 });
  });

  test.each([
    { protocol: "http/json", compression: "none" },
    { protocol: "http/json", compression: "gzip" },
    { protocol: "http/protobuf", compression: "gzip" },
  ] as const)("%o", async (options) => {
    const { receiver, handler, arrived } = await receive(options);
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect(arrived()).toEqual(numbers({ to: 100 }));
    expect(receiver.requests[0]).toMatchObject({
      encoding: options.protocol === "http/json" ? "json" : "protobuf",
      compression: options.compression === "gzip" ? "gzip" : "identity",
    });
  });

  test("a request that is tried again holds nothing else up", async () => {
    troublesOfTest();
    const { handler, arrived } = await receive(
      { maxConcurrentRequests: 2, maxExportBatchSize: 100 },
      { status: 503 },
    );
    logNumbers(loggerOf(handler), { to: 1000 });
    await vi.waitFor(() => expect(arrived().length).toBeGreaterThanOrEqual(900), { timeout: 5000 });
    await handler.forceFlush();
    expect(ascending(arrived())).toEqual(numbers({ to: 1000 }));
  });

  test("what the peer refuses in part, and for good, is counted and told", async () => {
    const troubles = troublesOfTest();
    const { handler } = await receive(
      { maxConcurrentRequests: 1, maxExportBatchSize: 10 },
      { partialSuccess: { rejected: 3, message: "too old" } },
      { status: 400 },
    );
    logNumbers(loggerOf(handler), { to: 30 });
    await handler.forceFlush();
    const { delivered, dropped, queued } = handler.stats();
    expect({ delivered, queued }).toEqual({ delivered: 17, queued: 0 });
    expect([dropped.rejected, dropped.export_failed]).toEqual([3, 10]);
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("too old"));
  });

  test("what the peer refuses again and again is counted each time, and told once a minute", async () => {
    const troubles = troublesOfTest();
    const { handler } = await receive(
      { maxConcurrentRequests: 1, maxExportBatchSize: 10 },
      { partialSuccess: { rejected: 3, message: "too old" }, times: 5 },
    );
    logNumbers(loggerOf(handler), { to: 50 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 35, queued: 0, dropped: { rejected: 15 } });
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("too old"));
    expect(troubles.filter((trouble) => trouble.includes("too old"))).toHaveLength(1);
  });

  test("OTEL_EXPORTER_OTLP_TIMEOUT bounds a batch with its retries", { timeout: 30_000 }, async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "1500");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const troubles = troublesOfTest();
    const { receiver, handler } = await receive({}, { status: 503, times: Number.POSITIVE_INFINITY });
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 0, queued: 0, dropped: { export_failed: 10 } });
    expect(receiver.counts.requests).toBeGreaterThan(0);
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("status 503"));
  });

  test("a batch that is refused for its size arrives in halves, in order", async () => {
    const { receiver, handler, arrived } = await receive({ maxConcurrentRequests: 1 }, { status: 413 });
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect(arrived()).toEqual(numbers({ to: 100 }));
    expect(receiver.counts.requests).toBe(3);
    expect(handler.stats()).toMatchObject({ delivered: 100, queued: 0, batches: 1 });
  });

  test("drop-oldest while the peer is away: the newest arrive, and the counters add up", async () => {
    troublesOfTest();
    const { receiver, handler, arrived } = await receive(
      { overflow: "drop-oldest", queueBytes: 65_536, maxConcurrentRequests: 1, maxExportBatchSize: 100 },
      { status: 503, times: Number.POSITIVE_INFINITY },
    );
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 2000 });
    await vi.waitFor(() => expect(receiver.counts.requests).toBeGreaterThan(0));
    logNumbers(logger, { from: 2000, to: 6000 });
    receiver.resetAnswers();
    await handler.forceFlush();
    const { emitted, delivered, queued, dropped } = handler.stats();
    // After a second the handler logs what it has dropped: a record of its own, without a number.
    const arrivedNumbers = arrived().filter((number) => Number.isInteger(number));
    expect(emitted).toBeGreaterThanOrEqual(6000);
    expect(delivered + dropped.queue_full + queued).toBe(emitted);
    expect(arrived()).toHaveLength(delivered);
    expect(arrivedNumbers.at(-1)).toBe(5999);
  });
});

describe("FemtoOtlpHttpHandler: wrong options", () => {
  test.each([
    [{ url: "localhost:4318" }, '"url" is "localhost:4318", must be'],
    [{ url: "ftp://localhost/v1/logs" }, '"url" is "ftp://localhost/v1/logs", must be'],
    [{ endpoint: "http://localhost:4318" }, 'did you mean "url"?'],
    [{ protocol: "grpc" }, '"protocol" is "grpc", must be one of "http/protobuf", "http/json"'],
    [{ protocol: "grpc" }, "this handler speaks HTTP, FemtoOtlpGrpcHandler gRPC"],
    [{ timeoutMillis: "10s" }, '"timeoutMillis" is "10s", must be'],
    [{ maxConcurrentRequests: 0 }, '"maxConcurrentRequests" is 0, must be at least 1'],
    [{ maxExportBatchSize: 100, maxQueueSize: 10 }, '"maxExportBatchSize" is 100, must'],
  ])("%o", (options, expected) => {
    const text = configErrorOf(() => new FemtoOtlpHttpHandler(options as OtlpHttpHandlerOptions));
    expect(text).toContain('Cannot start handler "otlp-http"');
    expect(text).toContain(expected);
  });

  test("secrets do not get into the error", () => {
    const options = {
      url: "ftp://user:password@host",
      headers: { authorization: 7 },
    } as unknown as OtlpHttpHandlerOptions;
    const text = configErrorOf(() => new FemtoOtlpHttpHandler(options));
    expect(text).toContain("2 faults");
    expect(text).not.toContain("password");
  });
});
