import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { exporterOutlet } from "../../processors/batch/exporter-outlet.ts";
import type { Outlet } from "../../processors/batch/settings.ts";
import { packedSource } from "../../processors/worker/source-network.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { ConfigError } from "../errors.ts";
import type { OptionsOf } from "../options/infer.ts";
import { PROCESSOR_OPTIONS } from "../options/processor-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** An exporter that the handler's thread loads and makes itself. */
export interface ExporterModule {
  /**
   * Absolute path, or URL, of a module whose `createExporter` or default export is a function or class that takes `options`
   * and makes a `LogRecordExporter`.
   */
  readonly module: string | URL;
  /** Goes to the thread: data only. */
  readonly options?: unknown;
}

/** Options of `FemtoBatchLogRecordProcessor`: those of every handler, and the exporter. */
export type BatchLogRecordProcessorOptions = OptionsOf<typeof PROCESSOR_OPTIONS> & {
  /** An exporter object runs on this thread's event loop; a module in a thread of its own. */
  readonly exporter: LogRecordExporter | ExporterModule;
};

/**
 * The batch processor, for any exporter of the OpenTelemetry SDK: the same queue, order, counters and flushes that our own
 * handlers have. Exports one batch at a time.
 *
 * @see Logs SDK, Batching processor
 */
export class FemtoBatchLogRecordProcessor extends FemtoHandler {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: BatchLogRecordProcessorOptions) {
    const { exporter, ...rest } = (options as Partial<BatchLogRecordProcessorOptions> | undefined) ?? {};
    const subject = subjectOf(options, "batch");
    const outlet = outletOf(exporter, subject);
    super(settingsOf(resolveOptions(PROCESSOR_OPTIONS, rest, { subject }), "batch"), outlet);
  }
}

function outletOf(exporter: unknown, subject: string): Outlet {
  if (isModule(exporter)) {
    const descriptor = {
      kind: "module" as const,
      module: moduleUrl(exporter.module, subject),
      options: exporter.options,
    };
    return {
      source: unpackSource(packedSource),
      descriptor: { kind: "network", exporter: descriptor },
    };
  }
  if (isExporter(exporter)) return { descriptor: exporterOutlet(exporter) };
  throw wrong(
    subject,
    exporter,
    "an object with export(), forceFlush() and shutdown(), or { module, options }",
  );
}

function isModule(value: unknown): value is ExporterModule {
  return typeof value === "object" && value !== null && "module" in value;
}

function isExporter(value: unknown): value is LogRecordExporter {
  if (typeof value !== "object" || value === null) return false;
  const exporter = value as Partial<LogRecordExporter>;
  return [exporter.export, exporter.forceFlush, exporter.shutdown].every(
    (method) => typeof method === "function",
  );
}

function moduleUrl(module: unknown, subject: string): string {
  if (module instanceof URL) return module.href;
  if (typeof module === "string" && /^(?:file|data|node):/.test(module)) return module;
  if (typeof module === "string" && module.startsWith("/"))
    return new URL(`file://${encodeURI(module)}`).href;
  throw wrong(
    subject,
    module,
    "an absolute path or a file: URL of the exporter's module; try new URL('./exporter.js', import.meta.url)",
  );
}

function wrong(subject: string, value: unknown, expected: string): ConfigError {
  return new ConfigError(`Cannot start ${subject}`, [
    { path: "exporter", value, expected: `must be ${expected}` },
  ]);
}
