import { connect } from "node:http2";

import { compressionAlgorithms, credentials, status } from "@grpc/grpc-js";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { expect, onTestFinished, test } from "vitest";

import { retryDelayMillis } from "../../exporters/otlp-grpc/retry-info.ts";
import { decodeExportResponse } from "../../proto/export-response.ts";
import { OtlpReceiver, type OtlpReceiverOptions } from "../../src/receiver/index.ts";
import { makeCertificate } from "./certificate.ts";
import { emptyRecords, events, send } from "./client.ts";
import { callExport, EXPORT_PATH } from "./grpc-client.ts";

async function startReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start({ grpcPort: 0, ...options });
  onTestFinished(() => receiver.stop());
  return receiver;
}

test("with grpcPort the receiver takes records by gRPC, beside those by HTTP", async () => {
  const receiver = await startReceiver();
  expect(receiver.grpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { code, response } = await callExport(receiver.grpcUrl, events("a", "b"));
  expect(code).toBe(status.OK);
  expect(response).toHaveLength(0);
  await send(receiver.url, { body: events("c") });
  expect(receiver.records.map(({ eventName }) => eventName)).toEqual(["a", "b", "c"]);
  expect(receiver.counts).toMatchObject({ requests: 2, records: 3, errors: 0, bytes: expect.any(Number) });
  expect(receiver.requests[0]).toMatchObject({
    path: EXPORT_PATH,
    encoding: "protobuf",
    compression: "identity",
    bytes: events("a", "b").length,
    records: 2,
    status: 200,
    grpcStatus: 0,
    headers: { "content-type": "application/grpc" },
  });
});

test("grpcUrl says what is wrong when the receiver was started without grpcPort", async () => {
  const receiver = await startReceiver({});
  const plain = await OtlpReceiver.start();
  onTestFinished(() => plain.stop());
  expect(() => plain.grpcUrl).toThrow('the receiver was started without "grpcPort"');
  expect(receiver.grpcUrl).not.toBe(receiver.url);
});

test("start() says which port of the two is taken, and leaves none open", async () => {
  const first = await startReceiver();
  const { port } = new URL(first.grpcUrl);
  await expect(OtlpReceiver.start({ grpcPort: Number(port) })).rejects.toThrow(
    `Cannot start OTLP receiver on 127.0.0.1, port ${port}: listen EADDRINUSE`,
  );
  await expect(OtlpReceiver.start({ grpcPort: 70_000 })).rejects.toThrow(
    '"grpcPort" is 70000, must be an integer from 0 to 65535',
  );
});

test("the receiver takes what the exporter of OpenTelemetry sends by gRPC", async () => {
  const receiver = await startReceiver();
  const exporter = new OTLPLogExporter({ url: receiver.grpcUrl });
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  onTestFinished(() => provider.shutdown());
  provider.getLogger("stock").emit({ body: "by gRPC", attributes: { a: 1 } });
  await receiver.waitFor(1);
  expect(receiver.records[0]).toMatchObject({ body: "by gRPC", attributes: new Map([["a", 1n]]) });
});

test("the receiver unpacks gzip, and refuses a compression that it does not know", async () => {
  const receiver = await startReceiver();
  const body = emptyRecords(1000);
  const gzip = { "grpc.default_compression_algorithm": compressionAlgorithms.gzip };
  expect((await callExport(receiver.grpcUrl, body, { options: gzip })).code).toBe(status.OK);
  expect(receiver.counts).toMatchObject({ records: 1000 });
  expect(receiver.requests[0]).toMatchObject({ compression: "gzip", records: 1000 });
  expect(receiver.requests[0]!.bytes).toBeLessThan(body.length);
  const snappy = await callRaw(receiver.grpcUrl, { "grpc-encoding": "snappy" }, Buffer.of(1, 0, 0, 0, 1, 9));
  expect(snappy["grpc-status"]).toBe(String(status.UNIMPLEMENTED));
});

/** Makes a call whose bytes are as they are given. @returns Headers of an answer without a message. */
async function callRaw(
  url: string,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
): Promise<Readonly<Record<string, unknown>>> {
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ":method": "POST",
    ":path": EXPORT_PATH,
    "content-type": "application/grpc",
    ...headers,
  });
  const end = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  stream.on("response", end.resolve).on("error", end.reject);
  stream.end(bytes);
  return end.promise;
}

test.each([
  ["no frame", Buffer.from("abc")],
  ["a frame that is cut off", Buffer.of(0, 0, 0, 0, 9, 1)],
  ["two messages", Buffer.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["a message that is no protobuf", Buffer.of(0, 0, 0, 0, 1, 0xff)],
  ["a broken gzip", Buffer.of(1, 0, 0, 0, 1, 9)],
])("the receiver refuses %s as INVALID_ARGUMENT", async (_name, bytes) => {
  const receiver = await startReceiver();
  const headers = await callRaw(receiver.grpcUrl, { "grpc-encoding": "gzip" }, bytes);
  expect(headers["grpc-status"]).toBe(String(status.INVALID_ARGUMENT));
  expect(receiver.counts).toMatchObject({ requests: 1, records: 0, errors: 1 });
});

test("the receiver refuses a message that is too long as RESOURCE_EXHAUSTED, also one that is when it is unpacked", async () => {
  const receiver = await startReceiver({ bodyBytesMax: 1000 });
  const body = emptyRecords(5000);
  const plain = await callExport(receiver.grpcUrl, body);
  expect(plain).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(plain.details).toContain('it has more than 1000 bytes ("bodyBytesMax"); send smaller batches');
  const gzip = { "grpc.default_compression_algorithm": compressionAlgorithms.gzip };
  const packed = await callExport(receiver.grpcUrl, body, { options: gzip });
  expect(packed.code).toBe(status.RESOURCE_EXHAUSTED);
  expect(receiver.counts.records).toBe(0);
});

test("the receiver does not know other methods, and keeps its answers for its own", async () => {
  const receiver = await startReceiver();
  receiver.respond({ grpcStatus: status.ABORTED });
  const other = await callExport(receiver.grpcUrl, events("a"), { path: "/grpc.health.v1.Health/Check" });
  expect(other).toMatchObject({ code: status.UNIMPLEMENTED });
  expect(other.details).toContain(`Cannot serve /grpc.health.v1.Health/Check: must be ${EXPORT_PATH}`);
  expect((await callExport(receiver.grpcUrl, events("a"))).code).toBe(status.ABORTED);
});

test.each([
  [{ grpcStatus: status.DATA_LOSS }, status.DATA_LOSS],
  [{ status: 503 }, status.UNAVAILABLE],
  [{ status: 401 }, status.UNAUTHENTICATED],
  [{ status: 503, grpcStatus: status.INTERNAL }, status.INTERNAL],
])("respond(%j) answers a call with status %i, and keeps nothing", async (answer, code) => {
  const receiver = await startReceiver();
  receiver.respond(answer);
  const called = await callExport(receiver.grpcUrl, events("a"));
  expect(called).toMatchObject({ code, details: `Answered with status ${code} on demand` });
  expect(receiver.counts).toMatchObject({ requests: 1, records: 0, errors: 1 });
  expect(receiver.requests[0]).toMatchObject({ grpcStatus: code });
});

test("respond() with retryAfter puts a RetryInfo into the details of the status", async () => {
  const receiver = await startReceiver();
  receiver.respond({ grpcStatus: status.RESOURCE_EXHAUSTED, retryAfter: 2.25 });
  const { metadata } = await callExport(receiver.grpcUrl, events("a"));
  const [details] = metadata.get("grpc-status-details-bin");
  expect(retryDelayMillis(details as Buffer)).toBe(2250);
});

test("respond() with partialSuccess keeps all but the last records, and says so", async () => {
  const receiver = await startReceiver();
  receiver.respond({ partialSuccess: { rejected: 2, message: "too old" } });
  const { code, response } = await callExport(receiver.grpcUrl, events("a", "b", "c"));
  expect(code).toBe(status.OK);
  expect(decodeExportResponse(response!, "protobuf")).toEqual({
    rejectedLogRecords: 2n,
    errorMessage: "too old",
  });
  expect(receiver.counts).toMatchObject({ records: 1, rejected: 2, errors: 0 });
});

test("respond() with destroy breaks the connection off, with keep after it has taken the records", async () => {
  const receiver = await startReceiver();
  receiver.respond({ destroy: true, keep: true });
  const { code } = await callExport(receiver.grpcUrl, events("a"));
  expect(code).toBe(status.UNAVAILABLE);
  expect(receiver.counts).toMatchObject({ records: 1, errors: 1 });
});

test("respond() with hang leaves a call open until stop() ends it", async () => {
  const receiver = await startReceiver();
  receiver.respond({ hang: true });
  const calling = callExport(receiver.grpcUrl, events("a"));
  await receiver.waitForRequests(1);
  await receiver.stop();
  expect((await calling).code).toBe(status.UNAVAILABLE);
});

test("with tls the receiver speaks gRPC over TLS, and asks for a certificate where it is told to", async () => {
  const server = makeCertificate("receiver");
  const client = makeCertificate("sender");
  const tls = { ...server, ca: client.cert, requestCert: true };
  const receiver = await startReceiver({ tls });
  expect(receiver.grpcUrl).toMatch(/^https:/);
  const [ca, key, cert] = [server.cert, client.key, client.cert].map((pem) => Buffer.from(pem));
  const options = { "grpc.ssl_target_name_override": "localhost", "grpc.enable_retries": 0 };
  const known = credentials.createSsl(ca, key, cert);
  const called = await callExport(receiver.grpcUrl, events("a"), { channelCredentials: known, options });
  expect(called.code).toBe(status.OK);
  const unknown = credentials.createSsl(ca);
  const refused = await callExport(receiver.grpcUrl, events("a"), { channelCredentials: unknown, options });
  expect(refused.code).toBe(status.UNAVAILABLE);
  expect(receiver.counts.requests).toBe(1);
});
