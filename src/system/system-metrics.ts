import type { MeterProvider } from "@opentelemetry/api";
import { meterOf } from "../../processors/batch/metered-handlers.ts";
import { describeValue } from "../errors.ts";
import type { LogSystem } from "../logger/log-system.ts";
import type { MeteredHandler } from "../metrics/metered.ts";
import { SelfMetrics } from "../metrics/self-metrics.ts";
import { isMeterProvider } from "../options/meter-provider.ts";

/** What is reported of a system. */
export interface ReportedSystem {
  readonly provider: MeterProvider;
  /** Records that its loggers were given. */
  readonly readCreated: () => number;
  /** Processors that are no handlers of its loggers. */
  readonly processors?: readonly object[];
}

const reported = new WeakMap<LogSystem, { readonly provider: MeterProvider; readonly end: () => void }>();

/** Reports a system to a meter provider, and no longer to the one before, until `end` is called, or its shutdown is over. */
export function reportSystem(
  system: LogSystem,
  { provider, readCreated, processors = [] }: ReportedSystem,
): () => void {
  const before = reported.get(system);
  if (before?.provider === provider) return before.end;
  before?.end();
  const endSource = SelfMetrics.of(provider).add({
    owner: system,
    readCreated,
    readHandlers: () => metersOf([...processors, ...system.handlers]),
  });
  const end = (): void => {
    endSource();
    if (reported.get(system)?.end === end) reported.delete(system);
  };
  reported.set(system, { provider, end });
  system.onShutdown(end);
  return end;
}

function metersOf(handlers: readonly object[]): MeteredHandler[] {
  return handlers.flatMap((handler) => meterOf(handler) ?? []);
}

/** @throws {TypeError} It is something, and no meter provider. */
export function checkMeterProvider(value: unknown, action: string): void {
  if (value === undefined || isMeterProvider(value)) return;
  throw new TypeError(
    `${action}: "meterProvider" is ${describeValue(value)}, must be a meter provider: an object with getMeter(), such as a MeterProvider of @opentelemetry/sdk-metrics`,
  );
}
