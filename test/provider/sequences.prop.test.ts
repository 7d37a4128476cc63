/**
 * The same random calls, in the same order, of the stock provider with its batch processor and of ours with ours: what an
 * exporter instance receives is equal after each flush, and so are the answers. Where the stock SDK loses records when calls
 * meet, ours is held to what was logged instead.
 */
import type { LogRecord, Logger, LoggerOptions } from "@opentelemetry/api";
import type { ExportResult } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  SimpleLogRecordProcessor,
  type LogRecordExporter,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { FemtoBatchLogRecordProcessor, FemtoLoggerProvider } from "../../src/index.ts";
import { collectTrouble } from "../logger/collect.ts";
import { emittedRecords, plainOf } from "./emitted-records.ts";

/** Keeps what it is given, batch by batch, and what it is asked for. */
class KeepingExporter implements LogRecordExporter {
  readonly batches: ReadableLogRecord[][] = [];
  shutdownCount = 0;
  #running = 0;
  runningMax = 0;

  export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
    this.#running++;
    this.runningMax = Math.max(this.runningMax, this.#running);
    this.batches.push([...records]);
    setImmediate(() => {
      this.#running--;
      done({ code: 0 });
    });
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    this.shutdownCount++;
    return Promise.resolve();
  }

  take(): unknown[] {
    return this.batches.splice(0).flat().map(describe);
  }
}

/** A record with all of its scope. What a limit leaves of a character that it has cut in two is no text: no format has it. */
function describe(record: ReadableLogRecord): unknown {
  return wellFormed(describeAll(record));
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key.toWellFormed(), wellFormed(part)]),
  );
}

function describeAll(record: ReadableLogRecord): unknown {
  const { name, version, schemaUrl, attributes = {} } = record.instrumentationScope;
  return {
    ...plainOf(record),
    scope: { name, version: version ?? "", schemaUrl: schemaUrl ?? "", attributes },
    service: record.resource.attributes["service.name"],
  };
}

/** A provider of either SDK, as far as both have it. */
interface AnyProvider {
  getLogger(name: string, version?: string, options?: LoggerOptions): Logger;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

interface Side {
  readonly exporter: KeepingExporter;
  readonly provider: AnyProvider;
}

interface Limits {
  readonly attributeCountLimit?: number;
  readonly attributeValueLengthLimit?: number;
}

interface Batches {
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
}

const resource = resourceFromAttributes({ "service.name": "shop" });
/** Nothing goes out by the clock: only by the calls. */
const NEVER = 3_600_000;

function stockSide(logRecordLimits: Limits, batches: Batches): Side {
  const exporter = new KeepingExporter();
  const processor = new BatchLogRecordProcessor({ exporter, ...batches, scheduledDelayMillis: NEVER });
  return { exporter, provider: new LoggerProvider({ resource, logRecordLimits, processors: [processor] }) };
}

function ourSide(logRecordLimits: Limits, batches: Batches): Side {
  const exporter = new KeepingExporter();
  const processor = new FemtoBatchLogRecordProcessor({ exporter, ...batches, scheduledDelayMillis: NEVER });
  return {
    exporter,
    provider: new FemtoLoggerProvider({ resource, logRecordLimits, processors: [processor] }),
  };
}

interface Scope {
  readonly name: string;
  readonly version: string | undefined;
  readonly options: LoggerOptions | undefined;
}

const words = fc.constantFrom("a", "b", "a.b", "io.lib");

const allScopes: fc.Arbitrary<Scope> = fc.record({
  name: words,
  version: fc.option(fc.constantFrom("1", "2"), { nil: undefined }),
  options: fc.option(
    fc.record(
      {
        schemaUrl: fc.constantFrom("https://a/1", "https://a/2"),
        attributes: fc.dictionary(words, fc.oneof(words, fc.integer(), fc.boolean()), { maxKeys: 2 }),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
});

/** The stock SDK cuts attributes of scopes to the limits of records. */
const plainScopes = allScopes.map((scope) => ({ ...scope, options: undefined }));

type Call =
  | { readonly kind: "emit"; readonly scope: Scope; readonly record: LogRecord }
  | { readonly kind: "enabled"; readonly scope: Scope; readonly severityNumber: number }
  | { readonly kind: "same"; readonly scope: Scope }
  | { readonly kind: "flush" }
  | { readonly kind: "shutdown" };

function callsOf(
  records: fc.Arbitrary<LogRecord>,
  scopes: fc.Arbitrary<Scope> = allScopes,
): fc.Arbitrary<Call[]> {
  const call: fc.Arbitrary<Call> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("emit"), scope: scopes, record: records }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("enabled"),
        scope: scopes,
        severityNumber: fc.integer({ min: 0, max: 24 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("same"), scope: scopes }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("flush") }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("shutdown") }) },
  );
  return fc.array(call, { maxLength: 40 });
}

/** Makes one call, and gives what is to be equal afterwards. */
async function make({ provider, exporter }: Side, call: Call): Promise<unknown> {
  switch (call.kind) {
    case "emit":
      loggerOf(provider, call.scope).emit(call.record);
      return undefined;
    case "enabled":
      return loggerOf(provider, call.scope).enabled({ severityNumber: call.severityNumber });
    case "same":
      return loggerOf(provider, call.scope) === loggerOf(provider, call.scope);
    case "flush":
      await provider.forceFlush();
      return exporter.take();
    case "shutdown":
      await provider.shutdown();
      return [exporter.take(), exporter.shutdownCount];
  }
}

function loggerOf(provider: AnyProvider, { name, version, options }: Scope): Logger {
  return provider.getLogger(name, version, options);
}

/** Which attributes a limit leaves differs where there is an exception: ours keep those of the exception. */
const withoutExceptions = emittedRecords.map(({ exception: _exception, ...record }) => record);

const batchSizes = fc.record({
  maxQueueSize: fc.constant(2048),
  maxExportBatchSize: fc.constantFrom(1, 3, 512),
});

test.each<Limits>([
  {},
  { attributeCountLimit: 2 },
  { attributeValueLengthLimit: 3 },
  { attributeCountLimit: 1, attributeValueLengthLimit: 1 },
])("calls in any order have the same results, with limits %o", async (limits) => {
  collectTrouble();
  const records = limits.attributeCountLimit === undefined ? emittedRecords : withoutExceptions;
  const scopes = Object.keys(limits).length === 0 ? allScopes : plainScopes;
  await fc.assert(
    fc.asyncProperty(callsOf(records, scopes), batchSizes, async (calls, batches) => {
      const sides = [stockSide(limits, batches), ourSide(limits, batches)] as const;
      for (const call of [...calls, { kind: "flush" }, { kind: "shutdown" }] as const) {
        const [theirs, ours] = [await make(sides[0], call), await make(sides[1], call)];
        expect(ours, call.kind).toEqual(theirs);
      }
      expect(sides[1].exporter.runningMax).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test("no batch is larger than asked for, and none is lost, however flushes and the end meet", async () => {
  collectTrouble();
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 30 }).map((count) => ({ kind: "emit" as const, count })) },
    { weight: 3, arbitrary: fc.constant({ kind: "flush" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "turn" as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), batchSizes, async (steps, batches) => {
      const { provider, exporter } = ourSide({}, batches);
      const logger = provider.getLogger("a");
      let count = 0;
      const flushes: Promise<void>[] = [];
      for (const { kind, ...rest } of steps) {
        if (kind === "turn") await new Promise((resolve) => setImmediate(resolve));
        if (kind === "flush") flushes.push(flushUpTo(count));
        if (kind === "emit") {
          for (let left = (rest as { count: number }).count; left > 0; left--) logger.emit({ body: count++ });
        }
      }
      await Promise.all([...flushes, provider.forceFlush(), provider.shutdown()]);
      const bodies = exporter.batches.flat().map(({ body }) => body);
      expect(bodies).toEqual(Array.from({ length: count }, (_, index) => index));
      for (const { length } of exporter.batches)
        expect(length).toBeLessThanOrEqual(batches.maxExportBatchSize);
      expect([exporter.runningMax <= 1, exporter.shutdownCount]).toEqual([true, 1]);

      /** A flush covers what was logged before it, whatever else is under way. */
      async function flushUpTo(logged: number): Promise<void> {
        await provider.forceFlush();
        expect(exporter.batches.flat().length).toBeGreaterThanOrEqual(logged);
      }
    }),
    { numRuns: 60 },
  );
});

test("our handlers in the stock provider get what a stock processor beside them gets, in any order of calls", async () => {
  collectTrouble();
  await fc.assert(
    fc.asyncProperty(callsOf(emittedRecords), async (calls) => {
      const [theirs, ours] = [new KeepingExporter(), new KeepingExporter()];
      const provider = new LoggerProvider({
        resource,
        processors: [
          new SimpleLogRecordProcessor({ exporter: theirs }),
          new FemtoBatchLogRecordProcessor({ exporter: ours, scheduledDelayMillis: NEVER }),
        ],
      });
      const ends = [{ kind: "flush" }, { kind: "shutdown" }] as const;
      for (const call of [...calls, ...ends]) {
        if (call.kind === "flush") await provider.forceFlush();
        else if (call.kind === "shutdown") await provider.shutdown();
        else await make({ provider, exporter: theirs }, call);
        // What is taken is compared, whichever call has brought it out.
        if (call.kind === "flush" || call.kind === "shutdown") expect(ours.take()).toEqual(theirs.take());
      }
    }),
    { numRuns: 60 },
  );
});
