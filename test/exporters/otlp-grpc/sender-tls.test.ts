import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp2Server } from "node:http2";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ServerCredentials } from "@grpc/grpc-js";
import { expect, onTestFinished, test, vi } from "vitest";

import type { TlsSettings } from "../../../exporters/tls-settings.ts";
import { makeCertificate } from "../../receiver/certificate.ts";
import { type GrpcPeer, send, senderTo, startPeer, taken } from "./grpc-peer.ts";

const server = makeCertificate("collector");
const client = makeCertificate("sender");
const stranger = makeCertificate("stranger");

function startTlsPeer(clientCa?: string): Promise<GrpcPeer> {
  const pair = { cert_chain: Buffer.from(server.cert), private_key: Buffer.from(server.key) };
  const ca = clientCa === undefined ? null : Buffer.from(clientCa);
  return startPeer(() => taken, { credentials: ServerCredentials.createSsl(ca, [pair], ca !== null) });
}

const secureTo = (peer: GrpcPeer, tls: TlsSettings, options = {}): ReturnType<typeof senderTo> =>
  senderTo(peer, { url: `https://127.0.0.1:${peer.port}`, tls, ...options });

test("send() speaks TLS to an https: URL, an address too, without a warning of Node", async () => {
  const warned = vi.fn<(warning: Error) => void>();
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  const peer = await startTlsPeer();
  expect((await send(secureTo(peer, { ca: server.cert }))).delivered).toBe(5);
  const named = secureTo(peer, { ca: server.cert }, { url: `https://localhost:${peer.port}` });
  expect((await send(named)).delivered).toBe(5);
  expect(warned).not.toHaveBeenCalled();
});

test("send() speaks TLS to host:port, unless insecure says no", async () => {
  const peer = await startTlsPeer();
  const tls = { ca: server.cert };
  expect((await send(secureTo(peer, tls, { url: `127.0.0.1:${peer.port}` }))).delivered).toBe(5);
  const plain = await startPeer(() => taken);
  const url = `127.0.0.1:${plain.port}`;
  expect((await send(senderTo(plain, { url, insecure: true }))).delivered).toBe(5);
});

test("send() gives up at a peer whose certificate nobody vouches for, and says why", async () => {
  const peer = await startTlsPeer();
  const outcome = await send(secureTo(peer, { ca: stranger.cert }));
  expect(outcome).toMatchObject({
    failed: 5,
    reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
    error: { retryable: false },
  });
  expect(outcome.error?.cause).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  expect(outcome.error?.message).toMatch(
    /^Cannot send 5 records to https:\/\/127\.0\.0\.1:\d+: self-signed certificate.* \(DEPTH_ZERO_SELF_SIGNED_CERT\); 5 records counted as export_failed$/,
  );
  expect(peer.calls).toHaveLength(0);
});

test("send() gives up at a peer whose certificate has another name; servername says which it is", async () => {
  const peer = await startTlsPeer();
  const other = await send(secureTo(peer, { ca: server.cert, servername: "collector.example" }));
  expect(other).toMatchObject({ failed: 5, reason: "ERR_TLS_CERT_ALTNAME_INVALID" });
  expect((await send(secureTo(peer, { ca: server.cert, servername: "localhost" }))).delivered).toBe(5);
});

test("send() takes any certificate with rejectUnauthorized false", async () => {
  const peer = await startTlsPeer();
  expect((await send(secureTo(peer, { rejectUnauthorized: false }))).delivered).toBe(5);
});

test("send() shows its certificate to a peer that asks for it", async () => {
  const peer = await startTlsPeer(client.cert);
  const tls = { ca: server.cert };
  expect((await send(secureTo(peer, { ...tls, ...client }))).delivered).toBe(5);
  const outcome = await send(secureTo(peer, tls, { retryTimeoutMillis: 500 }));
  expect(outcome.failed).toBe(5);
  expect(peer.calls).toHaveLength(1);
});

test("send() gives up when the peer does not speak TLS", async () => {
  const peer = await startPeer(() => taken);
  const outcome = await send(secureTo(peer, {}));
  expect(outcome).toMatchObject({ failed: 5, error: { retryable: false } });
  expect(outcome.reason).toMatch(/^ERR_SSL_/);
});

test("send() tries again when the connection is closed during the handshake", async () => {
  let count = 0;
  const closing = createServer((socket) => {
    count += 1;
    socket.on("error", () => {}).destroy();
  });
  closing.listen(0, "127.0.0.1");
  await once(closing, "listening");
  onTestFinished(() => void closing.close());
  const { port } = closing.address() as AddressInfo;
  const options = { url: `https://127.0.0.1:${port}`, retryTimeoutMillis: 500 };
  const outcome = await send(senderTo({ port }, options));
  expect(outcome).toMatchObject({ failed: 5, error: { retryable: true } });
  expect(count).toBeGreaterThan(1);
});

test("send() reaches a peer at a Unix domain socket", async () => {
  const folder = mkdtempSync(join(tmpdir(), "femto-grpc-"));
  const path = join(folder, "collector.sock");
  const unix = createHttp2Server();
  unix.on("stream", (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
  unix.listen(path);
  await once(unix, "listening");
  onTestFinished(() => {
    unix.close();
    rmSync(folder, { recursive: true });
  });
  expect((await send(senderTo({ port: 0 }, { url: `unix:${path}` }))).delivered).toBe(5);
});

test("send() tries a peer again that it does not trust, until the file that vouches for it is replaced", async () => {
  const folder = mkdtempSync(join(tmpdir(), "femto-grpc-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "ca.pem");
  writeFileSync(path, stranger.cert);
  const peer = await startTlsPeer();
  const failed = Promise.withResolvers<string>();
  const tls = { ca: stranger.cert, files: { ca: path } };
  const sending = send(secureTo(peer, tls, { report: failed.resolve }));
  expect(await failed.promise).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  writeFileSync(path, server.cert);
  expect((await sending).delivered).toBe(5);
});
