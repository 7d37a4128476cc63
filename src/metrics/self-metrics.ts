import type { BatchObservableResult, MeterProvider, Observable } from "@opentelemetry/api";
import { componentAttributes, type ComponentAttributes } from "./component-names.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import type { HandlerFlow, MeteredHandler, MetricSource } from "./metered.ts";
import { OperationDurations } from "./operation-durations.ts";

/** How often durations are fetched: so many of them are known one by one. */
const FETCH_MILLIS = 1000;

interface Reported {
  readonly attributes: ComponentAttributes;
  readonly durations: OperationDurations;
}

const known = new WeakMap<MeterProvider, SelfMetrics>();

/**
 * What femtologging tells of itself to one meter provider: read from shared memory when metrics are collected, so that counting costs
 * nobody anything. The thread's own.
 */
export class SelfMetrics {
  readonly #instruments: Instruments;
  readonly #observed: Observable[];
  readonly #sources = new Set<MetricSource>();
  readonly #handlers = new Map<MeteredHandler, Reported>();
  readonly #collect = (result: BatchObservableResult): void => this.#observe(result);
  /** By owner: what it had created when it was taken away. */
  readonly #createdBefore = new WeakMap<object, number>();
  #createdByEnded = 0;
  #countsCreated = false;
  #isRegistered = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(provider: MeterProvider) {
    this.#instruments = createInstruments(provider);
    const { meter: _meter, duration: _duration, ...observed } = this.#instruments;
    this.#observed = Object.values(observed);
  }

  /** Those of a provider: the same each time. */
  static of(provider: MeterProvider): SelfMetrics {
    let metrics = known.get(provider);
    if (metrics === undefined) {
      metrics = new SelfMetrics(provider);
      known.set(provider, metrics);
    }
    return metrics;
  }

  /**
   * Reports a source from now on.
   * @returns A function that ends this: the next collection still gets the last counts, and then nothing is left of the source.
   */
  add(source: MetricSource): () => void {
    this.#sources.add(source);
    if (source.readCreated !== undefined) this.#countsCreated = true;
    this.#learn();
    this.#register();
    return () => this.#end(source);
  }

  #end(source: MetricSource): void {
    if (!this.#sources.has(source)) return;
    this.#learn();
    this.#sources.delete(source);
    const created = source.readCreated?.() ?? 0;
    this.#createdByEnded += created - this.#createdBeforeOf(source);
    this.#createdBefore.set(source.owner, created);
  }

  #createdBeforeOf(source: MetricSource): number {
    return source.readCreated === undefined ? 0 : (this.#createdBefore.get(source.owner) ?? 0);
  }

  #register(): void {
    if (this.#isRegistered) return;
    this.#isRegistered = true;
    this.#instruments.meter.addBatchObservableCallback(this.#collect, this.#observed);
    this.#timer = setInterval(() => {
      this.#learn();
      this.#fetchDurations();
    }, FETCH_MILLIS);
    this.#timer.unref();
  }

  #unregister(): void {
    this.#isRegistered = false;
    this.#instruments.meter.removeBatchObservableCallback(this.#collect, this.#observed);
    clearInterval(this.#timer);
    this.#handlers.clear();
  }

  /** Handlers come and go while a source is there. */
  #learn(): void {
    for (const { readHandlers } of this.#sources) {
      for (const handler of readHandlers()) {
        if (this.#handlers.has(handler)) continue;
        const attributes = componentAttributes(handler);
        const durations = new OperationDurations(handler, attributes.exporter);
        this.#handlers.set(handler, { attributes, durations });
      }
    }
  }

  #observe(result: BatchObservableResult): void {
    this.#learn();
    if (this.#countsCreated) result.observe(this.#instruments.created, this.#createdCount());
    const ended = [...this.#handlers.keys()].filter((handler) => handler.isEnded);
    for (const [handler, { attributes }] of this.#handlers) {
      const flow = handler.readFlow();
      this.#observeProcessor(result, flow, attributes);
      this.#observeExporter(result, flow, attributes);
    }
    this.#fetchDurations();
    if (this.#sources.size === 0) this.#unregister();
    else this.#forget(ended);
  }

  #createdCount(): number {
    let count = this.#createdByEnded;
    for (const source of this.#sources)
      count += (source.readCreated?.() ?? 0) - this.#createdBeforeOf(source);
    return count;
  }

  #observeProcessor(
    result: BatchObservableResult,
    flow: HandlerFlow,
    { processor }: ComponentAttributes,
  ): void {
    const { processed, filtered, queueSize, queueCapacity } = this.#instruments;
    const { dropped, abandoned } = flow;
    result.observe(queueSize, Math.max(0, flow.queued - flow.inFlight), processor);
    if (flow.capacity !== undefined) result.observe(queueCapacity, flow.capacity, processor);
    result.observe(processed, flow.submitted, processor);
    result.observe(filtered, flow.filtered, processor);
    const failures = {
      queue_full: dropped.queue_full,
      too_large: dropped.too_large,
      already_shutdown: dropped.already_shutdown,
      exit_deadline: dropped.exit_deadline - abandoned,
      [RENDER_FAILED]: flow.failures[RENDER_FAILED] ?? 0,
    };
    for (const [reason, count] of Object.entries(failures))
      if (count > 0) result.observe(processed, count, { ...processor, "error.type": reason });
  }

  #observeExporter(
    result: BatchObservableResult,
    flow: HandlerFlow,
    { exporter }: ComponentAttributes,
  ): void {
    const { exported, inFlight } = this.#instruments;
    result.observe(inFlight, flow.inFlight + flow.spooled, exporter);
    result.observe(exported, flow.delivered, exporter);
    const left = (flow.failures["exit_deadline"] ?? 0) + flow.abandoned;
    const failures = { ...flow.failures, spool_full: flow.dropped.spool_full, exit_deadline: left };
    for (const [reason, count] of Object.entries(failures)) {
      if (reason === RENDER_FAILED || count === 0) continue;
      result.observe(exported, count, { ...exporter, "error.type": reason });
    }
  }

  /** A handler that has ended, and belongs to nobody any more, has been told of for the last time. */
  #forget(ended: readonly MeteredHandler[]): void {
    const current = new Set([...this.#sources].flatMap(({ readHandlers }) => readHandlers()));
    for (const handler of ended) if (!current.has(handler)) this.#handlers.delete(handler);
  }

  #fetchDurations(): void {
    try {
      for (const [handler, { durations }] of this.#handlers)
        durations.recordInto(this.#instruments.duration, handler.readFlow());
    } catch {
      // The meter's own trouble: it must neither end the process, nor cost the other metrics.
    }
  }
}

/** Of records that could not be made into bytes: no exporter was given them. */
const RENDER_FAILED = "render_failed";
