import type { ResourceInput } from "../../processors/shape/dictionary.ts";
import { epochMillis } from "../../processors/shape/clock.ts";
import { messageOf } from "../../processors/shape/object-encoder.ts";
import { ConfigError } from "../errors.ts";
import { describeFilter, linkOf } from "../filters/filter-list.ts";
import { FilterChain, type ChainLink } from "../filters/rules/filter-chain.ts";
import type { FilterDescriptor } from "../filters/rules/filter-descriptor.ts";
import type { LoggerFilter } from "../record/filter.ts";
import type { FilterStage, RecordPort, RecordRoute } from "./ports.ts";
import { RemoteFilters } from "./remote-filters.ts";

const TIMER_MILLIS_MAX = 2_147_483_647;

/** What the filters of loggers are made of. */
export interface LoggerFilterParts {
  readonly port: RecordPort;
  readonly resource: () => ResourceInput;
  /** Whether other threads have the same loggers. */
  readonly isShared: boolean;
  /** The way of the records of a logger at the moment, its filters included. */
  readonly routeOf: (name: string) => RecordRoute;
  /** Makes loggers ask for their way again. */
  readonly reroute: () => void;
  readonly report: (trouble: string) => void;
}

/** A filter that this thread has added. */
interface AddedFilter {
  readonly link: ChainLink;
  /** How the other threads make it; undefined where they cannot. */
  readonly describe: (() => FilterDescriptor) | undefined;
  /** Its key among those of the process; undefined where no other thread knows of it. */
  key: string | undefined;
  unwatch: () => void;
}

/** The filters of one logger at work, those of other threads first. */
interface Chain {
  readonly chain: FilterChain;
  readonly stage: FilterStage;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The filters of the loggers of a system, on this thread. They stand at the beginning of a logger's way to its handlers: a logger
 * without filters has nothing of them on its way. Those of the process's loggers hold on all threads, as far as they are data.
 */
export class LoggerFilters {
  readonly #parts: LoggerFilterParts;
  readonly #added = new Map<string, readonly AddedFilter[]>();
  readonly #chains = new Map<string, Chain>();
  #remote: RemoteFilters | undefined;
  #forgetLastWords: (() => void) | undefined;

  constructor(parts: LoggerFilterParts) {
    this.#parts = parts;
    this.#remote = this.#openRemote();
  }

  of(name: string): readonly LoggerFilter[] {
    this.#learn();
    return this.#linksOf(name).map(({ source }) => source as LoggerFilter);
  }

  /**
   * Puts a filter behind those of the logger; one that is there already stays where it is.
   * @throws {TypeError} It is no filter. @throws {ConfigError} Its module cannot be used.
   */
  add(name: string, filter: LoggerFilter): void {
    const added = this.#added.get(name) ?? [];
    if (added.some(({ link }) => link.source === filter)) return;
    const described = describeFilter(filter);
    const [describe] = described?.described ?? [];
    const one: AddedFilter = {
      link: this.#linkOf(filter, describe?.()),
      describe,
      key: undefined,
      unwatch: () => {},
    };
    this.#share(name, one);
    if (one.key !== undefined) one.unwatch = described?.watch(() => this.#share(name, one)) ?? one.unwatch;
    this.#added.set(name, [...added, one]);
    this.#set(name);
    this.#parts.reroute();
  }

  /** What the filter has left out is told of first. */
  remove(name: string, filter: LoggerFilter): void {
    const added = this.#added.get(name) ?? [];
    const gone = added.find(({ link }) => link.source === filter);
    if (gone === undefined) {
      this.#remote?.remove(filter);
      return;
    }
    this.#summarize(name, true);
    gone.unwatch();
    this.#added.set(
      name,
      added.filter((one) => one !== gone),
    );
    if (gone.key !== undefined) this.#parts.port.sharedFilters.remove(gone.key);
    this.#set(name);
    this.#parts.reroute();
  }

  /** The way of a logger's records: through its filters, where it has some. */
  before(name: string, route: RecordRoute): RecordRoute {
    this.#learn();
    this.#remote?.warnOf(name);
    const own = this.#chains.get(name);
    return own === undefined ? route : own.stage.before(route, { onPending: () => this.#await(name, own) });
  }

  /** The thread has gone to another arena: the filters go on there. */
  renew(): void {
    this.#remote = this.#openRemote();
    for (const [name, added] of this.#added) {
      for (const one of added) {
        one.key = undefined;
        this.#share(name, one);
      }
    }
    for (const name of this.#chains.keys()) this.#set(name);
  }

  /** Sends all summaries on: for flushes, and for the end. */
  summarizeAll(): void {
    for (const name of this.#chains.keys()) this.#summarize(name, true);
  }

  /** The same, for the last time. */
  end(): void {
    this.summarizeAll();
    for (const { timer } of this.#chains.values()) clearTimeout(timer);
    this.#forgetLastWords?.();
    this.#forgetLastWords = undefined;
  }

  #openRemote(): RemoteFilters | undefined {
    const { port, report, isShared } = this.#parts;
    if (!isShared) return undefined;
    return new RemoteFilters({
      shared: port.sharedFilters,
      load: (descriptor) => port.loadFilter(descriptor),
      report,
    });
  }

  /** Takes up what other threads have changed. */
  #learn(): void {
    const changed = this.#remote?.learn();
    if (changed === undefined) return;
    for (const name of [...changed, ...this.#dropRemoved()]) this.#set(name);
  }

  /** Another thread may have taken away what this one has added. Returns the names of its loggers. */
  #dropRemoved(): readonly string[] {
    const { sharedFilters } = this.#parts.port;
    return [...this.#added].flatMap(([name, added]) => {
      const left = added.filter(({ key }) => key === undefined || sharedFilters.has(key));
      this.#added.set(name, left);
      return left.length === added.length ? [] : [name];
    });
  }

  #linksOf(name: string): readonly ChainLink[] {
    const added = this.#added.get(name) ?? [];
    return [...(this.#remote?.of(name) ?? []), ...added.map(({ link }) => link)];
  }

  /** @throws {TypeError} It is no filter. @throws {ConfigError} The module cannot be used. */
  #linkOf(filter: LoggerFilter, descriptor: FilterDescriptor | undefined): ChainLink {
    if (descriptor?.kind !== "module") return linkOf(filter);
    try {
      return { source: filter, filter: this.#parts.port.loadFilter(descriptor), rule: undefined };
    } catch (error) {
      const expected = `must be a module that makes a filter (${messageOf(error)})`;
      const problem = { path: "module", value: descriptor.module, expected, hint: "correct the module" };
      throw new ConfigError("Cannot add a filter", [problem]);
    }
  }

  /** Tells the other threads of a filter, or of its options of the moment. */
  #share(name: string, one: AddedFilter): void {
    if (!this.#parts.isShared) return;
    const { sharedFilters } = this.#parts.port;
    one.key = sharedFilters.put({ logger: name, descriptor: one.describe?.() }, one.key) ?? one.key;
    if (one.key !== undefined) return;
    this.#parts.report(
      `A filter of logger "${name}" holds on this thread only: it cannot be told to the others, whose filters together take 1 MiB at most and are data`,
    );
  }

  #set(name: string): void {
    const { port, resource, report } = this.#parts;
    clearTimeout(this.#chains.get(name)?.timer);
    const chain = new FilterChain(this.#linksOf(name), report);
    if (chain.isEmpty) this.#chains.delete(name);
    else this.#chains.set(name, { chain, stage: port.filterStage(chain, resource()), timer: undefined });
    this.#forgetLastWords ??= port.beforeLastFlush(() => this.summarizeAll());
  }

  #summarize(name: string, isAll: boolean): void {
    if (this.#chains.get(name)?.chain.isPending !== true) return;
    this.#parts.routeOf(name).summarize?.(isAll);
  }

  /** Sends a summary on when its time is over, also where no further record comes. Keeps no process alive. */
  #await(name: string, own: Chain): void {
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
