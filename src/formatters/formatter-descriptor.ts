import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { FemtoJsonFormatter, type JsonFormatterOptions } from "./json-formatter.ts";
import { FemtoPrettyFormatter, type PrettyFormatterOptions } from "./pretty-formatter.ts";
import { FemtoTextFormatter, type TextFormatterOptions } from "./text-formatter.ts";

/** A built-in formatter as plain data: how it travels to the thread that uses it. */
export type FormatterDescriptor =
  | { readonly kind: "json"; readonly options: JsonFormatterOptions }
  | { readonly kind: "text"; readonly options: TextFormatterOptions }
  | { readonly kind: "pretty"; readonly options: PrettyFormatterOptions };

/**
 * Describes a formatter, for `createFormatter` in another thread. Pure.
 *
 * @returns Undefined for what cannot be made again from data: a formatter of the application's own, and one that is
 * derived from ours or has another `format`.
 */
export function describeFormatter(formatter: FemtoFormatter): FormatterDescriptor | undefined {
  if (Object.hasOwn(formatter, "format")) return undefined;
  if (isExactly(formatter, FemtoJsonFormatter)) return { kind: "json", options: formatter.options };
  if (isExactly(formatter, FemtoTextFormatter)) return { kind: "text", options: formatter.options };
  if (isExactly(formatter, FemtoPrettyFormatter)) return { kind: "pretty", options: formatter.options };
  return undefined;
}

function isExactly<T>(value: unknown, made: { readonly prototype: T }): value is T {
  return Object.getPrototypeOf(value) === made.prototype;
}

/**
 * Makes the formatter that a descriptor describes. Any thread.
 *
 * @throws {RangeError} The kind is none of ours, or an option is none that the formatter knows.
 */
export function createFormatter(descriptor: FormatterDescriptor): FemtoFormatter {
  switch (descriptor.kind) {
    case "json":
      return new FemtoJsonFormatter(descriptor.options);
    case "text":
      return new FemtoTextFormatter(descriptor.options);
    case "pretty":
      return new FemtoPrettyFormatter(descriptor.options);
    default: {
      const kind = String((descriptor as { readonly kind?: unknown }).kind);
      throw new RangeError(
        `Cannot make a formatter: its kind is "${kind}", must be one of json, text, pretty`,
      );
    }
  }
}
