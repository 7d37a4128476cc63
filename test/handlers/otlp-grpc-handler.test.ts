import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FemtoOtlpGrpcHandler, type OtlpGrpcHandlerOptions } from "../../src/index.ts";
import { OtlpReceiver, type OtlpReceiverOptions, type ReceiverAnswer } from "../../src/receiver/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { startProxy } from "../support/proxy-server.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

interface Received {
  readonly receiver: OtlpReceiver;
  readonly handler: FemtoOtlpGrpcHandler;
  readonly arrived: () => number[];
}

async function startReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start({ grpcPort: 0, ...options });
  onTestFinished(() => receiver.stop());
  return receiver;
}

async function receive(
  options: Partial<OtlpGrpcHandlerOptions> = {},
  ...answers: readonly ReceiverAnswer[]
): Promise<Received> {
  const receiver = await startReceiver();
  for (const answer of answers) receiver.respond(answer);
  const handler = endWithTest(new FemtoOtlpGrpcHandler({ url: receiver.grpcUrl, ...options }));
  return { receiver, handler, arrived: () => numbersOf(receiver) };
}

function numbersOf({ records }: OtlpReceiver): number[] {
  return records.map(({ attributes }) => Number(attributes.get("i")));
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((left, right) => left - right);
}

describe("FemtoOtlpGrpcHandler: delivery", () => {
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

  test.each([{ compression: "gzip" }, { thread: "inline" }] as const)("%o", async (options) => {
    const { receiver, handler, arrived } = await receive(options);
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect(arrived()).toEqual(numbers({ to: 100 }));
    const compression = "compression" in options ? "gzip" : "identity";
    expect(receiver.requests[0]).toMatchObject({ encoding: "protobuf", compression, grpcStatus: 0 });
    expect(receiver.requests[0]!.headers["user-agent"]).toMatch(
      /^femtologging\/\S+ OTel-OTLP-Exporter-JavaScript\/\S+ grpc-node-js\/\d+\.\d+\.\d+$/,
    );
  });

  test("host:port with insecure, and over TLS with a certificate of our own", async () => {
    const server = makeCertificate("collector");
    const client = makeCertificate("sender");
    const plain = await startReceiver();
    const secure = await startReceiver({ tls: { ...server, ca: client.cert, requestCert: true } });
    const to = ({ grpcUrl }: OtlpReceiver): string => new URL(grpcUrl).host;
    const handlers = [
      new FemtoOtlpGrpcHandler({ url: to(plain), insecure: true }),
      new FemtoOtlpGrpcHandler({ url: to(secure), tls: { ca: server.cert, ...client } }),
    ].map(endWithTest);
    logNumbers(loggerOf(...handlers), { to: 10 });
    await Promise.all(handlers.map((handler) => handler.forceFlush()));
    expect(numbersOf(plain)).toEqual(numbers({ to: 10 }));
    expect(numbersOf(secure)).toEqual(numbers({ to: 10 }));
  });

  test("a wrong certificate is said once, and what it costs is counted", async () => {
    const troubles = troublesOfTest();
    const receiver = await startReceiver({ tls: makeCertificate("collector") });
    const handler = endWithTest(
      new FemtoOtlpGrpcHandler({ url: receiver.grpcUrl, maxExportBatchSize: 10, scheduledDelayMillis: 0 }),
    );
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 0, dropped: { export_failed: 100 } });
    await vi.waitFor(() => expect(troubles.join()).toContain("self-signed certificate"));
    expect(troubles.filter((trouble) => trouble.includes("self-signed certificate"))).toHaveLength(1);
  });

  test("a request that is tried again holds nothing else up", async () => {
    troublesOfTest();
    const { handler, arrived } = await receive(
      { maxConcurrentRequests: 2, maxExportBatchSize: 100 },
      { grpcStatus: 14 },
    );
    logNumbers(loggerOf(handler), { to: 1000 });
    await vi.waitFor(() => expect(arrived().length).toBeGreaterThanOrEqual(900), { timeout: 20_000 });
    await handler.forceFlush();
    expect(ascending(arrived())).toEqual(numbers({ to: 1000 }));
  });

  test("what the peer refuses in part, and for good, is counted and told", async () => {
    const troubles = troublesOfTest();
    const { handler } = await receive(
      { maxConcurrentRequests: 1, maxExportBatchSize: 10 },
      { partialSuccess: { rejected: 3, message: "too old" } },
      { grpcStatus: 3 },
    );
    logNumbers(loggerOf(handler), { to: 30 });
    await handler.forceFlush();
    const { delivered, dropped, queued } = handler.stats();
    expect({ delivered, queued }).toEqual({ delivered: 17, queued: 0 });
    expect([dropped.rejected, dropped.export_failed]).toEqual([3, 10]);
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("too old"));
  });

  test("a batch that is too large for the peer goes in several requests", async () => {
    const troubles = troublesOfTest();
    const receiver = await startReceiver({ bodyBytesMax: 65_536 });
    const handler = endWithTest(
      new FemtoOtlpGrpcHandler({ url: receiver.grpcUrl, maxConcurrentRequests: 1 }),
    );
    logNumbers(loggerOf(handler), { to: 4000 });
    await handler.forceFlush();
    expect(numbersOf(receiver)).toEqual(numbers({ to: 4000 }));
    expect(handler.stats()).toMatchObject({ delivered: 4000, droppedTotal: 0 });
    expect(receiver.requests[0]).toMatchObject({ grpcStatus: 8 });
    await vi.waitFor(() => expect(troubles.join()).toContain("was too large for the peer"));
  });

  test("a peer that comes back gets everything, within the handler's own waits", async () => {
    const troubles = troublesOfTest();
    const { receiver, handler } = await receive({ maxConcurrentRequests: 1 });
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 10 });
    await handler.forceFlush();
    const port = Number(new URL(receiver.grpcUrl).port);
    await receiver.stop();
    logNumbers(logger, { from: 10, to: 20 });
    const flushed = handler.forceFlush();
    // Refused by the server on its way out, or by the system.
    await vi.waitFor(() => expect(troubles.join()).toContain("tried again"), { timeout: 10_000 });
    const next = await startReceiver({ grpcPort: port });
    await flushed;
    expect(numbersOf(next)).toEqual(numbers({ from: 10, to: 20 }));
  });
});

describe("FemtoOtlpGrpcHandler: options", () => {
  test.each([
    [
      { url: "ftp://localhost" },
      '"url" is "ftp://localhost", must be a URL that starts with http:// or https:// or unix://, or host:port',
    ],
    [{ url: "local host:1" }, '"url" is "local host:1", must be'],
    [{ url: "localhost:99999" }, '"url" is "localhost:99999", must be'],
    [{ endpoint: "http://localhost:4317" }, 'did you mean "url"?'],
    [{ compression: "zstd" }, '"compression" is "zstd", must be one of "none", "gzip"'],
    [{ insecure: "true" }, '"insecure" is "true", must be true or false'],
    [{ tls: { cert: "/no/such/file", key: "x" } }, "tls.cert"],
    [{ headers: { "x*y": "1" } }, '"headers.x*y" is "[hidden string]", must have a name of a-z, 0-9'],
    [{ headers: { "grpc-timeout": "1" } }, '"headers.grpc-timeout" is'],
    [{ proxy: "https://proxy:1" }, '"proxy" is "[hidden string]", must be a URL with http:'],
    [{ maxConcurrentRequests: 0 }, '"maxConcurrentRequests" is 0, must be at least 1'],
  ])("%o is an error", (options, expected) => {
    const text = configErrorOf(() => new FemtoOtlpGrpcHandler(options as OtlpGrpcHandlerOptions));
    expect(text).toContain('Cannot start handler "otlp-grpc"');
    expect(text).toContain(expected);
  });

  test("where to send and how come from the variables of OpenTelemetry", async () => {
    const troubles = troublesOfTest();
    const receiver = await startReceiver();
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    vi.stubEnv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", new URL(receiver.grpcUrl).host);
    vi.stubEnv("OTEL_EXPORTER_OTLP_INSECURE", "true");
    vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "tenant=a%20b,x*y=secret");
    vi.stubEnv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    onTestFinished(() => void vi.unstubAllEnvs());
    const handler = endWithTest(new FemtoOtlpGrpcHandler());
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    expect(numbersOf(receiver)).toEqual([0, 1, 2]);
    expect(receiver.requests[0]).toMatchObject({ compression: "gzip", headers: { tenant: "a b" } });
    await vi.waitFor(() => expect(troubles.join()).toContain('Cannot send header "x*y"'));
    expect(troubles.join()).not.toContain("secret");
  });

  test("the proxy, its headers and files of TLS reach the handler's thread", async () => {
    const folder = makeFolder();
    const path = join(folder, "token");
    writeFileSync(path, "t1");
    const certificate = makeCertificate("collector");
    const caPath = join(folder, "ca.pem");
    writeFileSync(caPath, certificate.cert);
    vi.stubEnv("OTEL_EXPORTER_OTLP_CERTIFICATE", caPath);
    onTestFinished(() => void vi.unstubAllEnvs());
    const proxy = await startProxy();
    const receiver = await startReceiver({ tls: certificate });
    receiver.respond({ grpcStatus: 16 });
    const handler = endWithTest(
      new FemtoOtlpGrpcHandler({
        url: new URL(receiver.grpcUrl).host,
        proxy: `http://me:x@127.0.0.1:${proxy.port}`,
        headersModule: { module: new URL("./programs/make-headers.ts", import.meta.url), options: { path } },
        maxConcurrentRequests: 1,
      }),
    );
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    expect(numbersOf(receiver)).toEqual([0, 1, 2]);
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer t1", "Bearer t1"]);
    expect(proxy.requests).toHaveLength(1);
  });

  test("without any, records go to port 4317 of this machine", () => {
    expect(endWithTest(new FemtoOtlpGrpcHandler()).url).toBe("http://localhost:4317/");
    const built = FemtoOtlpGrpcHandler.builder().url("collector:4317").insecure(true).build();
    expect(endWithTest(built).url).toBe("collector:4317");
  });
});
