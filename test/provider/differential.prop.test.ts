/**
 * The same records through the stock SDK and through ours: field by field equal. What differs on purpose is left out of
 * `emitted-records.ts`, and tested by itself in `differences.test.ts`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";

import {
  FemtoFileHandler,
  FemtoLoggerProvider,
  FemtoOtlpHttpHandler,
  FemtoStreamHandler,
} from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { keeper } from "../logger/collect.ts";
import { asJson, emittedRecords, plainOf, plainOfWire, type PlainRecord } from "./emitted-records.ts";
import { endWithTest } from "./provide.ts";

const batches = fc.array(emittedRecords, { minLength: 1, maxLength: 30 });
const resource = resourceFromAttributes({ "service.name": "shop" });

/** A stock processor with a stock exporter, and what it got since the last call. */
function stock(): { readonly processor: SimpleLogRecordProcessor; readonly take: () => PlainRecord[] } {
  const exporter = new InMemoryLogRecordExporter();
  return {
    processor: new SimpleLogRecordProcessor({ exporter }),
    take: () => {
      const records = exporter.getFinishedLogRecords().map(plainOf);
      exporter.reset();
      return records;
    },
  };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("a processor of ours gives an exporter what the stock one does, in the stock provider", async () => {
  const [theirs, ours] = [stock(), keeper()];
  const provider = endWithTest(
    new LoggerProvider({ resource, processors: [theirs.processor, ours.handler] }),
  );
  const logger = provider.getLogger("shop");
  await fc.assert(
    fc.asyncProperty(batches, async (records) => {
      for (const record of records) logger.emit(record);
      expect((await ours.take()).map(plainOf)).toEqual(theirs.take());
    }),
    { numRuns: 60 },
  );
});

test.each([{}, { attributeCountLimit: 3 }, { attributeCountLimit: 0 }])(
  "our provider gives an exporter what the stock provider does, with limits %o",
  async (logRecordLimits) => {
    const [theirs, ours] = [stock(), keeper()];
    const stockProvider = endWithTest(
      new LoggerProvider({ resource, logRecordLimits, processors: [theirs.processor] }),
    );
    const provider = endWithTest(
      new FemtoLoggerProvider({ resource, logRecordLimits, processors: [ours.handler] }),
    );
    const loggers = [stockProvider.getLogger("shop", "1"), provider.getLogger("shop", "1")];
    // Which attributes a limit leaves differs where there is an exception: ours keep those of the exception.
    const isLimited = logRecordLimits.attributeCountLimit !== undefined;
    const usable = isLimited
      ? emittedRecords.map((record) => ({ ...record, exception: undefined }))
      : emittedRecords;
    await fc.assert(
      fc.asyncProperty(fc.array(usable, { maxLength: 30 }), async (records) => {
        for (const record of records) for (const logger of loggers) logger.emit(record);
        expect((await ours.take()).map(plainOf)).toEqual(theirs.take());
      }),
      { numRuns: 40 },
    );
  },
);

test("our provider gives stock processors what the stock provider does", async () => {
  const [theirs, ours] = [stock(), stock()];
  const stockProvider = endWithTest(new LoggerProvider({ resource, processors: [theirs.processor] }));
  const provider = endWithTest(new FemtoLoggerProvider({ resource, processors: [ours.processor] }));
  fc.assert(
    fc.property(batches, (records) => {
      for (const record of records) {
        stockProvider.getLogger("shop").emit(record);
        provider.getLogger("shop").emit(record);
      }
      expect(ours.take()).toEqual(theirs.take());
    }),
    { numRuns: 60 },
  );
});

test("OTLP handlers of both encodings send what the stock exporter gets", async () => {
  await using receiver = await OtlpReceiver.start({ duplicateKeys: "error" });
  for (const protocol of ["http/protobuf", "http/json"] as const) {
    const theirs = stock();
    const handler = new FemtoOtlpHttpHandler({ url: receiver.url, protocol });
    const provider = new LoggerProvider({ resource, processors: [theirs.processor, handler] });
    const logger = provider.getLogger("shop");
    await fc.assert(
      fc.asyncProperty(batches, async (records) => {
        const before = receiver.records.length;
        for (const record of records) logger.emit(record);
        await handler.forceFlush();
        const sent = receiver.records.slice(before);
        expect(sent.map(plainOfWire)).toEqual(theirs.take());
        expect(sent.every((record) => record.resource.attributes.get("service.name") === "shop")).toBe(true);
      }),
      { numRuns: 25 },
    );
    await provider.shutdown();
  }
});

test("a handler keeps as many attributes as the stock provider lets through", async () => {
  const [theirs, ours] = [stock(), keeper()];
  const logRecordLimits = { attributeCountLimit: 200 };
  const provider = endWithTest(
    new LoggerProvider({ resource, logRecordLimits, processors: [theirs.processor, ours.handler] }),
  );
  const attributes = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index]));
  provider.getLogger("shop").emit({ attributes, timestamp: [1, 0], observedTimestamp: [1, 0] });
  const [record] = (await ours.take()).map(plainOf);
  expect(record).toEqual(theirs.take()[0]);
  expect(record!.droppedAttributesCount).toBe(100);
});

/** What a JSON line says of a record, where it says it. */
function lineOf(record: PlainRecord): unknown {
  const { severityText, severityNumber, body, eventName, traceId, spanId, traceFlags } = record;
  return {
    logger: record.scope,
    ...(severityText === "" ? {} : { level: severityText }),
    severity: severityNumber,
    ...(body === undefined ? {} : { msg: asJson(body) }),
    ...(eventName === "" ? {} : { event: eventName }),
    ...(traceId === "" ? {} : { trace_id: traceId, span_id: spanId, trace_flags: `0${traceFlags}` }),
    ...(asJson(record.attributes) as object),
  };
}

/** A line without its time, and without the name that a level has where the record has none. */
function parsedLine(line: string, record: PlainRecord): unknown {
  const { time, level, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const micros =
    BigInt(Date.parse(String(time).slice(0, 19) + "Z")) * 1000n + BigInt(String(time).slice(20, -1));
  expect(micros).toBe(record.time / 1000n);
  return record.severityText === "" ? rest : { level, ...rest };
}

test("file and stream handlers write what the stock exporter gets", async () => {
  const path = join(await makeFolder(), "app.log");
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, callback) => {
      chunks.push(chunk);
      callback();
    },
  });
  const theirs = stock();
  const file = new FemtoFileHandler({ path });
  const streamed = new FemtoStreamHandler({ stream, format: "json" });
  const provider = endWithTest(
    new LoggerProvider({ resource, processors: [theirs.processor, file, streamed] }),
  );
  const logger = provider.getLogger("shop");
  const all: PlainRecord[] = [];
  await fc.assert(
    fc.asyncProperty(batches, async (records) => {
      for (const record of records) logger.emit(record);
      all.push(...theirs.take());
    }),
    { numRuns: 30 },
  );
  await provider.forceFlush();
  for (const text of [await readFile(path, "utf8"), Buffer.concat(chunks).toString()]) {
    const lines = text.split("\n").slice(0, -1);
    expect(lines).toHaveLength(all.length);
    lines.forEach((line, index) => expect(parsedLine(line, all[index]!)).toEqual(lineOf(all[index]!)));
  }
});
