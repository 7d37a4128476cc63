import { reportTrouble } from "../../src/diagnostics.ts";
import { sortFilters, type SortedFilters } from "../../src/filters/filter-list.ts";
import { FilterChain } from "../../src/filters/rules/filter-chain.ts";
import type { FilterDescriptor, FilterSetup } from "../../src/filters/rules/filter-descriptor.ts";
import type { HandlerFilter } from "../../src/record/filter.ts";
import type { Arena } from "../queue/arena.ts";
import { FILTERS_VERSION_WORD, readGeometry } from "../queue/queue-layout.ts";
import type { FiltersMessage } from "../worker/protocol.ts";
import type { ProcessorSettings } from "./settings.ts";
import { threadRecorder } from "./thread-recorder.ts";

/** Where the handler is that the filters are of. */
interface HandlerPlace {
  readonly slot: number;
  readonly words: Int32Array;
  readonly versionWord: number;
  /** Sends the handler's thread a message, where it has one. */
  readonly send: (message: FiltersMessage) => void;
}

/**
 * The filters of a handler, as the thread that made it has them: those of the application run here, the others where the queue is
 * drained. A change is sent there first; then a word in the queue's control block says that it is there.
 */
export class HandlerFilters {
  /** What a consumer is started with: always the filters of the moment. */
  readonly setup: { version: number; filters: readonly FilterDescriptor[] } & FilterSetup = {
    version: 0,
    filters: [],
  };
  readonly #name: string;
  #list: readonly HandlerFilter[];
  #sorted: SortedFilters;
  #place: HandlerPlace | undefined;
  #unwatch: () => void = () => {};

  /**
   * @param described Filters of a handler whose thread has ended, in place of those of the settings.
   * @throws {ConfigError} A filter is none.
   */
  constructor(
    settings: Pick<ProcessorSettings, "name" | "filters">,
    described?: readonly FilterDescriptor[],
  ) {
    this.#name = settings.name;
    this.#list = [...new Set(settings.filters ?? [])];
    this.#sorted =
      described === undefined
        ? sortFilters(this.#list, `Cannot start handler "${this.#name}"`)
        : { described: described.map((filter) => () => filter), own: [], watch: () => () => {} };
  }

  /** From now on the filters are those of this handler. Before its consumer is started. */
  attach(arena: Arena, place: Pick<HandlerPlace, "slot" | "send">): void {
    const versionWord = readGeometry(arena.words, place.slot).at / 4 + FILTERS_VERSION_WORD;
    this.#place = { ...place, words: arena.words, versionWord };
    this.#use();
  }

  get list(): readonly HandlerFilter[] {
    return this.#list;
  }

  /** Other filters from now on. @throws {ConfigError} One of them is none: nothing has changed. */
  set(filters: readonly HandlerFilter[]): void {
    const list = [...new Set(filters)];
    this.#sorted = sortFilters(list, `Cannot set the filters of handler "${this.#name}"`);
    this.#list = list;
    this.#use();
  }

  /** The handler has ended: what is changed from now on changes nothing, as its place may soon be another's. */
  end(): void {
    this.#unwatch();
    if (this.#place !== undefined) threadRecorder().setGate(this.#place.slot, undefined);
    this.#place = undefined;
  }

  #use(): void {
    if (this.#place === undefined) return;
    this.#unwatch();
    this.#unwatch = this.#sorted.watch(() => this.#publish());
    const chain = new FilterChain(this.#sorted.own, (message) => this.#report(message));
    threadRecorder().setGate(this.#place.slot, chain.isEmpty ? undefined : chain);
    this.#publish();
  }

  #publish(): void {
    if (this.#place === undefined) return;
    const { words, versionWord, send } = this.#place;
    // Of a handler whose thread has ended the changes were counted before.
    const version = (Atomics.load(words, versionWord) + 1) | 0;
    const filters = this.#sorted.described.map((describe) => describe());
    this.setup.filters = filters;
    this.setup.version = version;
    send({ kind: "filters", setup: { version, filters } });
    Atomics.store(words, versionWord, version);
  }

  #report(message: string): void {
    reportTrouble(`filters of handler ${this.#name}`, message);
  }
}
