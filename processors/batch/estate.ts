import { isMainThread } from "node:worker_threads";
import type { FilterDescriptor, FilterSetup } from "../../src/filters/rules/filter-descriptor.ts";
import { handlerWord, type Arena } from "../queue/arena.ts";
import { HANDLER_SERIAL } from "../queue/layout.ts";
import { knownProcessArena } from "../queue/process-arena.ts";
import {
  listenToThreads,
  receiveFromThreads,
  tellThreads,
  type ThreadMessage,
} from "../queue/thread-channel.ts";
import type { Outlet, ProcessorSettings } from "./settings.ts";

// What a thread other than the main one leaves behind: its handlers. It tells how each is made when it is made, and how its filters change;
// the threads that have started others listen. When it ends, whoever sees that goes on with the queue, or closes it.

const HANDLER_KIND = "handler";
const FILTERS_KIND = "filters";

/** A handler whose thread has ended. */
export interface Legacy {
  readonly slot: number;
  /** Those that run where the queue is drained. */
  readonly filters: readonly FilterDescriptor[];
}

/** All that is needed to go on with a handler. */
export interface Estate extends Legacy {
  readonly settings: ProcessorSettings;
  readonly outlet: Outlet;
}

/** Which use of which slot. */
interface HandlerPlace {
  /** Which arena: a thread that was started before the import may have one of its own. */
  readonly arenaId: number;
  readonly slot: number;
  readonly serial: number;
}

interface HandlerMessage extends ThreadMessage, HandlerPlace {
  readonly settings: ProcessorSettings;
  readonly outlet: Outlet;
  readonly filters: readonly FilterDescriptor[];
}

interface FiltersChange extends ThreadMessage, HandlerPlace {
  readonly filters: readonly FilterDescriptor[];
}

/** What a handler tells of itself. */
interface Testator {
  readonly arena: Arena;
  readonly slot: number;
  readonly settings: ProcessorSettings;
  readonly filters: { readonly setup: FilterSetup };
}

const told = new Map<number, HandlerMessage>();
/** Those of the handlers that were told of. */
const programs: string[] = [];

/** From now on this thread can go on with the handlers of threads that it outlives; calls `onEstate` when there is one. */
export function listenToEstates(onEstate: () => void): void {
  listenToThreads(HANDLER_KIND, (message) => {
    onEstate();
    const handler = message as HandlerMessage;
    if (handler.arenaId === knownProcessArena()?.id) told.set(handler.slot, shareProgram(handler));
  });
  listenToThreads(FILTERS_KIND, (message) => {
    const change = message as FiltersChange;
    const handler = told.get(change.slot);
    if (handler !== undefined && isSame(handler, change))
      told.set(change.slot, { ...handler, filters: change.filters });
  });
}

/** Programs are long texts, and of few kinds: one text is kept for all handlers of a kind. */
function shareProgram(handler: HandlerMessage): HandlerMessage {
  const { outlet } = handler;
  if (!("source" in outlet)) return handler;
  const source = programs.find((known) => known === outlet.source);
  if (source === undefined) programs.push(outlet.source);
  return { ...handler, outlet: { ...outlet, source: source ?? outlet.source } };
}

/** Tells other threads how to go on with a handler of this one. False where they cannot: it needs functions or objects of this thread. */
export function bequeath(handler: Testator, outlet: Outlet): boolean {
  const { kind } = outlet.descriptor;
  // Where the main thread has not loaded this package, nobody listens.
  if (isMainThread || !handler.arena.isOfMainThread || kind === "local" || kind === "none") return false;
  const { filters: _filters, ...settings } = handler.settings;
  const { filters } = handler.filters.setup;
  return tellThreads({
    kind: HANDLER_KIND,
    ...placeOf(handler),
    settings,
    outlet,
    filters,
  } as HandlerMessage);
}

/** The filters of a handler have changed. */
export function bequeathFilters(handler: Testator, { filters }: FilterSetup): void {
  if (isMainThread) return;
  tellThreads({ kind: FILTERS_KIND, ...placeOf(handler), filters } as FiltersChange);
}

/** What is known of the handler in a slot; undefined where its thread has told nothing that can be used here. */
export function estateOf(arena: Arena, slot: number): Estate | undefined {
  receiveFromThreads();
  const handler = told.get(slot);
  told.delete(slot);
  return handler !== undefined && isSame(handler, placeOf({ arena, slot })) ? handler : undefined;
}

function placeOf({ arena, slot }: Pick<Testator, "arena" | "slot">): HandlerPlace {
  return { arenaId: arena.id, slot, serial: arena.words[handlerWord(slot) + HANDLER_SERIAL] as number };
}

function isSame(one: HandlerPlace, other: HandlerPlace): boolean {
  return one.arenaId === other.arenaId && one.slot === other.slot && one.serial === other.serial;
}
