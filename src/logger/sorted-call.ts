import { exceptionAttributes, isErrorLike } from "../record/exception.ts";

/** A call taken apart: see `LogMethod` for the forms. */
export interface SortedCall {
  /** The template; undefined where the body is a value, or there is none. */
  readonly template: string | undefined;
  /** The body where there is no template: the message of an error, or what else was given. */
  readonly body: unknown;
  /** Fill % holes, or follow the text. */
  readonly positional: readonly unknown[];
  /** Of the call and of its errors. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Sorting {
  template: string | undefined;
  readonly positional: unknown[];
  attributes: Record<string, unknown> | undefined;
  error: unknown;
  hasError: boolean;
}

/**
 * Says what each argument of a call is: template, positional argument, attributes, error. Nothing is dropped: a second
 * error becomes an attribute `error`, further objects are merged, and what fits nowhere follows the text.
 *
 * @param holeCountOf How many positional arguments a template takes.
 */
export function sortCall(values: readonly unknown[], holeCountOf: (template: string) => number): SortedCall {
  const sorting: Sorting = { template: undefined, positional: [], attributes: undefined, error: undefined, hasError: false };
  let holesLeft = 0;
  for (const value of values) {
    if (sorting.template === undefined && typeof value === "string" && sorting.positional.length === 0) {
      sorting.template = value;
      holesLeft = holeCountOf(value);
    } else if (sorting.template !== undefined && holesLeft > 0) {
      sorting.positional.push(value);
      holesLeft--;
    } else {
      place(sorting, value);
    }
  }
  return finish(sorting);
}

function place(sorting: Sorting, value: unknown): void {
  if (typeof value === "function") {
    place(sorting, callLazy(value as () => unknown));
  } else if (typeof value !== "object" || value === null || Array.isArray(value)) {
    if (value !== undefined) sorting.positional.push(value);
  } else if (isErrorLike(value)) {
    placeError(sorting, value);
  } else if (isAttributes(value)) {
    sorting.attributes = { ...sorting.attributes, ...copyOf(value) };
  } else {
    sorting.positional.push(value);
  }
}

function placeError(sorting: Sorting, error: object): void {
  if (!sorting.hasError) {
    sorting.error = error;
    sorting.hasError = true;
  } else {
    sorting.attributes = { ...sorting.attributes, error };
  }
}

/** Dates, maps and the like are values; what else is an object holds attributes. */
function isAttributes(value: object): boolean {
  if (value instanceof Date || value instanceof Map || value instanceof Set || value instanceof URL) return false;
  return !(ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Promise || value instanceof RegExp);
}

function copyOf(value: object): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  let keys: readonly string[];
  try {
    keys = Object.keys(value);
  } catch {
    return { value };
  }
  for (const key of keys) {
    const property = readSafely(value as Record<string, unknown>, key);
    if (key === "__proto__") {
      Object.defineProperty(copy, key, { value: property, enumerable: true, configurable: true, writable: true });
    } else {
      copy[key] = property;
    }
  }
  return copy;
}

function readSafely(value: Record<string, unknown>, key: string): unknown {
  try {
    return value[key];
  } catch (error) {
    return `[Throws: ${String(error)}]`;
  }
}

function callLazy(make: () => unknown): unknown {
  try {
    const made = make();
    return typeof made === "function" ? String(made) : made;
  } catch (error) {
    return { "femtologging.lazy": `[Throws: ${String(error)}]` };
  }
}

function finish(sorting: Sorting): SortedCall {
  const { template, positional, attributes } = sorting;
  if (!sorting.hasError) return { template, body: bodyOf(sorting, undefined), positional, attributes: attributes ?? {} };
  const described = exceptionAttributes(sorting.error);
  const body = bodyOf(sorting, described["exception.message"] || described["exception.type"]);
  // What the call says itself wins.
  return { template, body, positional, attributes: { ...described, ...attributes } };
}

/** Without a template the body is the first value there is, as it is: its braces and percent signs are text. */
function bodyOf(sorting: Sorting, errorText: string | undefined): unknown {
  if (sorting.template !== undefined) return undefined;
  if (sorting.positional.length === 0) return errorText;
  if (errorText === undefined && sorting.positional.length === 1) return sorting.positional[0];
  return errorText === undefined ? sorting.positional : [errorText, ...sorting.positional];
}
