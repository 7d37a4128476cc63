/** Every call of a logger, in order: what it cost, and from what the record must have been made. */
import { trace, type SpanContext } from "@opentelemetry/api";
import type { LevelName } from "femtologging";

/** Attributes by name. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A call, as the application made it. */
export interface RememberedCall {
  readonly logger: string;
  readonly level: LevelName;
  /** Template, positional values, attributes, error: in the caller's order. */
  readonly values: readonly unknown[];
  readonly eventName: string | undefined;
  /** Attributes of the context and of the logger. */
  readonly around: Attributes;
  readonly span: SpanContext | undefined;
}

const calls: RememberedCall[] = [];
const costs: number[] = [];

/** What has been remembered; the index is the attribute `seq` of the record. Grows. */
export const remembered: { readonly calls: readonly RememberedCall[]; readonly costs: readonly number[] } = {
  calls,
  /** Milliseconds. */
  costs,
};

/** Makes a call with its number among the attributes, and remembers it. */
export function remember({
  call,
  make,
}: {
  readonly call: Omit<RememberedCall, "span">;
  readonly make: (numbered: readonly unknown[]) => void;
}): void {
  const seq = calls.length;
  const numbered = withNumber(call.values, seq);
  const span = trace.getActiveSpan()?.spanContext();
  // Before the call, so that not even a record that makes another one gets its number.
  calls.push({ ...call, span });
  const startMillis = performance.now();
  make(numbered);
  costs[seq] = performance.now() - startMillis;
}

/** The arguments with `seq` among the attributes; those of the caller stay as they are. */
function withNumber(values: readonly unknown[], seq: number): readonly unknown[] {
  const at = values.findIndex((value) => typeof value === "function" || isAttributes(value));
  if (at === -1) return [...values, { seq }];
  const given = values[at];
  const numbered =
    typeof given === "function"
      ? () => ({ ...(given() as Attributes), seq })
      : { ...(given as Attributes), seq };
  return values.with(at, numbered);
}

/** Whether an argument is the attributes, and no error or positional value. */
export function isAttributes(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What reading the clock twice costs at least, in milliseconds: a part of each cost above. */
export function clockCost(): number {
  const samples = Array.from({ length: 1_000 }, () => {
    const startMillis = performance.now();
    return performance.now() - startMillis;
  });
  return samples.toSorted((one, other) => one - other)[samples.length >> 1] ?? 0;
}
