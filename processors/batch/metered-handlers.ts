import type { MeterProvider } from "@opentelemetry/api";
import type { LatestOperations, HandlerFlow, MeteredHandler } from "../../src/metrics/metered.ts";
import { SelfMetrics } from "../../src/metrics/self-metrics.ts";
import { exporterComponent } from "./exporter-component.ts";
import type { HandlerEngine } from "./handler-engine.ts";
import type { Outlet } from "./settings.ts";

const meters = new WeakMap<object, HandlerMeter>();

/** A handler as the metrics see it. */
export class HandlerMeter implements MeteredHandler {
  readonly exporter: MeteredHandler["exporter"];
  readonly #engine: HandlerEngine;
  #isEnded = false;
  #endReport: (() => void) | undefined;

  constructor(engine: HandlerEngine, outlet: Outlet) {
    this.exporter = exporterComponent(outlet);
    this.#engine = engine;
  }

  get name(): string {
    return this.#engine.settings.name;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  readFlow(): HandlerFlow {
    const { counts, settings } = this.#engine;
    // Before the rest: an operation that is counted here is among the latest ones, too.
    const { reasons, ...exports } = counts.exports();
    return { ...counts.stats(), ...exports, capacity: settings.maxQueueSize, operations: reasons };
  }

  latestOperations(sequence: number): LatestOperations {
    return this.#engine.counts.latestOperations(sequence);
  }

  /** Reports the handler alone, whichever loggers have it. */
  reportTo(provider: MeterProvider): void {
    this.#endReport = SelfMetrics.of(provider).add({ owner: this, readHandlers: () => [this] });
  }

  /** Its shutdown is over. */
  end(): void {
    this.#isEnded = true;
    this.#endReport?.();
  }
}

/** Makes a handler known to the metrics. */
export function meterHandler(
  handler: object,
  parts: { readonly engine: HandlerEngine; readonly outlet: Outlet },
): HandlerMeter {
  const { engine, outlet } = parts;
  const meter = new HandlerMeter(engine, outlet);
  // One that takes no records has nothing to tell.
  if (outlet.descriptor.kind === "none") return meter;
  meters.set(handler, meter);
  const { meterProvider } = engine.settings;
  if (meterProvider !== undefined) meter.reportTo(meterProvider);
  return meter;
}

/** A handler as the metrics see it, or that before which it stands; undefined for one of which nothing is known. */
export function meterOf(handler: object): MeteredHandler | undefined {
  const { target } = handler as { readonly target?: unknown };
  return (
    meters.get(handler) ?? (typeof target === "object" && target !== null ? meters.get(target) : undefined)
  );
}
