import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";

import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../handlers/fixture.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { makeFolder, startLocal, tlsSettings, writtenNumbers, writtenRecords } from "./collector.ts";
import { TRANSPORTS, type Transport, type TransportOptions } from "./transports.ts";

const LONG = { timeout: 60_000 };
const COLLECTOR = makeCertificate("collector");
const APPLICATION = makeCertificate("application");
const STRANGER = makeCertificate("stranger");

/** What went wrong, as OpenSSL, Node or Go name it. */
const REFUSALS: readonly {
  readonly what: string;
  readonly tls: NonNullable<TransportOptions["tls"]>;
  readonly clientCa?: string;
  readonly words: RegExp;
}[] = [
  {
    what: "a collector with another certificate",
    tls: { ca: STRANGER.cert },
    words: /self-signed certificate/,
  },
  {
    what: "a collector with another name",
    tls: { ca: COLLECTOR.cert, servername: "gateway.example" },
    words: /gateway\.example/,
  },
  {
    what: "no certificate, where the collector asks for one",
    tls: { ca: COLLECTOR.cert },
    clientCa: APPLICATION.cert,
    words: /: tlsv13 alert certificate required \(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\)/,
  },
  {
    what: "a certificate that the collector does not trust",
    tls: { ca: COLLECTOR.cert, ...STRANGER },
    clientCa: APPLICATION.cert,
    words: /: tlsv1 alert unknown ca \(ERR_SSL_TLSV1_ALERT_UNKNOWN_CA\)/,
  },
];

describe.for(TRANSPORTS)("$name", ({ open }: Transport) => {
  test.for([
    { what: "TLS", tls: { ca: COLLECTOR.cert }, clientCa: undefined },
    { what: "TLS on both sides", tls: { ca: COLLECTOR.cert, ...APPLICATION }, clientCa: APPLICATION.cert },
  ])("records arrive over $what", async ({ tls, clientCa }) => {
    const folder = makeFolder();
    const path = join(folder, "logs.jsonl");
    const collector = await startLocal({ path, settings: tlsSettings(folder, COLLECTOR, clientCa) });
    const handler = endWithTest(open(collector, { tls }));
    logNumbers(loggerOf(handler), { to: 5_000 });
    await handler.forceFlush({ timeoutMillis: 60_000 });
    expect(handler.stats()).toMatchObject({ delivered: 5_000, droppedTotal: 0 });
    await collector.stop();
    const written = writtenNumbers(writtenRecords(path));
    expect(written.toSorted((one, other) => one - other)).toEqual(numbers({ to: 5_000 }));
  });

  test.for(REFUSALS)("$what: said, and nothing is sent", async ({ tls, clientCa, words }) => {
    const troubles = troublesOfTest();
    const folder = makeFolder();
    const path = join(folder, "logs.jsonl");
    const collector = await startLocal({ path, settings: tlsSettings(folder, COLLECTOR, clientCa) });
    const handler = endWithTest(
      open(collector, { tls, retryTimeoutMillis: 500, maxConcurrentRequests: 1, maxExportBatchSize: 100 }),
    );
    logNumbers(loggerOf(handler), { to: 300 });
    await handler.forceFlush({ timeoutMillis: 60_000 });
    expect(handler.stats()).toMatchObject({ delivered: 0, dropped: { export_failed: 300 } });
    await vi.waitFor(() => expect(troubles).not.toEqual([]), LONG);
    expect(troubles.join("\n")).toMatch(words);
    await collector.stop();
    expect(writtenRecords(path)).toEqual([]);
  });
});
