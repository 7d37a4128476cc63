import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";

import { send, senderTo, startPeer, taken } from "./grpc-peer.ts";

function tokens(): { readonly provideHeaders: () => Promise<unknown>; readonly count: () => number } {
  let count = 0;
  return {
    provideHeaders: () => {
      count += 1;
      return Promise.resolve({ headers: { Authorization: `Bearer ${count}` } });
    },
    count: () => count,
  };
}

test("send() adds the headers that are made, once for many requests; they win", async () => {
  const peer = await startPeer(() => taken);
  const made = tokens();
  const headers = { authorization: "none", tenant: "a" };
  const sender = senderTo(peer, { headers, provideHeaders: made.provideHeaders });
  await send(sender);
  await send(sender);
  expect(peer.calls.map(({ metadata }) => metadata.get("authorization"))).toEqual([
    ["Bearer 1"],
    ["Bearer 1"],
  ]);
  expect(peer.calls[0]!.metadata.get("tenant")).toEqual(["a"]);
  expect(made.count()).toBe(1);
});

test("send() has headers made anew after UNAUTHENTICATED, and sends once more", async () => {
  const peer = await startPeer((index) => (index === 0 ? { code: status.UNAUTHENTICATED } : taken));
  const made = tokens();
  expect((await send(senderTo(peer, made))).delivered).toBe(5);
  expect(peer.calls.map(({ metadata }) => metadata.get("authorization"))).toEqual([
    ["Bearer 1"],
    ["Bearer 2"],
  ]);
});

test("send() gives up when the peer refuses the new headers too", async () => {
  const peer = await startPeer(() => ({ code: status.UNAUTHENTICATED }));
  const outcome = await send(senderTo(peer, tokens()));
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAUTHENTICATED", error: { retryable: false } });
  expect(peer.calls).toHaveLength(2);
});

test("send() tries again while no headers can be made", async () => {
  const peer = await startPeer(() => taken);
  let count = 0;
  const provideHeaders = (): Promise<unknown> => {
    count += 1;
    return count < 3
      ? Promise.reject(new Error("the token service is away"))
      : Promise.resolve({ headers: { authorization: "Bearer x" } });
  };
  const said: string[] = [];
  const sender = senderTo(peer, { provideHeaders, report: (trouble) => said.push(trouble) });
  expect((await send(sender)).delivered).toBe(5);
  expect(said.filter((trouble) => trouble.includes("the token service is away"))).toHaveLength(2);
});

test("send() goes without made headers that gRPC cannot carry, and says that once", async () => {
  const peer = await startPeer(() => taken);
  const said: string[] = [];
  const provideHeaders = (): Promise<unknown> => Promise.resolve({ headers: { "x*y": "s1", fine: "1" } });
  const sender = senderTo(peer, { provideHeaders, report: (trouble) => said.push(trouble) });
  await send(sender);
  await send(sender);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('Cannot send header "x*y" by gRPC');
  expect(said[0]).not.toContain("s1");
  expect(peer.calls[1]!.metadata.get("fine")).toEqual(["1"]);
});
