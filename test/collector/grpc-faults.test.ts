import { join } from "node:path";
import { expect, test, vi } from "vitest";

import { FemtoOtlpGrpcHandler, type OtlpGrpcHandlerOptions } from "../../src/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../handlers/fixture.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { makeFolder, startLocal, tlsSettings } from "./collector.ts";

const LONG = { timeout: 60_000 };

/** Sends several requests, one after the other. @returns What was said of it. */
async function sendInVain(options: OtlpGrpcHandlerOptions): Promise<string[]> {
  const troubles = troublesOfTest();
  const handler = endWithTest(
    new FemtoOtlpGrpcHandler({
      retryTimeoutMillis: 500,
      maxConcurrentRequests: 1,
      maxExportBatchSize: 100,
      ...options,
    }),
  );
  logNumbers(loggerOf(handler), { to: 300 });
  await handler.forceFlush({ timeoutMillis: 60_000 });
  expect(handler.stats()).toMatchObject({ delivered: 0, dropped: { export_failed: 300 } });
  await vi.waitFor(() => expect(troubles).not.toEqual([]), LONG);
  return troubles;
}

test("the port of HTTP: said once", async () => {
  const collector = await startLocal({ path: join(makeFolder(), "logs.jsonl") });
  const url = `http://${String(collector.httpEndpoint)}`;
  const troubles = await sendInVain({ url });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: `);
  expect(troubles[0]).toContain('"url" must be of OTLP over gRPC, usually port 4317');
});

test("http:// to a port of TLS: said once", async () => {
  const folder = makeFolder();
  const settings = tlsSettings(folder, makeCertificate("collector"));
  const collector = await startLocal({ path: join(folder, "logs.jsonl"), settings });
  const url = `http://${String(collector.grpcEndpoint)}`;
  const troubles = await sendInVain({ url });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(`Cannot send 100 records to ${url}: `);
});

test("https:// to a port without TLS: said once", async () => {
  const collector = await startLocal({ path: join(makeFolder(), "logs.jsonl") });
  const url = `https://${String(collector.grpcEndpoint)}`;
  const troubles = await sendInVain({ url });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(
    `Cannot send 100 records to ${url}: wrong version number (ERR_SSL_WRONG_VERSION_NUMBER)`,
  );
});
