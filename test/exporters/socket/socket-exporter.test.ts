import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";

import { FemtoSocketExporter, type SocketExporterOptions } from "../../../exporters/index.ts";
import { setTroubleListener } from "../../../src/diagnostics.ts";
import { FemtoSocketReceiver } from "../../../src/receiver/index.ts";

type Result = Parameters<Parameters<LogRecordExporter["export"]>[1]>[0];

const SPAN = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags: 1 };

async function start(options: SocketExporterOptions = {}): Promise<{
  readonly receiver: FemtoSocketReceiver;
  readonly exporter: FemtoSocketExporter;
}> {
  const receiver = await FemtoSocketReceiver.start();
  onTestFinished(() => receiver.stop());
  const exporter = new FemtoSocketExporter({ ...options, ...receiver.target });
  onTestFinished(() => exporter.shutdown());
  return { receiver, exporter };
}

function recordOf(parts: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
  return {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 987_654_321],
    resource: resourceFromAttributes({ "service.name": "shop" }),
    instrumentationScope: { name: "stock", version: "1.2" },
    attributes: {},
    droppedAttributesCount: 0,
    ...parts,
  };
}

function send(exporter: FemtoSocketExporter, records: ReadableLogRecord[]): Promise<Result> {
  return new Promise((resolve) => exporter.export(records, resolve));
}

function silence(): void {
  const previous = setTroubleListener(() => {});
  onTestFinished(() => {
    setTroubleListener(previous);
  });
}

test.each(["msgpack", "cbor", "json"] as const)(
  "%s: a record object comes out as it went in",
  async (format) => {
    const { receiver, exporter } = await start({ format });
    const record = recordOf({
      spanContext: SPAN,
      severityText: "WARN",
      severityNumber: 13,
      body: { order: 7, tags: ["a", null] },
      eventName: "order.late",
      attributes: { amount: 12.5, "exception.type": "Late", nested: { ok: true } },
      droppedAttributesCount: 2,
    });
    expect(await send(exporter, [record])).toEqual({ code: 0 });
    await receiver.waitFor(1);
    expect(receiver.records).toEqual([
      {
        ...record,
        resource: { attributes: { "service.name": "shop" } },
        threadId: 0,
        loggerName: "stock",
      },
    ]);
  },
);

test("the stock processors deliver through it", async () => {
  const { receiver, exporter } = await start();
  const processors = [new SimpleLogRecordProcessor({ exporter }), new BatchLogRecordProcessor({ exporter })];
  const provider = new LoggerProvider({ processors });
  const logger = provider.getLogger("stock");
  for (let i = 0; i < 500; i++) logger.emit({ body: `record ${i}`, attributes: { i } });
  await provider.forceFlush();
  await receiver.waitFor(1000);
  expect(new Set(receiver.records.map(({ attributes }) => attributes["i"])).size).toBe(500);
  await provider.shutdown();
});

test("records of several scopes and resources keep theirs", async () => {
  const { receiver, exporter } = await start();
  const scopes = [{ name: "one" }, { name: "two" }];
  const records = [0, 1, 0, 1].map((i) =>
    recordOf({
      instrumentationScope: scopes[i] as { name: string },
      resource: resourceFromAttributes({ "service.name": `service ${i}` }),
      body: "same",
    }),
  );
  expect(await send(exporter, records)).toEqual({ code: 0 });
  await receiver.waitFor(4);
  expect(
    receiver.records.map(({ loggerName, resource }) => [loggerName, resource.attributes["service.name"]]),
  ).toEqual([0, 1, 0, 1].map((i) => [scopes[i]?.name, `service ${i}`]));
});

test("a record that is too large fails, and is named; the others of its export arrive", async () => {
  silence();
  const { receiver, exporter } = await start({ frameBytesMax: 2048 });
  const records = ["small", "x".repeat(3000), "small too"].map((body) => recordOf({ body }));
  const { code, error } = await send(exporter, records);
  expect(code).toBe(1);
  expect(error?.message).toMatch(/^Cannot export 1 of 3 records to tcp:.*"frameBytesMax"/);
  await receiver.waitFor(2);
});

test("an export fails when the receiver is away for retryTimeoutMillis", async () => {
  silence();
  const exporter = new FemtoSocketExporter({
    socketPath: join(tmpdir(), "femto-no-such-folder", "socket"),
    retryTimeoutMillis: 50,
  });
  onTestFinished(() => exporter.shutdown());
  const { code, error } = await send(exporter, [recordOf()]);
  expect(code).toBe(1);
  expect(error?.message).toContain("ENOENT");
});

test("after shutdown() exports fail, and forceFlush() resolves", async () => {
  const { exporter } = await start();
  await exporter.shutdown();
  expect((await send(exporter, [recordOf()])).code).toBe(1);
  await exporter.forceFlush();
});

test("a callback that throws is told, and holds up no other export", async () => {
  const troubles: string[] = [];
  const previous = setTroubleListener(({ message }) => troubles.push(message));
  onTestFinished(() => {
    setTroubleListener(previous);
  });
  const { receiver, exporter } = await start();
  exporter.export([recordOf()], () => {
    throw new Error("not my day");
  });
  expect(await send(exporter, [recordOf()])).toEqual({ code: 0 });
  await receiver.waitFor(2);
  await vi.waitFor(() => expect(troubles).toEqual(["Cannot answer an export: Error: not my day"]));
});

test("options that are wrong are a ConfigError", () => {
  expect(() => new FemtoSocketExporter({ port: 0 })).toThrow('Cannot start socket exporter: "port" is 0');
});
