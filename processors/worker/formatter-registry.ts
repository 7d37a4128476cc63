/** The one place that knows all formatters: ours, OTLP's, and those of modules and functions. */
import { FemtoOtlpJsonFormatter } from "../../proto/otlp-json-formatter.ts";
import {
  createFormatter,
  describeFormatter,
  type FormatterDescriptor,
  type ModuleFormatterDescriptor,
} from "../../src/formatters/formatter-descriptor.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";
import { GuardedFormatter } from "./guarded-formatter.ts";
import { loadModuleFormatter } from "./module-formatter.ts";

/**
 * Describes a formatter as data, for `makeFormatter` in another thread. Pure.
 * @returns Undefined for formatters of the application.
 */
export function describeAnyFormatter(formatter: object): FormatterDescriptor | undefined {
  const isOtlp = Object.getPrototypeOf(formatter) === FemtoOtlpJsonFormatter.prototype;
  if (!isOtlp || Object.hasOwn(formatter, "format")) return describeFormatter(formatter);
  return { kind: "otlp-json", options: (formatter as FemtoOtlpJsonFormatter).options };
}

/** What a handler's thread gets for a formatter. An object works only on the thread that made it. */
export type HandlerFormatter =
  | FormatterDescriptor
  | { readonly kind: "object"; readonly formatter: FemtoFormatter };

/**
 * Makes the formatter that a descriptor describes. Any thread.
 *
 * @param report Told of a module that gives no formatter: JSON lines are written then, so that no record is lost for it.
 *   Told of what a formatter of the application throws, too.
 */
export function makeFormatter(
  descriptor: HandlerFormatter,
  report: (trouble: string) => void,
): FemtoFormatter {
  switch (descriptor.kind) {
    case "otlp-json":
      return new FemtoOtlpJsonFormatter(descriptor.options);
    case "object":
      return new GuardedFormatter(descriptor.formatter, report);
    case "module":
      return fromModule(descriptor, report);
    default:
      return createFormatter(descriptor);
  }
}

function fromModule(
  descriptor: ModuleFormatterDescriptor,
  report: (trouble: string) => void,
): FemtoFormatter {
  try {
    return new GuardedFormatter(loadModuleFormatter(descriptor), report);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    report(`Cannot load formatter module "${descriptor.module}": ${why}; JSON lines are written instead`);
    return createFormatter({ kind: "json", options: {} });
  }
}
