import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { makeFolder } from "../../handlers/fixture.ts";
import { makeCertificate } from "../../receiver/certificate.ts";
import { batch, body, senderTo } from "./otlp-server.ts";

/** A peer that asks who we are, and whose certificates can be replaced. */
async function startPeer(certificates: { cert: string; key: string; ca?: string }): Promise<{
  readonly server: Server;
  readonly port: number;
  /** Names in the certificates of those who sent something. */
  readonly clients: string[];
}> {
  const clients: string[] = [];
  const server = createServer({ ...certificates, requestCert: certificates.ca !== undefined });
  server.on("request", (message, response) => {
    const { subject } = (
      message.socket as unknown as { getPeerCertificate(): { subject?: { CN?: string } } }
    ).getPeerCertificate();
    clients.push(String(subject?.CN));
    message.resume().on("end", () => response.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: (server.address() as AddressInfo).port, clients };
}

test("send() trusts the certificates of a file that was replaced, from the next connection on", async () => {
  const [first, second] = [makeCertificate("first"), makeCertificate("second")];
  const { server, port } = await startPeer(first);
  const ca = join(makeFolder(), "ca.pem");
  writeFileSync(ca, first.cert);
  const tls = { ca: first.cert, files: { ca } };
  const sender = senderTo({ port }, { url: `https://127.0.0.1:${port}/v1/logs`, tls });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  server.setSecureContext(second);
  server.closeAllConnections();
  writeFileSync(ca, second.cert);
  expect((await sender.send(body, batch())).delivered).toBe(5);
});

test("send() tries again while it does not trust the peer, and its certificates stand in a file that may change", async () => {
  const [ours, theirs] = [makeCertificate("ours"), makeCertificate("theirs")];
  const { port, clients } = await startPeer(theirs);
  const ca = join(makeFolder(), "ca.pem");
  writeFileSync(ca, ours.cert);
  const url = `https://127.0.0.1:${port}/v1/logs`;
  const report = (trouble: string): void => {
    if (trouble.includes("SELF_SIGNED_CERT")) writeFileSync(ca, theirs.cert);
  };
  const sender = senderTo({ port }, { url, tls: { ca: ours.cert, files: { ca } }, report });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect(clients).toHaveLength(1);
});

test("send() shows a certificate that was replaced, and the old one as long as the new one is bad", async () => {
  const [peer, first, second] = ["localhost", "first", "second"].map((name) => makeCertificate(name));
  const { server, port, clients } = await startPeer({ ...peer!, ca: first!.cert + second!.cert });
  const folder = makeFolder();
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const write = (certificate: { cert: string; key: string }): void => {
    writeFileSync(files.cert, certificate.cert);
    writeFileSync(files.key, certificate.key);
  };
  write(first!);
  const troubles: string[] = [];
  const sender = senderTo(
    { port },
    {
      url: `https://127.0.0.1:${port}/v1/logs`,
      tls: { ca: peer!.cert, ...first!, files },
      report: (trouble) => troubles.push(trouble),
    },
  );
  const sendAnew = async (): Promise<void> => {
    server.closeAllConnections();
    expect((await sender.send(body, batch())).delivered).toBe(5);
  };
  await sendAnew();
  writeFileSync(files.cert, "no certificate");
  await sendAnew();
  write(second!);
  await sendAnew();
  expect(clients).toEqual(["first", "first", "second"]);
  expect(troubles.filter((trouble) => trouble.startsWith("Cannot use the changed TLS files"))).toHaveLength(
    1,
  );
});
