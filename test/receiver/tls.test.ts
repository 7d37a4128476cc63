import { expect, onTestFinished, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import type { ReceiverTls } from "../../src/receiver/index.ts";
import { makeCertificate } from "./certificate.ts";
import { events, send } from "./client.ts";

const server = makeCertificate("receiver");
const client = makeCertificate("sender");
const stranger = makeCertificate("stranger");

async function startReceiver(tls: ReceiverTls): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start({ tls });
  onTestFinished(async () => await receiver.stop());
  return receiver;
}

test("with tls the receiver speaks HTTPS with that certificate", async () => {
  const receiver = await startReceiver({ cert: server.cert, key: server.key });
  expect(receiver.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v1\/logs$/);
  const { status } = await send(receiver.url, { body: events("a"), ca: server.cert });
  expect(status).toBe(200);
  expect(receiver.records).toHaveLength(1);
  await expect(send(receiver.url, { body: events("a"), ca: stranger.cert })).rejects.toThrow("self-signed");
});

test("with requestCert only a client that ca has signed is heard", async () => {
  const receiver = await startReceiver({ ...server, ca: client.cert, requestCert: true });
  const sent = { body: events("a"), ca: server.cert };
  await expect(send(receiver.url, sent)).rejects.toThrow();
  await expect(send(receiver.url, { ...sent, ...stranger })).rejects.toThrow();
  expect(receiver.counts.requests).toBe(0);
  expect(await send(receiver.url, { ...sent, ...client })).toMatchObject({ status: 200 });
});
