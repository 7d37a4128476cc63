import type { ResourceInput } from "../../processors/shape/dictionary.ts";
import { epochMillis } from "../../processors/shape/clock.ts";
import { linkOf } from "../filters/filter-list.ts";
import { FilterChain } from "../filters/rules/filter-chain.ts";
import type { LoggerFilter } from "../record/filter.ts";
import type { FilterStage, RecordPort, RecordRoute } from "./ports.ts";

const TIMER_MILLIS_MAX = 2_147_483_647;

/** What the filters of loggers are made of. */
export interface LoggerFilterParts {
  readonly port: RecordPort;
  readonly resource: ResourceInput;
  /** The way of the records of a logger at the moment, its filters included. */
  readonly routeOf: (name: string) => RecordRoute;
  /** Makes loggers ask for their way again. */
  readonly reroute: () => void;
  readonly report: (trouble: string) => void;
}

/** The filters of one logger. */
interface OwnFilters {
  readonly chain: FilterChain;
  readonly stage: FilterStage;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The filters of the loggers of a system, on this thread. They stand at the beginning of a logger's way to its handlers: a logger
 * without filters has nothing of them on its way.
 */
export class LoggerFilters {
  readonly #parts: LoggerFilterParts;
  readonly #byName = new Map<string, OwnFilters>();
  #forgetLastWords: (() => void) | undefined;

  constructor(parts: LoggerFilterParts) {
    this.#parts = parts;
  }

  of(name: string): readonly LoggerFilter[] {
    return (this.#byName.get(name)?.chain.links ?? []).map(({ source }) => source as LoggerFilter);
  }

  /** Puts a filter behind those of the logger; one that is there already stays where it is. @throws {TypeError} It is no filter. */
  add(name: string, filter: LoggerFilter): void {
    const links = this.#byName.get(name)?.chain.links ?? [];
    if (links.some(({ source }) => source === filter)) return;
    this.#set(name, new FilterChain([...links, linkOf(filter)], this.#parts.report));
  }

  /** What the filter has left out is told of first. */
  remove(name: string, filter: LoggerFilter): void {
    const links = this.#byName.get(name)?.chain.links ?? [];
    const rest = links.filter(({ source }) => source !== filter);
    if (rest.length === links.length) return;
    this.#summarize(name, true);
    this.#set(name, new FilterChain(rest, this.#parts.report));
  }

  /** The way of a logger's records: through its filters, where it has some. */
  before(name: string, route: RecordRoute): RecordRoute {
    const own = this.#byName.get(name);
    return own === undefined ? route : own.stage.before(route, { onPending: () => this.#await(name, own) });
  }

  /** The thread has gone to another arena: the filters go on there. */
  renew(): void {
    const { port, resource } = this.#parts;
    for (const [name, { chain, timer }] of this.#byName)
      this.#byName.set(name, { chain, stage: port.filterStage(chain, resource), timer });
  }

  /** Sends all summaries on: for flushes, and for the end. */
  summarizeAll(): void {
    for (const name of this.#byName.keys()) this.#summarize(name, true);
  }

  /** The same, for the last time. */
  end(): void {
    this.summarizeAll();
    for (const { timer } of this.#byName.values()) clearTimeout(timer);
    this.#forgetLastWords?.();
    this.#forgetLastWords = undefined;
  }

  #set(name: string, chain: FilterChain): void {
    const { port, resource, reroute } = this.#parts;
    clearTimeout(this.#byName.get(name)?.timer);
    if (chain.isEmpty) this.#byName.delete(name);
    else this.#byName.set(name, { chain, stage: port.filterStage(chain, resource), timer: undefined });
    this.#forgetLastWords ??= port.beforeLastFlush(() => this.summarizeAll());
    reroute();
  }

  #summarize(name: string, isAll: boolean): void {
    if (this.#byName.get(name)?.chain.isPending !== true) return;
    this.#parts.routeOf(name).summarize?.(isAll);
  }

  /** Sends a summary on when its time is over, also where no further record comes. Keeps no process alive. */
  #await(name: string, own: OwnFilters): void {
    if (own.timer !== undefined) return;
    const millis = Math.max(0, own.chain.dueAt - epochMillis()) + 1;
    own.timer = setTimeout(
      () => {
        own.timer = undefined;
        this.#summarize(name, false);
        if (own.chain.isPending) this.#await(name, own);
      },
      Math.min(millis, TIMER_MILLIS_MAX),
    ).unref();
  }
}
