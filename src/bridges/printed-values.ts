// Values that were printed: what they are as text, and which of them are errors.

import { format, formatWithOptions, inspect, type InspectOptions } from "node:util";
import { isErrorLike } from "../record/exception.ts";

/** The errors among the values: the first is the record's exception, the others are attributes. */
export interface PrintedErrors {
  readonly exception: unknown;
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
}

const NO_ERRORS: PrintedErrors = { exception: undefined, attributes: undefined };

/**
 * The text that `util.format` makes. Never throws: where it does, each value is shown as far as it can be.
 *
 * @param options Those of `util.inspect`, for the values.
 */
export function printedText(values: readonly unknown[], options?: InspectOptions): string {
  const [first] = values;
  if (values.length === 1 && typeof first === "string") return first;
  try {
    return options === undefined ? format(...values) : formatWithOptions(options, ...values);
  } catch {
    return values.map(shownValue).join(" ");
  }
}

function shownValue(value: unknown): string {
  try {
    return typeof value === "string" ? value : inspect(value);
  } catch {
    return `[${typeof value} that cannot be shown]`;
  }
}

/** The errors among values. A second one is the attribute `error`, a third `error.2`, as in calls of our loggers. */
export function printedErrors(values: readonly unknown[]): PrintedErrors {
  let errors: unknown[] | undefined;
  for (const value of values) {
    if (typeof value === "object" && value !== null && isErrorLike(value)) (errors ??= []).push(value);
  }
  if (errors === undefined) return NO_ERRORS;
  const [exception, ...others] = errors;
  if (others.length === 0) return { exception, attributes: undefined };
  const entries = others.map((error, index) => [index === 0 ? "error" : `error.${index + 1}`, error]);
  return { exception, attributes: Object.fromEntries(entries) as Record<string, unknown> };
}
