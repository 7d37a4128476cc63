import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import type { BatchExporter } from "./batch-exporter.ts";
import { importModule } from "./import-module.ts";
import { InstanceExporter } from "./instance-exporter.ts";
import type { ModuleExporterDescriptor } from "./protocol.ts";
import { RecordCollector } from "./record-collector.ts";

type Factory = (options: unknown) => LogRecordExporter | Promise<LogRecordExporter>;
type Class = new (options: unknown) => LogRecordExporter;

/**
 * Loads an exporter from its module: the default export, or the one called `createExporter`, a class or a function of
 * the options.
 * @throws {TypeError} The module exports no such thing.
 */
export async function loadModuleExporter(
  descriptor: ModuleExporterDescriptor,
  options: { readonly exportTimeoutMillis: number; readonly report: (trouble: string) => void },
): Promise<{ readonly renderer: RecordCollector; readonly exporter: BatchExporter }> {
  const loaded = (await importModule(descriptor.module)) as {
    readonly default?: unknown;
    readonly createExporter?: unknown;
  };
  const make = loaded.createExporter ?? unwrap(loaded.default);
  if (typeof make !== "function") {
    throw new TypeError(
      `Cannot use exporter module "${descriptor.module}": it exports neither "createExporter" nor a default; export a function or class that takes the options`,
    );
  }
  const exporter = isClass(make)
    ? new (make as Class)(descriptor.options)
    : await (make as Factory)(descriptor.options);
  const collector = new RecordCollector();
  return { renderer: collector, exporter: new InstanceExporter({ exporter, collector, ...options }) };
}

/** A CommonJS module's exports are the default of its namespace, and may have a default of their own. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return (
    (value as { readonly createExporter?: unknown }).createExporter ??
    (value as { readonly default?: unknown }).default
  );
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}
