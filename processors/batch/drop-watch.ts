import type { DropCounts } from "../queue/counters.ts";
import type { HandlerEngine } from "./handler-engine.ts";

const LOOK_MILLIS = 1000;

type Counts = Partial<Record<keyof DropCounts, number>>;

/** Records dropped since the last time, by reason; reasons without any are left out. */
export interface DropEvent {
  readonly handler: string;
  readonly dropped: Partial<DropCounts>;
  readonly droppedTotal: number;
}

/** Is told of drops. What it throws is swallowed. */
export type DropListener = (event: DropEvent) => void;

/** Writes a record of the handler about itself, if there is room for it at once. False when there is none. */
export type SayInHandler = (message: string, attributes: Readonly<Record<string, unknown>>) => boolean;

/**
 * Looks once a second whether a handler has dropped records, and tells: listeners and stderr at once, the handler's own
 * output as soon as it delivers something again. What it says there may be dropped too, which would be worth saying again,
 * for ever: so it says nothing while nothing comes through.
 */
export class DropWatch {
  readonly #engine: HandlerEngine;
  readonly #say: SayInHandler;
  readonly #listeners = new Set<DropListener>();
  readonly #timer: NodeJS.Timeout;
  #seen: DropCounts;
  #deliveredSeen = 0;
  #untold: Counts = {};

  constructor(engine: HandlerEngine, say: SayInHandler) {
    this.#engine = engine;
    this.#say = say;
    this.#seen = engine.stats().dropped;
    this.#timer = setInterval(() => this.look(), LOOK_MILLIS);
    this.#timer.unref();
  }

  /** Adds a listener. Returns a function that removes it. */
  add(listener: DropListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks now, for the last time before the handler is closed. */
  stop(): void {
    clearInterval(this.#timer);
    this.look();
  }

  look(): void {
    const { dropped, delivered } = this.#engine.stats();
    const since: Counts = {};
    for (const reason of Object.keys(dropped) as (keyof DropCounts)[]) {
      const count = dropped[reason] - this.#seen[reason];
      if (count <= 0) continue;
      since[reason] = count;
      this.#untold[reason] = (this.#untold[reason] ?? 0) + count;
    }
    this.#seen = dropped;
    const droppedTotal = sumOf(since);
    if (droppedTotal > 0) this.#tell({ handler: this.#engine.settings.name, dropped: since, droppedTotal });
    if (delivered > this.#deliveredSeen) this.#tellInHandler();
    this.#deliveredSeen = delivered;
  }

  #tellInHandler(): void {
    if (this.#engine.isShutDown || sumOf(this.#untold) === 0) return;
    const { name } = this.#engine.settings;
    if (this.#say(describe(this.#untold), { handler: name, ...this.#untold })) this.#untold = {};
  }

  #tell(event: DropEvent): void {
    this.#engine.report(`Handler "${event.handler}": ${describe(event.dropped)}`, "drops");
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // The listener's own trouble: nothing here can mend it.
      }
    }
  }
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function describe(counts: Counts): string {
  const total = sumOf(counts);
  const reasons = Object.entries(counts).map(([reason, count]) => `${count} ${reason}`);
  return `${total} ${total === 1 ? "record" : "records"} dropped: ${reasons.join(", ")}`;
}
