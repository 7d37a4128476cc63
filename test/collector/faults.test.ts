import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test, vi } from "vitest";

import { FemtoOtlpHttpHandler } from "../../src/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../handlers/fixture.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { makeFolder, startLocal, tlsSettings, writtenRecords } from "./collector.ts";

const LONG = { timeout: 60_000 };

/** Sends several requests, one after the other. @returns What was said of it. */
async function sendInVain(url: string, retryTimeoutMillis = 60_000): Promise<string[]> {
  const troubles = troublesOfTest();
  const handler = endWithTest(
    new FemtoOtlpHttpHandler({ url, retryTimeoutMillis, maxConcurrentRequests: 1, maxExportBatchSize: 100 }),
  );
  logNumbers(loggerOf(handler), { to: 1_000 });
  await handler.forceFlush({ timeoutMillis: 60_000 });
  expect(handler.stats()).toMatchObject({ delivered: 0, dropped: { export_failed: 1_000 } });
  await vi.waitFor(() => expect(troubles).not.toEqual([]), LONG);
  return troubles;
}

test("a path that the collector does not know: said once, not tried again", async () => {
  const path = join(makeFolder(), "logs.jsonl");
  const collector = await startLocal({ path });
  const url = `http://${String(collector.httpEndpoint)}/v1/log`;
  const troubles = await sendInVain(url);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: status 404`);
  await collector.stop();
  expect(writtenRecords(path)).toEqual([]);
});

test("the port of gRPC: said once, not tried again", async () => {
  const collector = await startLocal({ path: join(makeFolder(), "logs.jsonl") });
  const url = `http://${String(collector.grpcEndpoint)}/v1/logs`;
  const troubles = await sendInVain(url);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: `);
  expect(troubles[0]).toContain('"url" must be of OTLP over HTTP, usually port 4318');
});

test("a certificate that nobody vouches for: said once, and nothing is sent", async () => {
  const folder = makeFolder();
  const path = join(folder, "logs.jsonl");
  const settings = tlsSettings(folder, makeCertificate("collector"));
  const collector = await startLocal({ path, settings });
  const url = `https://${String(collector.httpEndpoint)}/v1/logs`;
  const troubles = await sendInVain(url, 100);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: `);
  expect(troubles[0]).toContain("SELF_SIGNED_CERT");
  await collector.stop();
  expect(writtenRecords(path)).toEqual([]);
});

test("http:// to a port of TLS: said once, in the words of the collector, not tried again", async () => {
  const folder = makeFolder();
  const settings = tlsSettings(folder, makeCertificate("collector"));
  const collector = await startLocal({ path: join(folder, "logs.jsonl"), settings });
  const url = `http://${String(collector.httpEndpoint)}/v1/logs`;
  const troubles = await sendInVain(url);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: status 400`);
  expect(troubles[0]).toContain("Client sent an HTTP request to an HTTPS server");
});

test("https:// to a port without TLS: said once", async () => {
  const collector = await startLocal({ path: join(makeFolder(), "logs.jsonl") });
  const url = `https://${String(collector.httpEndpoint)}/v1/logs`;
  const troubles = await sendInVain(url, 100);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: the peer does not speak TLS`);
});

test("a port where nobody listens: said once, and given up after retryTimeoutMillis", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const url = `http://127.0.0.1:${port}/v1/logs`;
  const troubles = await sendInVain(url, 100);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: `);
  expect(troubles[0]).toContain("ECONNREFUSED");
});
