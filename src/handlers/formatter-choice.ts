import { pathToFileURL } from "node:url";
import type { ProcessorSettings } from "../../processors/batch/settings.ts";
import { describeAnyFormatter, type HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import { FunctionFormatter } from "../../processors/worker/function-formatter.ts";
import { reportOnce } from "../diagnostics.ts";
import { ConfigError } from "../errors.ts";
import { formatterNamed, type FormatterDescriptor } from "../formatters/formatter-descriptor.ts";
import type { FormatName, FormatterChoice, FormatterModule } from "../options/formatter-options.ts";
import { hintFor } from "../options/read-value.ts";

/**
 * What a handler's option `formatter` stands for.
 * @throws {ConfigError} The options of a module are no data.
 */
export function chooseFormatter(choice: FormatterChoice, subject: string): HandlerFormatter {
  if (typeof choice === "string") return formatterNamed(choice);
  if (typeof choice === "function") return { kind: "object", formatter: new FunctionFormatter(choice) };
  if (!("format" in choice)) return describeModule(choice, subject);
  return describeAnyFormatter(choice) ?? { kind: "object", formatter: choice };
}

/** The formatter of a handler that takes `format` and, before it, `formatter`. @throws {ConfigError} As `chooseFormatter`. */
export function formatterOf(
  options: { readonly format: FormatName; readonly formatter: FormatterChoice | undefined },
  subject: string,
): HandlerFormatter {
  const { format, formatter } = options;
  return formatter === undefined ? formatterNamed(format) : chooseFormatter(formatter, subject);
}

function describeModule({ module, options }: FormatterModule, subject: string): FormatterDescriptor {
  const url = module instanceof URL || module.startsWith("file:") ? new URL(module) : pathToFileURL(module);
  return { kind: "module", module: url.href, options: copyOfData(options, subject) };
}

/** What would reach another thread: what cannot is told now, not when the thread does not start. */
function copyOfData(value: unknown, subject: string): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    const expected = `must be data, which can go to another thread (${(error as Error).message})`;
    const problem = { path: "formatter.options", value, expected, hint: hintFor("formatter") };
    throw new ConfigError(`Cannot start ${subject}`, [problem], { cause: error });
  }
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
