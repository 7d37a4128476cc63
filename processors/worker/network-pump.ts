import type { Arena } from "../queue/arena.ts";
import type { ExportLedger } from "../queue/export-ledger.ts";
import { readGeometry } from "../queue/queue-layout.ts";
import type { BatchRenderer } from "../shape/renderer.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import { Consumer } from "./consumer.ts";
import { ConsumerFilters } from "./consumer-filters.ts";
import { EventPump } from "./event-pump.ts";
import { loadModuleExporter } from "./module-exporter.ts";
import { Ownership } from "./ownership.ts";
import type { FilterInput, ModuleExporterDescriptor, NetworkDescriptor, WorkerStart } from "./protocol.ts";

/** What brings a network handler's batches out. */
export interface NetworkOutlet {
  readonly renderer: BatchRenderer;
  readonly exporter: BatchExporter;
  readonly maxConcurrentExports: number;
  /** Is called when the handler is taken over: for exporters that have work of their own, and keep account of it. */
  readonly begin?: (ownership: Ownership, exports: ExportLedger) => void;
}

/** What a network handler's consumer is started with. */
export type NetworkStart = WorkerStart & { readonly handler: NetworkDescriptor };

/** Imports a module by its absolute URL. */
export type ImportModule = (url: string) => Promise<unknown>;

/** How a pump works where it works. */
export interface PumpOptions extends FilterInput {
  /** Imports a module of the application; where left out, the program does it itself. */
  readonly importModule?: ImportModule;
  /** Whether it keeps its event loop alive. */
  readonly keepsAlive: boolean;
}

/** Opens an outlet, then takes the handler over for it. Undefined when another consumer has taken over already. */
export async function createPump(
  arena: Arena,
  start: NetworkStart,
  open: () => NetworkOutlet | Promise<NetworkOutlet>,
  options: PumpOptions,
): Promise<EventPump | undefined> {
  const ownership = new Ownership(arena, readGeometry(arena.words, start.handlerSlot));
  const { renderer, exporter, maxConcurrentExports, begin } = await open();
  if (!ownership.takeOver(start.epoch)) return undefined;
  ownership.noteThread();
  const consumer = new Consumer(arena, {
    handlerSlot: start.handlerSlot,
    renderer,
    limits: start.batch,
    filters: ConsumerFilters.open(arena, start, options),
  });
  begin?.(ownership, consumer.exports);
  return new EventPump({
    arena,
    consumer,
    exporter,
    ...start.batch,
    maxConcurrentExports,
    keepsAlive: options.keepsAlive,
    isOwner: () => ownership.isOwner,
  });
}

/** The pump of an exporter that is made from a module. */
export function createModulePump(
  arena: Arena,
  start: NetworkStart,
  exporter: ModuleExporterDescriptor,
  options: PumpOptions,
): Promise<EventPump | undefined> {
  const { exportTimeoutMillis } = start.batch;
  const open = async (): Promise<NetworkOutlet> => ({
    ...(await loadModuleExporter(exporter, { exportTimeoutMillis, report: options.report })),
    maxConcurrentExports: 1,
  });
  return createPump(arena, start, open, options);
}
