import { pathToFileURL } from "node:url";
import type { ProcessorSettings } from "../../processors/batch/settings.ts";
import { describeAnyFormatter, type HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import { FunctionFormatter } from "../../processors/worker/function-formatter.ts";
import { reportOnce } from "../diagnostics.ts";
import { formatterNamed, type FormatterDescriptor } from "../formatters/formatter-descriptor.ts";
import type { FormatterChoice, FormatterModule } from "../options/formatter-options.ts";

/** What a handler's option `formatter` stands for. */
export function chooseFormatter(choice: FormatterChoice): HandlerFormatter {
  if (typeof choice === "string") return formatterNamed(choice);
  if (typeof choice === "function") return { kind: "object", formatter: new FunctionFormatter(choice) };
  if (!("format" in choice)) return describeModule(choice);
  return describeAnyFormatter(choice) ?? { kind: "object", formatter: choice };
}

function describeModule({ module, options }: FormatterModule): FormatterDescriptor {
  const url = module instanceof URL || module.startsWith("file:") ? new URL(module) : pathToFileURL(module);
  return { kind: "module", module: url.href, options };
}

/**
 * The settings of a handler with this formatter: an object of the application cannot leave its thread, so the handler
 * formats and writes here. Says so, once.
 */
export function withFormatter(settings: ProcessorSettings, { kind }: HandlerFormatter): ProcessorSettings {
  if (kind !== "object" || settings.thread === "inline") return settings;
  reportOnce(
    `formatter ${settings.name}`,
    `Handler "${settings.name}" formats and writes on the application's thread: its formatter is an object or function of the application; use { module, options } for a thread of its own`,
  );
  return { ...settings, thread: "inline" };
}
