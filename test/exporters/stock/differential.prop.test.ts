/**
 * The same records through a handler of ours, and through the exporter of the same kind in the stock provider: the same bytes. What
 * differs: a stock record has neither the template nor the thread of a call, and its observed time to the nanosecond.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";

import {
  FemtoFileExporter,
  FemtoHttpExporter,
  FemtoOtlpHttpExporter,
  FemtoSocketExporter,
  FemtoSysLogExporter,
} from "../../../exporters/index.ts";
import {
  FemtoFileHandler,
  type FemtoHandler,
  FemtoHttpHandler,
  FemtoLoggerProvider,
  FemtoOtlpHttpHandler,
  FemtoSocketHandler,
  FemtoSysLogHandler,
} from "../../../src/index.ts";
import { FORMAT_NAMES } from "../../../src/options/formatter-options.ts";
import { makeFolder } from "../../handlers/fixture.ts";
import { emittedRecords } from "../../provider/emitted-records.ts";
import { startPeer, type RawPeer } from "../socket/raw-peer.ts";
import { startBodies } from "./body-server.ts";

/** Observed times in whole milliseconds: a record in a queue has them as a float. */
const batches = fc.array(
  fc.tuple(emittedRecords, fc.integer({ min: 1, max: 4_102_444_800_000 })).map(([record, millis]) => ({
    ...record,
    observedTimestamp: new Date(millis),
  })),
  { minLength: 1, maxLength: 20 },
);
const resource = resourceFromAttributes({ "service.name": "shop", "host.name": "till" });
const LONG = { timeout: 60_000 };

interface Pair {
  readonly handler: FemtoHandler;
  readonly exporter: LogRecordExporter;
}

/** Whose provider the handler works in; the exporter is always in the stock one. */
const PROVIDERS = ["ours", "stock"] as const;
/** The two providers put the attributes of an exception into another order. */
const withoutExceptions = batches.map((records) =>
  records.map((record) => ({ ...record, exception: undefined })),
);

/** Emits random records through both, then shuts both down. */
async function emitThroughBoth(
  { handler, exporter }: Pair,
  { provider, numRuns }: { readonly provider: (typeof PROVIDERS)[number]; readonly numRuns: number },
): Promise<void> {
  const processors = [new SimpleLogRecordProcessor({ exporter })];
  const stock = new LoggerProvider({ resource, processors });
  const Provider = provider === "ours" ? FemtoLoggerProvider : LoggerProvider;
  const handled = new Provider({ resource, processors: [handler] });
  const scopeOptions = { schemaUrl: "https://example.com/1", attributes: { team: "blue" } };
  const loggers = [handled, stock].map((one) => one.getLogger("shop.checkout", "1.2", scopeOptions));
  await fc.assert(
    fc.asyncProperty(provider === "ours" ? withoutExceptions : batches, async (records) => {
      for (const record of records) for (const logger of loggers) logger.emit(record);
      await Promise.all([handler.forceFlush(), exporter.forceFlush()]);
    }),
    { numRuns, endOnFailure: true },
  );
  await Promise.all([handled.shutdown(), stock.shutdown()]);
}

/** What came over the two connections, when both have ended: delivered is what the system has taken, not what was read. */
async function bothOf({ sockets, received }: RawPeer): Promise<readonly [Buffer, Buffer]> {
  await vi.waitFor(() => expect(sockets.map(({ closed }) => closed)).toEqual([true, true]), {
    timeout: 30_000,
    interval: 5,
  });
  const [one = [], other = []] = received;
  return [Buffer.concat(one), Buffer.concat(other)];
}

/** Not `toBe()` of everything: a difference in a megabyte is not read by anybody. */
function expectSame(stock: Uint8Array, ours: Uint8Array): void {
  expect(stock.length).toBeGreaterThan(0);
  const at = stock.findIndex((byte, i) => byte !== ours[i]);
  const near = (bytes: Uint8Array): string =>
    Buffer.from(bytes.subarray(Math.max(0, at - 60), at + 60)).toString();
  if (at >= 0) expect(near(stock)).toBe(near(ours));
  expect(stock.length).toBe(ours.length);
}

describe.each(PROVIDERS)("the handler in the provider: %s", (provider) => {
  test.each(FORMAT_NAMES)("files, format %s", LONG, async (format) => {
    const folder = makeFolder();
    const [ours, stock] = [join(folder, "ours"), join(folder, "stock")];
    const handler = new FemtoFileHandler({ path: ours, format });
    await emitThroughBoth(
      { handler, exporter: new FemtoFileExporter({ path: stock, format }) },
      { provider, numRuns: 12 },
    );
    expectSame(readFileSync(stock), readFileSync(ours));
  });

  test.each(["msgpack", "cbor", "json"] as const)("sockets, format %s", LONG, async (format) => {
    const peer = await startPeer();
    const target = { port: peer.port, host: "127.0.0.1", format };
    const handler = new FemtoSocketHandler(target);
    await emitThroughBoth({ handler, exporter: new FemtoSocketExporter(target) }, { provider, numRuns: 12 });
    expectSame(...(await bothOf(peer)));
  });

  test.each(["rfc5424", "rfc3164"] as const)("syslog, format %s", LONG, async (format) => {
    const peer = await startPeer();
    const target = { port: peer.port, host: "127.0.0.1", transport: "tcp", format } as const;
    const handler = new FemtoSysLogHandler(target);
    await emitThroughBoth({ handler, exporter: new FemtoSysLogExporter(target) }, { provider, numRuns: 12 });
    expectSame(...(await bothOf(peer)));
  });

  test.each(["ndjson", "json", "form"] as const)("HTTP, format %s", LONG, async (format) => {
    const server = await startBodies();
    const options = { format, maxConcurrentRequests: 1 };
    const handler = new FemtoHttpHandler({ ...options, url: `${server.url}/ours` });
    const exporter = new FemtoHttpExporter({ ...options, url: `${server.url}/stock` });
    await emitThroughBoth({ handler, exporter }, { provider, numRuns: 8 });
    expectSame(server.bodyOf("/stock"), server.bodyOf("/ours"));
  });

  test.each(["http/protobuf", "http/json"] as const)(
    "OTLP, %s: a record a request",
    LONG,
    async (protocol) => {
      const server = await startBodies();
      const options = { protocol, maxConcurrentRequests: 1 };
      const handler = new FemtoOtlpHttpHandler({
        ...options,
        url: `${server.url}/ours`,
        maxExportBatchSize: 1,
        scheduledDelayMillis: 0,
      });
      const exporter = new FemtoOtlpHttpExporter({ ...options, url: `${server.url}/stock` });
      await emitThroughBoth({ handler, exporter }, { provider, numRuns: 8 });
      expectSame(server.bodyOf("/stock"), server.bodyOf("/ours"));
    },
  );
});
