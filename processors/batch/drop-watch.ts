import type { DropCounts } from "../queue/counters.ts";
import type { HandlerEngine } from "./handler-engine.ts";

const LOOK_MILLIS = 1000;

/** Records dropped since the last time, by reason; reasons without any are left out. */
export interface DropEvent {
  readonly handler: string;
  readonly dropped: Partial<DropCounts>;
  readonly droppedTotal: number;
}

/** Is told of drops. What it throws is swallowed. */
export type DropListener = (event: DropEvent) => void;

/** Writes a record of the handler about itself. */
export type SayInHandler = (message: string, attributes: Readonly<Record<string, unknown>>) => void;

/** Looks once a second whether a handler has dropped records, and tells: listeners, stderr, the handler's own output. */
export class DropWatch {
  readonly #engine: HandlerEngine;
  readonly #say: SayInHandler;
  readonly #listeners = new Set<DropListener>();
  readonly #timer: NodeJS.Timeout;
  #seen: DropCounts;

  constructor(engine: HandlerEngine, say: SayInHandler) {
    this.#engine = engine;
    this.#say = say;
    this.#seen = engine.stats().dropped;
    this.#timer = setInterval(() => this.#look(), LOOK_MILLIS);
    this.#timer.unref();
  }

  /** Adds a listener. Returns a function that removes it. */
  add(listener: DropListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#look();
  }

  #look(): void {
    const { dropped } = this.#engine.stats();
    const since: Partial<Record<keyof DropCounts, number>> = {};
    let total = 0;
    for (const reason of Object.keys(dropped) as (keyof DropCounts)[]) {
      const count = dropped[reason] - this.#seen[reason];
      if (count <= 0) continue;
      since[reason] = count;
      total += count;
    }
    this.#seen = dropped;
    if (total > 0) this.#tell({ handler: this.#engine.settings.name, dropped: since, droppedTotal: total });
  }

  #tell(event: DropEvent): void {
    const reasons = Object.entries(event.dropped).map(([reason, count]) => `${count} ${reason}`);
    const records = event.droppedTotal === 1 ? "record" : "records";
    const message = `${event.droppedTotal} ${records} dropped: ${reasons.join(", ")}`;
    this.#engine.report(`Handler "${event.handler}": ${message}`);
    if (!this.#engine.isShutDown) this.#say(message, { handler: event.handler, ...event.dropped });
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // The listener's own trouble: nothing here can mend it.
      }
    }
  }
}
