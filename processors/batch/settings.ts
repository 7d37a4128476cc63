import type { MeterProvider } from "@opentelemetry/api";
import type { HandlerFilter } from "../../src/record/filter.ts";
import type { BatchRenderer } from "../shape/renderer.ts";
import type { BatchExporter } from "../worker/batch-exporter.ts";
import type { BlockingDescriptor, NetworkDescriptor, WorkerStart } from "../worker/protocol.ts";

/** The options of every handler, validated; see CONFIG.md for each. */
export interface ProcessorSettings {
  readonly name: string;
  /** Severity number. */
  readonly level: number;
  readonly queueBytes: number;
  readonly recordBytesMax: number;
  readonly maxQueueSize: number | undefined;
  readonly maxExportBatchSize: number;
  readonly maxExportBatchBytes: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
  readonly exitTimeoutMillis: number;
  readonly overflow: "block" | "drop-newest" | "drop-oldest";
  readonly blockTimeoutMillis: number;
  readonly thread: "own" | "inline";
  /** In order; given as they are. */
  readonly filters?: readonly HandlerFilter[] | undefined;
  /** Where the handler reports itself. */
  readonly meterProvider?: MeterProvider | undefined;
}

/** What of the settings a consumer needs, wherever it works: plain data. */
export function batchOf(settings: ProcessorSettings): WorkerStart["batch"] {
  const { maxExportBatchSize, maxExportBatchBytes, scheduledDelayMillis, exportTimeoutMillis } = settings;
  return { maxExportBatchSize, maxExportBatchBytes, scheduledDelayMillis, exportTimeoutMillis };
}

/** An outlet that works on the application's event loop: an exporter object, or a stream of the application. */
export interface LocalOutlet {
  readonly kind: "local";
  /** `otel.component.type` of the exporter, where it is not a stream. */
  readonly componentType?: string | undefined;
  open(
    report: (trouble: string) => void,
    settings: ProcessorSettings,
  ): { readonly renderer: BatchRenderer; readonly exporter: BatchExporter };
}

/** An outlet that is written synchronously: a file, a descriptor. */
export interface BlockingOutlet {
  readonly descriptor: BlockingDescriptor;
  readonly source: string;
}

/** Where a handler's records go, and the program of the thread that brings them there. */
export type Outlet =
  | BlockingOutlet
  | { readonly descriptor: NetworkDescriptor; readonly source: string }
  | { readonly descriptor: LocalOutlet }
  /** Nowhere: nothing is started. */
  | { readonly descriptor: { readonly kind: "none" } };
