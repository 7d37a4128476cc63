/** Random records: what an application does, before any SDK has seen it. */
import { ROOT_CONTEXT, trace, type Context, type LogRecord, type SpanContext } from "@opentelemetry/api";

import type { Random } from "./random.ts";
import { randomMap, randomText, randomValue, type GivenMap, type GivenValue, type Temper } from "./values.ts";

/** Nanoseconds a record's number takes up in its time: no two records of a sequence have the same. */
const NANOS_A_RECORD = 9_000;
/** Beyond it the nanoseconds since 1970 do not fit 64 bits. */
const SECONDS_MAX = 18_446_744_072;
/** The year 2100. */
const OBSERVED_SECONDS_MAX = 4_102_444_800;
/** The attribute by which records of calls, whose time is not given, are known again. */
export const INDEX_KEY = "fuzz.index";

/** A record for `emit()`. */
export interface GivenRecord {
  readonly kind: "emit";
  readonly temper: Temper;
  readonly scope: number;
  readonly seconds: number;
  readonly nanos: number;
  readonly observedMicros: bigint;
  readonly severityNumber: number | undefined;
  readonly severityText: string | undefined;
  readonly eventName: string | undefined;
  /** Undefined for a record without a body. */
  readonly body: GivenValue;
  readonly attributes: GivenMap;
  readonly exception: Error | undefined;
  readonly span: SpanContext | undefined;
}

/** A call of a log method: `log.info(template, attributes)`. */
export interface GivenCall {
  readonly kind: "call";
  readonly scope: number;
  readonly method: "trace" | "debug" | "info" | "warn" | "error" | "critical";
  readonly template: string;
  /** The text that comes of the template. */
  readonly text: string;
  readonly attributes: GivenMap;
  /** Bound to the logger, below those of the call. */
  readonly bound: GivenMap | undefined;
  readonly span: SpanContext | undefined;
}

/** A record of a sequence, in either form. */
export type Given = GivenRecord | GivenCall;

/** The number of an emitted record in its sequence. */
export function indexOfNanos(nanos: number): number {
  return Math.floor(nanos / NANOS_A_RECORD);
}

function randomSpan(random: Random, temper: Temper): SpanContext | undefined {
  if (random.isChosen(0.6)) return undefined;
  const traceId = random.hex(16);
  const isUpper = temper === "wild" && random.isChosen(0.1);
  return {
    traceId: isUpper ? traceId.toUpperCase() : traceId,
    spanId: random.hex(8),
    traceFlags: random.isChosen(0.8) ? random.below(2) : random.below(256),
  };
}

function maybe<Value>(random: Random, share: number, make: () => Value): Value | undefined {
  return random.isChosen(share) ? make() : undefined;
}

/**
 * @param index Number in the sequence, below 100,000.
 * @param options.temper Of all values in it.
 */
export function randomRecord(
  random: Random,
  index: number,
  options: { readonly temper: Temper; readonly scopeCount: number; readonly attributeCountMax: number },
): GivenRecord {
  const { temper, scopeCount, attributeCountMax } = options;
  return {
    kind: "emit",
    temper,
    scope: random.below(scopeCount),
    seconds: random.isChosen(0.02) ? random.pick([0, 1, SECONDS_MAX]) : Math.floor(random.uint32() * 4.2949),
    nanos: index * NANOS_A_RECORD + random.below(NANOS_A_RECORD),
    observedMicros: BigInt(random.below(OBSERVED_SECONDS_MAX)) * 1_000_000n + BigInt(random.below(1_000_000)),
    severityNumber: maybe(random, 0.9, () => random.below(25)),
    severityText: maybe(random, 0.8, () => (random.isChosen(0.8) ? "INFO" : randomText(random, temper))),
    eventName: maybe(random, 0.2, () => (random.isChosen(0.8) ? "order.paid" : randomText(random, temper))),
    body: maybe(random, 0.95, () => randomValue(random, temper)),
    attributes: randomMap(random, temper, { countMax: attributeCountMax }),
    exception: maybe(random, 0.03, () => new RangeError(`failed ${random.below(9)}`)),
    span: randomSpan(random, temper),
  };
}

const METHODS = ["trace", "debug", "info", "warn", "error", "critical"] as const;
/** Text before a hole, and after it. */
const TEXTS: readonly string[] = [
  "order paid",
  "",
  'Zoë "said" ',
  "done\n",
  "日本 ",
  "x".repeat(130),
  " -> ",
];
const HOLES: readonly string[] = ["user", "amount", "http.route"];

/** A template with up to two holes, and what they are filled with. */
function randomTemplate(
  random: Random,
): Pick<GivenCall, "template" | "text"> & { readonly filled: GivenMap } {
  const filled: Record<string, string | number | boolean> = {};
  let template = random.pick(TEXTS);
  let text = template;
  for (const hole of HOLES) {
    if (!random.isChosen(0.3)) continue;
    const value = random.pick(["Ann", "😀", "", true, 0, -17, 2 ** 40]);
    const after = random.pick(TEXTS);
    filled[hole] = value;
    template += `{${hole}}${after}`;
    text += `${value}${after}`;
  }
  return { template, text, filled };
}

/** @param index Number in the sequence; stands in the attribute `INDEX_KEY`. */
export function randomCall(random: Random, index: number, scopeCount: number): GivenCall {
  const { template, text, filled } = randomTemplate(random);
  const isKnownShape = random.isChosen(0.5);
  const others = isKnownShape
    ? { int: random.below(1000), text: randomText(random, "wild"), any: randomValue(random, "wild") }
    : randomMap(random, "wild", { countMax: 5 });
  return {
    kind: "call",
    scope: random.below(scopeCount),
    method: random.pick(METHODS),
    template,
    text,
    attributes: withOwn(others, { ...filled, [INDEX_KEY]: index }),
    bound: maybe(random, 0.2, () => randomMap(random, "wild", { countMax: 3 })),
    span: randomSpan(random, "plain"),
  };
}

/** A copy that also has `more`, and keeps a "__proto__" of its own. */
export function withOwn(map: GivenMap, more: GivenMap): GivenMap {
  return Object.fromEntries([...Object.entries(map), ...Object.entries(more)]);
}

/** The context of a span; that of none has no span, whatever is active. */
export function contextOf(span: SpanContext | undefined): Context {
  return span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span);
}

/** The record as the OpenTelemetry API takes it. Fields that are not given are absent. */
export function toApiRecord(given: GivenRecord): LogRecord {
  const { seconds, nanos, observedMicros, span, ...fields } = given;
  const observed = [
    Number(observedMicros / 1_000_000n),
    Number(observedMicros % 1_000_000n) * 1_000,
  ] as const;
  return {
    timestamp: [seconds, nanos],
    observedTimestamp: [...observed],
    context: contextOf(span),
    attributes: fields.attributes,
    ...(fields.severityNumber !== undefined && { severityNumber: fields.severityNumber }),
    ...(fields.severityText !== undefined && { severityText: fields.severityText }),
    ...(fields.eventName !== undefined && { eventName: fields.eventName }),
    ...(fields.body !== undefined && { body: fields.body }),
    ...(fields.exception !== undefined && { exception: fields.exception }),
  };
}
