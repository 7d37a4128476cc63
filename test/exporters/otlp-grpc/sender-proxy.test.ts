import { ServerCredentials } from "@grpc/grpc-js";
import { expect, onTestFinished, test, vi } from "vitest";

import { silenceGrpc } from "../../../exporters/otlp-grpc/quiet.ts";
import { makeCertificate } from "../../receiver/certificate.ts";
import { startProxy } from "../../support/proxy-server.ts";
import { send, senderTo, startPeer, taken } from "./grpc-peer.ts";

silenceGrpc({});

const server = makeCertificate("collector");
const authorization = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;

const proxyAt = (port: number): { readonly origin: string; readonly authorization: string } => ({
  origin: `http://127.0.0.1:${port}`,
  authorization,
});

test.each(["http", "https"])("send() digs a tunnel through the proxy to an %s: peer", async (scheme) => {
  const { port, requests } = await startProxy();
  const pair = { cert_chain: Buffer.from(server.cert), private_key: Buffer.from(server.key) };
  const credentials =
    scheme === "https" ? ServerCredentials.createSsl(null, [pair]) : ServerCredentials.createInsecure();
  const peer = await startPeer(() => taken, { credentials });
  const url = `${scheme}://127.0.0.1:${peer.port}`;
  const sender = senderTo(peer, { url, tls: { ca: server.cert }, proxy: proxyAt(port) });
  expect((await send(sender)).delivered).toBe(5);
  expect((await send(sender)).delivered).toBe(5);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    method: "CONNECT",
    target: `127.0.0.1:${peer.port}`,
    headers: { "proxy-authorization": authorization },
  });
});

test("send() tries again when the proxy refuses, and says who did, without credentials", async () => {
  const written = vi.spyOn(console, "error");
  onTestFinished(() => void vi.restoreAllMocks());
  const { port, requests } = await startProxy({ refuse: () => 407 });
  const peer = await startPeer(() => taken);
  const outcome = await send(senderTo(peer, { proxy: proxyAt(port), retryTimeoutMillis: 500 }));
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAVAILABLE", error: { retryable: true } });
  expect(outcome.error?.message).toContain(
    `no connection through the proxy http://127.0.0.1:${port} (UNAVAILABLE) for`,
  );
  expect(outcome.error?.message).not.toContain("p@ss");
  expect(requests.length).toBeGreaterThan(1);
  // grpc-js would write of each attempt to stderr.
  expect(written).not.toHaveBeenCalled();
});

test("send() opens a new tunnel when the old one breaks", async () => {
  const proxy = await startProxy();
  const peer = await startPeer(() => taken);
  const sender = senderTo(peer, { proxy: proxyAt(proxy.port) });
  expect((await send(sender)).delivered).toBe(5);
  proxy.cut();
  expect((await send(sender)).delivered).toBe(5);
  expect(proxy.requests).toHaveLength(2);
});

test("send() does not look at the variables by itself", async () => {
  const { port, requests } = await startProxy();
  vi.stubEnv("grpc_proxy", `http://127.0.0.1:${port}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const peer = await startPeer(() => taken);
  expect((await send(senderTo(peer))).delivered).toBe(5);
  expect(requests).toHaveLength(0);
});
