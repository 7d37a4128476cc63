import { getEventListeners } from "node:events";

import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";

import { OtlpReceiver } from "../../../src/receiver/index.ts";
import { emptyRecords } from "../../receiver/client.ts";
import { batch, codes, fiveRecords, send, senderTo, startPeer, taken } from "./grpc-peer.ts";

test("send() calls the logs service with the bytes as they are", async () => {
  const peer = await startPeer(() => taken);
  const body = Buffer.from("in the middle of other bytes").subarray(3, 9);
  const outcome = await send(senderTo(peer), body);
  expect(outcome).toEqual({ delivered: 5, rejected: 0, failed: 0, reason: undefined, error: undefined });
  expect(peer.calls[0]!.body.toString()).toBe("the mi");
});

test("send() says how long it waits for the answer, and nothing without a limit", async () => {
  const receiver = await OtlpReceiver.start({ grpcPort: 0 });
  for (const timeoutMillis of [20_000, 0]) {
    const sender = senderTo({ port: 0 }, { url: receiver.grpcUrl, timeoutMillis });
    expect((await send(sender, emptyRecords(5))).delivered).toBe(5);
  }
  const [limited, unlimited] = receiver.requests;
  expect(limited!.headers["grpc-timeout"]).toMatch(/^(?:20000|1\d{4}|20)[mS]$/);
  expect(unlimited!.headers["grpc-timeout"]).toBeUndefined();
  await receiver.stop();
});

test("send() adds the given headers, and an agent that names us and grpc-js", async () => {
  const peer = await startPeer(() => taken);
  await send(senderTo(peer, { headers: { "Api-Key": "k1", "trace-bin": "AQID" }, userAgent: "shop/2" }));
  const { metadata } = peer.calls[0]!;
  expect(metadata.get("api-key")).toEqual(["k1"]);
  expect(metadata.get("trace-bin")).toEqual([Buffer.of(1, 2, 3)]);
  expect(metadata.get("user-agent")[0]).toMatch(
    /^shop\/2 femtologging\/\S+ OTel-OTLP-Exporter-JavaScript\/\S+ grpc-node-js\/\S+$/,
  );
});

test("send() has the agent of the headers in place of ours", async () => {
  const peer = await startPeer(() => taken);
  await send(senderTo(peer, { headers: { "user-agent": "mine/1" } }));
  expect(peer.calls[0]!.metadata.get("user-agent")[0]).toMatch(/^mine\/1 grpc-node-js\/\S+$/);
});

test("send() makes Basic credentials of the user of the url, which no error shows", async () => {
  const peer = await startPeer(codes(status.UNAUTHENTICATED));
  const url = `http://me:p%40ss@127.0.0.1:${peer.port}/ignored?key=1`;
  const outcome = await send(senderTo(peer, { url }));
  expect(peer.calls[0]!.metadata.get("authorization")).toEqual([
    `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
  ]);
  expect(outcome.error?.message).toContain(`to http://127.0.0.1:${peer.port}: status UNAUTHENTICATED;`);
});

test("createOtlpGrpcSender() says which headers gRPC cannot carry, without their values, and goes without them", async () => {
  const peer = await startPeer(() => taken);
  const said: string[] = [];
  const headers = { "grpc-status": "0", "x*y": "s1", "x-name": "Zoë", fine: "1" };
  const sender = senderTo(peer, { headers, report: (trouble) => said.push(trouble) });
  expect((await send(sender)).delivered).toBe(5);
  expect(said.map((trouble) => /header "(.*?)"/.exec(trouble)?.[1])).toEqual([
    "grpc-status",
    "x*y",
    "x-name",
  ]);
  expect(said.join()).not.toMatch(/s1|Zoë/);
  expect(peer.calls[0]!.metadata.get("fine")).toEqual(["1"]);
});

test("send() compresses with gzip when it is told to", async () => {
  const receiver = await OtlpReceiver.start({ grpcPort: 0 });
  const body = emptyRecords(1000);
  const sender = senderTo({ port: 0 }, { url: receiver.grpcUrl, compression: "gzip" });
  expect((await sender.send(body, { ...batch(), recordCount: 1000 })).delivered).toBe(1000);
  expect(receiver.requests[0]).toMatchObject({ compression: "gzip", records: 1000 });
  expect(receiver.requests[0]!.bytes).toBeLessThan(body.length / 10);
  expect(receiver.counts.records).toBe(1000);
  await receiver.stop();
});

test("send() passes requests of more than the 4 MiB that libraries of gRPC take by default", async () => {
  const peer = await startPeer(() => taken);
  const body = Buffer.alloc(10_000_000, "record ");
  expect((await send(senderTo(peer), body)).delivered).toBe(5);
  expect(peer.calls[0]!.body.equals(body)).toBe(true);
});

test("send() has as many requests under way as maxConcurrentRequests, each on a connection of its own", async () => {
  const peer = await startPeer((index) => (index < 3 ? "hang" : taken));
  const sender = senderTo(peer, { maxConcurrentRequests: 3 });
  const stop = new AbortController();
  const hanging = [1, 2, 3].map(() => sender.send(fiveRecords, batch(stop.signal)));
  await peer.callCount(3);
  expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(3);
  const waiting = send(sender);
  stop.abort();
  expect((await waiting).delivered).toBe(5);
  for (const outcome of await Promise.all(hanging)) {
    expect(outcome).toMatchObject({ failed: 5, reason: "shutdown", error: { retryable: true } });
    expect(outcome.error?.message).toMatch(
      /: shut down before the response; a request went unanswered, so the peer may have them all the same$/,
    );
  }
});

test("send() uses a connection again", async () => {
  const peer = await startPeer(() => taken);
  const sender = senderTo(peer);
  for (let round = 0; round < 3; round++) await send(sender);
  expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(1);
});

test("send() leaves no listener at the signal", async () => {
  const peer = await startPeer(codes(status.UNAVAILABLE, status.OK));
  const { signal } = new AbortController();
  await senderTo(peer).send(fiveRecords, batch(signal));
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("close() gives up what is under way, and send() after it sends nothing", async () => {
  const peer = await startPeer(() => "hang");
  const sender = senderTo(peer);
  const sending = send(sender);
  await peer.callCount(1);
  await sender.close();
  expect(await sending).toMatchObject({ failed: 5, reason: "shutdown" });
  expect(await send(sender)).toMatchObject({ failed: 5, reason: "shutdown" });
  expect(peer.calls).toHaveLength(1);
  await sender.close();
});
