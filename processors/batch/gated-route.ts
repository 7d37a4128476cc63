import type { RecordEncoder } from "../shape/encoder.ts";
import type { FilteredRoute } from "./filtered-route.ts";
import type { PublishRoute, Route } from "./route.ts";

/** A handler with filters of this thread. */
export interface Gate {
  /** Through the filters. */
  readonly filtered: FilteredRoute;
  /** Past them. */
  readonly direct: Route;
}

/** The way of a record to handlers of which some have filters that run on this thread, before the record is queued. */
export class GatedRoute implements PublishRoute {
  readonly isEmpty = false;
  readonly #open: Route;
  readonly #gates: readonly Gate[];

  constructor(open: Route, gates: readonly Gate[]) {
    this.#open = open;
    this.#gates = gates;
  }

  takes(severity: number): boolean {
    return this.#open.takes(severity) || this.#gates.some(({ direct }) => direct.takes(severity));
  }

  publish(encoder: RecordEncoder, byteCount: number, severity: number): void {
    this.#open.publish(encoder, byteCount, severity);
    for (const { filtered, direct } of this.#gates) {
      if (direct.takes(severity)) filtered.publish(encoder, byteCount, severity);
    }
  }

  /** For what a handler says itself: no filter is asked. */
  tryPublish(encoder: RecordEncoder, byteCount: number, severity: number): boolean {
    let isPublished = this.#open.tryPublish(encoder, byteCount, severity);
    for (const { direct } of this.#gates) {
      if (!direct.tryPublish(encoder, byteCount, severity)) isPublished = false;
    }
    return isPublished;
  }

  countTooLarge(severity: number): void {
    this.#open.countTooLarge(severity);
    for (const { direct } of this.#gates) direct.countTooLarge(severity);
  }
}
