import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";

import { isRetryableStatus, statusName } from "../../../exporters/otlp-grpc/status.ts";
import { field, number } from "../../proto/hand-made.ts";
import { codes, fiveRecords, retryInfo, send, senderTo, startPeer, taken } from "./grpc-peer.ts";

const RETRYABLE = [
  "CANCELLED",
  "DEADLINE_EXCEEDED",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNAVAILABLE",
  "DATA_LOSS",
] as const;
const FINAL = [
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAUTHENTICATED",
] as const;

test("the two lists have every status but OK", () => {
  const names = Array.from({ length: 17 }, (_, code) => statusName(code));
  expect(names.toSorted()).toEqual(["OK", ...RETRYABLE, ...FINAL].toSorted());
  expect(statusName(42)).toBe("42");
});

test("isRetryableStatus() is true for the codes of OTLP, and for RESOURCE_EXHAUSTED only with a RetryInfo", () => {
  const names = [...RETRYABLE, ...FINAL];
  expect(names.filter((name) => isRetryableStatus(name, false))).toEqual(RETRYABLE);
  expect(names.filter((name) => isRetryableStatus(name, true))).toEqual([...RETRYABLE, "RESOURCE_EXHAUSTED"]);
});

test.each(RETRYABLE)("send() sends the same bytes again after %s", async (name) => {
  const peer = await startPeer(codes(status[name], status[name], status.OK));
  expect((await send(senderTo(peer))).delivered).toBe(5);
  expect(peer.calls.map(({ body }) => body.toString())).toEqual(
    Array.from({ length: 3 }, () => "five records"),
  );
});

test.each(FINAL)("send() gives up after %s", async (name) => {
  const peer = await startPeer(codes(status[name], status.OK));
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ delivered: 0, rejected: 0, failed: 5, reason: name });
  expect(outcome.error).toMatchObject({ name: "ExportError", retryable: false });
  expect(outcome.error?.message).toBe(
    `Cannot send 5 records to http://127.0.0.1:${peer.port}: status ${name}; 5 records counted as export_failed`,
  );
  expect(peer.calls).toHaveLength(1);
});

test("send() quotes what the peer says", async () => {
  const peer = await startPeer(() => ({ code: status.INVALID_ARGUMENT, details: 'no "tenant"\u001b[31m' }));
  const outcome = await send(senderTo(peer));
  expect(outcome.error?.message).toContain(
    String.raw`: status INVALID_ARGUMENT ("no \"tenant\"\u001b[31m");`,
  );
});

test.each(["UNAVAILABLE", "RESOURCE_EXHAUSTED"] as const)(
  "send() waits after %s as long as its RetryInfo says",
  async (name) => {
    const metadata = retryInfo(number(2, 300_000_000));
    const peer = await startPeer((index) => (index === 0 ? { code: status[name], metadata } : taken));
    expect((await send(senderTo(peer))).delivered).toBe(5);
    const [first, second] = peer.calls;
    expect(second!.receivedAtMillis - first!.receivedAtMillis).toBeGreaterThan(295);
  },
);

test("send() leaves the peer alone with all batches while a RetryInfo holds", async () => {
  const metadata = retryInfo(number(2, 400_000_000));
  const peer = await startPeer((index) => (index === 0 ? { code: status.UNAVAILABLE, metadata } : taken));
  const asked = Promise.withResolvers<string>();
  const sender = senderTo(peer, { report: asked.resolve });
  const first = send(sender);
  await asked.promise;
  await send(sender, Buffer.from("later"));
  await first;
  const [refused, ...others] = peer.calls;
  expect(others).toHaveLength(2);
  for (const { receivedAtMillis } of others) {
    expect(receivedAtMillis - refused!.receivedAtMillis).toBeGreaterThan(395);
  }
});

test("send() gives up at once when the RetryInfo asks for more time than there is", async () => {
  const metadata = retryInfo(number(1, 3600));
  const peer = await startPeer(() => ({ code: status.RESOURCE_EXHAUSTED, metadata }));
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ failed: 5, reason: "RESOURCE_EXHAUSTED", error: { retryable: true } });
  expect(outcome.error?.message).toContain("the peer asks to wait 60 minutes");
});

test("send() takes a RetryInfo without a delay for a peer that may be asked again soon", async () => {
  const metadata = retryInfo(Buffer.alloc(0));
  const peer = await startPeer((index) =>
    index === 0 ? { code: status.RESOURCE_EXHAUSTED, metadata } : taken,
  );
  expect((await send(senderTo(peer))).delivered).toBe(5);
});

test("send() splits after RESOURCE_EXHAUSTED without RetryInfo, down to the records that the peer does not want", async () => {
  const records = ["a", "b", "the bad one", "d", "e"].map((name) => field(2, field(12, name)));
  const request = field(1, field(2, ...records));
  const peer = await startPeer((index) =>
    peer.calls[index]!.body.length > 15 ? { code: status.RESOURCE_EXHAUSTED } : taken,
  );
  const outcome = await send(senderTo(peer), request);
  expect(outcome).toMatchObject({ delivered: 4, failed: 1, reason: "RESOURCE_EXHAUSTED" });
  const bad = peer.calls.filter(({ body }) => body.includes("the bad one"));
  expect(bad.length).toBeGreaterThan(1);
});

test("send() counts what the peer rejected, and does not send it again", async () => {
  const partial = field(1, number(1, 2), field(2, "too old"));
  const peer = await startPeer(() => partial);
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ delivered: 3, rejected: 2, failed: 0, reason: "rejected" });
  expect(outcome.error?.message).toBe(
    `Cannot send 2 of 5 records to http://127.0.0.1:${peer.port}: the peer rejected them because "too old"; they are not sent again`,
  );
  expect(peer.calls).toHaveLength(1);
});

test("send() has a warning of the peer in an error without a reason", async () => {
  const peer = await startPeer(() => field(1, field(2, "use less")));
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ delivered: 5, rejected: 0, reason: undefined });
  expect(outcome.error?.message).toContain('which took them with a warning: "use less"');
});

test("send() says so when the response of a peer that took the request is not OTLP", async () => {
  const peer = await startPeer(() => Buffer.of(0xff));
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ delivered: 5, failed: 0 });
  expect(outcome.error?.message).toContain(
    'status OK, but with a response that is not OTLP: is "url" right?',
  );
});

test("send() gives up when the response is larger than responseBytesMax, and does not take that for its request", async () => {
  const peer = await startPeer(() => Buffer.alloc(2000));
  const outcome = await send(senderTo(peer, { responseBytesMax: 1000 }));
  expect(outcome).toMatchObject({ failed: 5, reason: "response_too_large", error: { retryable: false } });
  expect(outcome.error?.message).toContain(
    'the response is larger than 1000 bytes ("responseBytesMax"); a request went unanswered',
  );
});

test("send() gives up when retryTimeoutMillis is over", async () => {
  const peer = await startPeer(codes(status.UNAVAILABLE));
  const outcome = await senderTo(peer, { retryTimeoutMillis: 1000 }).send(fiveRecords, {
    recordCount: 5,
    signal: new AbortController().signal,
  });
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAVAILABLE", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(
    /: status UNAVAILABLE for \d+ m?s \("retryTimeoutMillis"\), \d+ attempts; 5 records counted as export_failed/,
  );
  expect(peer.calls.length).toBeGreaterThan(1);
});
