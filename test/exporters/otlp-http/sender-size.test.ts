import { describe, expect, test } from "vitest";

import { encodings, textRecords, textsOf } from "../otlp/requests.ts";
import { senderTo, startServer, statuses, type ReceivedRequest, type Respond } from "./otlp-server.ts";

const { signal } = new AbortController();
const texts = Array.from({ length: 40 }, (_, index) => `${index} ${"x".repeat(1_000)}`);

/** A peer that takes no request of more than these bytes. */
function limitedTo(bytesMax: number, status = 413): Respond {
  return (response, _index, { body }) => {
    response.statusCode = body.length > bytesMax ? status : 200;
    if (response.statusCode === 400) {
      response.setHeader("content-type", "text/plain");
      response.end("http: request body too large");
    } else response.end();
  };
}

describe.each(encodings)("$name", ({ name, encode, decode }) => {
  const protocol = `http/${name}` as const;
  const body = encode(textRecords(...texts));
  const takenOf = (requests: readonly ReceivedRequest[], bytesMax: number): unknown[] =>
    requests
      .filter((request) => request.body.length <= bytesMax)
      .flatMap((request) => textsOf(decode(request.body)));

  test("send() keeps requests below maxRequestBytes", async () => {
    const server = await startServer(statuses(200));
    const sender = senderTo(server, { protocol, maxRequestBytes: 20_000 });
    const outcome = await sender.send(body, { recordCount: 40, signal });
    expect(outcome).toEqual({ delivered: 40, rejected: 0, failed: 0, reason: undefined, error: undefined });
    expect(server.requests.length).toBeGreaterThan(1);
    expect(takenOf(server.requests, 20_000)).toEqual(texts);
  });

  test.each([413, 400])(
    "send() halves what is refused with %i for its size, down to single records",
    async (status) => {
      const server = await startServer(limitedTo(5_000, status));
      const outcome = await senderTo(server, { protocol }).send(body, { recordCount: 40, signal });
      expect(outcome).toMatchObject({ delivered: 40, failed: 0, reason: undefined, error: undefined });
      expect(takenOf(server.requests, 5_000)).toEqual(texts);
    },
  );

  test("send() counts a single record that is refused, and sends the others", async () => {
    const server = await startServer(limitedTo(5_000));
    const mixed = encode(textRecords("one", "x".repeat(10_000), "two", "three"));
    const outcome = await senderTo(server, { protocol }).send(mixed, { recordCount: 4, signal });
    expect(outcome).toMatchObject({ delivered: 3, rejected: 0, failed: 1, reason: "413" });
    expect(outcome.error?.message).toMatch(
      /^Cannot send 1 record to .*: status 413; 1 record counted as export_failed$/,
    );
    expect(takenOf(server.requests, 5_000)).toEqual(["one", "two", "three"]);
  });

  test("send() sends a record that is longer than maxRequestBytes alone", async () => {
    const server = await startServer(statuses(200));
    const sender = senderTo(server, { protocol, maxRequestBytes: 4_096 });
    const mixed = encode(textRecords("one", "x".repeat(10_000), "two"));
    expect((await sender.send(mixed, { recordCount: 3, signal })).delivered).toBe(3);
    expect(server.requests.map((request) => decode(request.body).length)).toEqual([1, 1, 1]);
  });
});

const [protobuf] = encodings;
const body = protobuf!.encode(textRecords(...texts));

test("send() sums up partial success and failures of the requests of a batch", async () => {
  const server = await startServer((response, index) => {
    response.statusCode = [200, 200, 400][index] ?? 200;
    // ExportLogsServiceResponse { partial_success { rejected_log_records: 2 } }
    response.end(index === 0 ? Buffer.from([0x0a, 2, 0x08, 2]) : undefined);
  });
  const sender = senderTo(server, { maxRequestBytes: 12_000 });
  const { delivered, rejected, failed, reason } = await sender.send(body, { recordCount: 40, signal });
  const third = protobuf!.decode(server.requests[2]!.body).length;
  expect({ delivered, rejected, failed, reason }).toEqual({
    delivered: 38 - third,
    rejected: 2,
    failed: third,
    reason: "400",
  });
});

test("send() keeps the requests of later batches below what was refused, and says so once", async () => {
  const server = await startServer(limitedTo(250_000));
  const troubles: string[] = [];
  const sender = senderTo(server, { report: (trouble) => troubles.push(trouble) });
  const big = protobuf!.encode(textRecords(...Array.from({ length: 200 }, () => "x".repeat(1_000))));
  expect((await sender.send(big, { recordCount: 200, signal })).delivered).toBe(200);
  const refusedCount = server.requests.filter((request) => request.body.length > 250_000).length;
  expect((await sender.send(big, { recordCount: 200, signal })).delivered).toBe(200);
  expect(server.requests.filter((request) => request.body.length > 250_000)).toHaveLength(refusedCount);
  expect(troubles.filter((trouble) => trouble.includes("was too large for the peer"))).toHaveLength(1);
});

test("send() does not ask a peer that refuses everything record by record", async () => {
  const server = await startServer(statuses(413));
  const many = protobuf!.encode(textRecords(...Array.from({ length: 2_000 }, (_, index) => `${index}`)));
  const outcome = await senderTo(server).send(many, { recordCount: 2_000, signal });
  expect(outcome).toMatchObject({ delivered: 0, failed: 2_000, reason: "413" });
  expect(server.requests.length).toBeLessThan(100);
});

test("send() never sends more than 64 MiB, and goes on with the other records", async () => {
  const server = await startServer(statuses(200));
  const sender = senderTo(server, { protocol: "http/json", maxRequestBytes: 67_108_864 });
  const json = (text: string): string => `{"body":{"stringValue":"${text}"}}`;
  const records = [json("one"), json("x".repeat(67_108_864)), json("two")].join(",");
  const huge = Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records}]}]}]}`);
  const outcome = await sender.send(huge, { recordCount: 3, signal });
  expect(outcome).toMatchObject({ delivered: 2, failed: 1, reason: "request_too_large" });
  expect(outcome.error?.message).toMatch(
    /the request has \d+ bytes, must have at most 67108864; 1 record counted as/,
  );
  expect(server.requests).toHaveLength(2);
});

test("send() leaves what is no request whole", async () => {
  const server = await startServer(statuses(413));
  const outcome = await senderTo(server).send(Buffer.from("no request"), { recordCount: 2, signal });
  expect(outcome).toMatchObject({ failed: 2, reason: "413", error: { retryable: false } });
  expect(server.requests).toHaveLength(1);
});

test("send() gives the requests of a batch one time together", async () => {
  const server = await startServer((response, index) => {
    if (index === 0) response.end();
  });
  const sender = senderTo(server, { maxRequestBytes: 12_000, retryTimeoutMillis: 1_000 });
  const outcome = await sender.send(body, { recordCount: 40, signal });
  expect(outcome).toMatchObject({ rejected: 0, reason: "timeout" });
  expect(outcome.delivered + outcome.failed).toBe(40);
  expect(outcome.delivered).toBe(protobuf!.decode(server.requests[0]!.body).length);
  expect(outcome.error?.message).toContain("no time was left of the batch after");
  expect(server.requests).toHaveLength(2);
});

test("send() ends all requests of a batch when the signal comes", async () => {
  const server = await startServer(() => {});
  const stop = new AbortController();
  const sender = senderTo(server, { maxRequestBytes: 12_000 });
  const sending = sender.send(body, { recordCount: 40, signal: stop.signal });
  await server.requestCount(1);
  stop.abort();
  expect(await sending).toMatchObject({ delivered: 0, failed: 40, reason: "shutdown" });
  expect(server.requests).toHaveLength(1);
});
