/** A filter gives the same answers on a logger and on a handler. */
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import {
  createLogging,
  FemtoAttributeFilter,
  FemtoBatchLogRecordProcessor,
  FemtoDedupFilter,
  type FemtoFilter,
  FemtoInMemoryExporter,
  FemtoLevelFilter,
  type FemtoLogRecord,
  FemtoMessageFilter,
  FemtoNameFilter,
  FemtoRateLimitFilter,
  FemtoSamplingFilter,
} from "../../src/index.ts";
import { untyped } from "../logger/collect.ts";
import { span } from "./records.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 22);

const names = fc.constantFrom("a", "a.b", "a.bb", "a.b.c");
const levels = fc.constantFrom("DEBUG", "INFO", "WARN", "ERROR");
const scalar = fc.constantFrom("x", "xy", 1, 1n, 2 ** 40, true, null, 0.5);
const traceId = fc.integer({ min: 0, max: 0xffff }).map((id) => id.toString(16).padStart(4, "0").repeat(8));

/** Filters whose answers do not depend on chance; made twice, for counts must not be shared. */
const filterMakers: fc.Arbitrary<() => FemtoFilter> = fc.oneof(
  fc
    .record({ minimum: levels })
    .map((options) => () => new FemtoLevelFilter({ minimum: options.minimum as "INFO" })),
  fc
    .record({ name: names, action: fc.constantFrom("keep", "drop") })
    .map((options) => () => new FemtoNameFilter(options)),
  fc
    .constantFrom(
      { contains: "1" },
      { pattern: /x$/ },
      { pattern: /XY/gi },
      { contains: "X", ignoreCase: true },
    )
    .map((options) => () => new FemtoMessageFilter(options)),
  fc
    .record({ key: fc.constantFrom("k", "l", "none"), value: fc.option(scalar, { nil: undefined }) })
    .map((options) => () => new FemtoAttributeFilter(options)),
  fc
    .record({
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
      by: fc.constant("trace"),
      withoutTrace: fc.constantFrom("keep", "drop"),
      keepSeverity: levels,
    })
    .map((options) => () => new FemtoSamplingFilter(options)),
  fc
    .record({
      count: fc.integer({ min: 1, max: 3 }),
      per: fc.constantFrom("template", "logger", "all"),
      attribute: fc.option(fc.constant("k"), { nil: undefined }),
    })
    .map((options) => () => new FemtoRateLimitFilter({ ...options, intervalMillis: HOUR })),
  fc
    .record({ attributes: fc.constantFrom<boolean | string[]>(true, false, ["k"]) })
    .map((options) => () => new FemtoDedupFilter({ ...options, windowMillis: HOUR })),
);

const calls = fc.array(
  fc.record({
    name: names,
    level: levels,
    isEmitted: fc.boolean(),
    text: fc.constantFrom("{k} of {l}", "x", "xy {k}"),
    attributes: fc.record({ k: scalar, l: scalar }, { requiredKeys: [] }),
    traceId: fc.option(traceId, { nil: undefined }),
    isSampled: fc.boolean(),
  }),
  { maxLength: 20 },
);

type Call = typeof calls extends fc.Arbitrary<(infer One)[]> ? One : never;

const SEVERITIES: Readonly<Record<string, number>> = { DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17 };

/** What comes of the calls where the filter is on all loggers, or on their handler; without the times of the calls. */
async function deliver(
  given: readonly Call[],
  filter: FemtoFilter,
  side: "logger" | "handler",
): Promise<Partial<FemtoLogRecord>[]> {
  const exporter = new FemtoInMemoryExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter, filters: side === "handler" ? [filter] : [] });
  const logging = createLogging({ level: "TRACE", handlers: [handler] });
  for (const { name, level, isEmitted, text, attributes, ...ids } of given) {
    const logger = logging.getLogger(name);
    if (side === "logger") logger.addFilter(filter);
    const flags = ids.isSampled ? 1 : 0;
    const context =
      ids.traceId === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span(ids.traceId, flags));
    const severityNumber = SEVERITIES[level] as number;
    if (isEmitted)
      logger.emit({ body: text, severityNumber, attributes: attributes, context, timestamp: START });
    else untyped(logger).log(level, text, attributes);
  }
  await logging.flush();
  const records = exporter.getFinishedLogRecords() as unknown as FemtoLogRecord[];
  const shown = records.map(({ body, loggerName, severityNumber, spanContext, template, attributes }) => {
    const { "repeated.first": _first, "repeated.last": _last, ...rest } = attributes;
    return {
      body,
      loggerName,
      severityNumber,
      spanContext,
      template,
      attributes: rest,
    } as Partial<FemtoLogRecord>;
  });
  await handler.shutdown();
  return shown;
}

test("a filter on all loggers and the same filter on their handler deliver the same records", async () => {
  await fc.assert(
    fc.asyncProperty(calls, filterMakers, async (given, make) => {
      const [onLogger, onHandler] = [
        await deliver(given, make(), "logger"),
        await deliver(given, make(), "handler"),
      ];
      expect(onLogger).toEqual(onHandler);
    }),
    { numRuns: 60 },
  );
}, 120_000);
