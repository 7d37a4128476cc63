import type { ProcessorSettings } from "../../processors/batch/settings.ts";
import type { PROCESSOR_OPTIONS } from "../options/processor-options.ts";
import type { ResolvedOf } from "../options/infer.ts";

const numbers = new Map<string, number>();

/** The engine's settings out of a handler's resolved options. A handler without a name gets its kind and a number. */
export function settingsOf(
  options: Pick<ResolvedOf<typeof PROCESSOR_OPTIONS>, keyof typeof PROCESSOR_OPTIONS>,
  kind: string,
): ProcessorSettings {
  return {
    name: options.name ?? nextName(kind),
    level: options.level,
    queueBytes: options.queueBytes,
    recordBytesMax: options.recordBytesMax,
    maxQueueSize: options.maxQueueSize,
    maxExportBatchSize: options.maxExportBatchSize,
    maxExportBatchBytes: options.maxExportBatchBytes,
    scheduledDelayMillis: options.scheduledDelayMillis,
    exportTimeoutMillis: options.exportTimeoutMillis,
    exitTimeoutMillis: options.exitTimeoutMillis,
    overflow: options.overflow,
    blockTimeoutMillis: options.blockTimeoutMillis,
    thread: options.thread,
    filters: options.filters,
    meterProvider: options.meterProvider,
  };
}

/** `file`, `file-2`, `file-3`: the names of handlers that were given none. */
function nextName(kind: string): string {
  const number = (numbers.get(kind) ?? 0) + 1;
  numbers.set(kind, number);
  return number === 1 ? kind : `${kind}-${number}`;
}

/** How a handler is called in errors before it has a name of its own. */
export function subjectOf(given: unknown, kind: string): string {
  const name: unknown =
    typeof given === "object" && given !== null ? (given as { name?: unknown }).name : undefined;
  return `handler "${typeof name === "string" && name !== "" ? name : kind}"`;
}
