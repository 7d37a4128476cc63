import type { FemtoLogRecord } from "../../src/index.ts";

/** 2026-11-22T17:28:06Z. */
const START_SECONDS = 1_795_368_486;

/** A record of logger "shop" at INFO with the body "hello", but for what is given. */
export function record(given: Partial<FemtoLogRecord> & { readonly atMillis?: number } = {}): FemtoLogRecord {
  const { atMillis = 0, ...fields } = given;
  const time: [number, number] = [
    START_SECONDS + Math.floor(atMillis / 1000),
    Math.round((atMillis % 1000) * 1e6),
  ];
  const loggerName = fields.loggerName ?? "shop";
  return {
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: 9,
    severityText: "INFO",
    body: "hello",
    resource: { attributes: {} },
    instrumentationScope: { name: loggerName },
    attributes: {},
    droppedAttributesCount: 0,
    threadId: 0,
    loggerName,
    ...fields,
  };
}

/** The ids of a span in a trace of this id. */
export function span(traceId: string, traceFlags = 1): NonNullable<FemtoLogRecord["spanContext"]> {
  return { traceId, spanId: "00f067aa0ba902b7", traceFlags };
}
