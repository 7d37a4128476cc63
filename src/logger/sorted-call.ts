import { isOpaque, messageOf, VALUE_METHOD } from "../../processors/shape/object-encoder.ts";
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

/** Wraps what was thrown, so that a call takes it for the error that it is, whatever else it looks like. */
export class Thrown {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** False for everything else: asks nothing of the value, which may be a revoked proxy. */
  static is(value: object): value is Thrown {
    return #value in value;
  }

  get value(): unknown {
    return this.#value;
  }
}

interface Sorting {
  template: string | undefined;
  readonly positional: unknown[];
  attributes: Record<string, unknown> | undefined;
  readonly errors: unknown[];
}

/**
 * Says what each argument of a call is: template, positional argument, attributes, error. Never throws. Nothing is dropped but
 * `undefined` where no hole takes it: a second error becomes an attribute `error`, a third `error.2`; further objects are
 * merged, the last of two equal keys wins; and what fits nowhere follows the text.
 *
 * @param holeCountOf How many positional arguments a template takes.
 */
export function sortCall(values: readonly unknown[], holeCountOf: (template: string) => number): SortedCall {
  const sorting: Sorting = { template: undefined, positional: [], attributes: undefined, errors: [] };
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
    placeLazy(sorting, value as () => unknown);
  } else if (typeof value === "object" && value !== null) {
    placeObject(sorting, value);
  } else if (value !== undefined) {
    sorting.positional.push(value);
  }
}

/** Makes what was to be made when the record is wanted, and places it. */
function placeLazy(sorting: Sorting, make: () => unknown): void {
  let made: unknown;
  try {
    made = make();
  } catch (error) {
    const key = freeKey(sorting.attributes ?? {}, "femtologging.lazy");
    addAttributes(sorting, { [key]: `[Throws: ${messageOf(error)}]` });
    return;
  }
  // Once is enough: a function that makes functions would never end.
  if (typeof made === "function") sorting.positional.push(made);
  else place(sorting, made);
}

function placeObject(sorting: Sorting, value: object): void {
  if (Thrown.is(value)) {
    sorting.errors.push(value.value);
    return;
  }
  switch (kindOf(value)) {
    case "error":
      sorting.errors.push(value);
      break;
    case "attributes":
      addAttributes(sorting, copyOf(value));
      break;
    case "convertible":
      placeConverted(sorting, value);
      break;
    case "value":
      sorting.positional.push(value);
  }
}

/** What is no error and says itself what it is: attributes where it says a plain object. */
function placeConverted(sorting: Sorting, value: Convertible): void {
  const converted = convert(value);
  if (typeof converted === "object" && converted !== null && isPlain(converted)) {
    addAttributes(sorting, copyOf(converted));
  } else {
    // The encoder converts it again, and marks what throws.
    sorting.positional.push(value);
  }
}

interface Convertible {
  readonly [VALUE_METHOD]?: unknown;
  readonly toJSON?: unknown;
}

function convert(value: Convertible): unknown {
  try {
    const method = typeof value[VALUE_METHOD] === "function" ? value[VALUE_METHOD] : value.toJSON;
    return (method as () => unknown).call(value);
  } catch {
    return undefined;
  }
}

type ObjectKind = "error" | "attributes" | "convertible" | "value";

/** What an object is among arguments. What cannot even be asked, such as a revoked proxy, is a value: the encoder marks it. */
function kindOf(value: object): ObjectKind {
  try {
    if (isPlain(value)) return "attributes";
    if (isErrorLike(value)) return "error";
    if (isValue(value)) return "value";
    const convertible = value as Convertible;
    if (typeof convertible[VALUE_METHOD] === "function" || typeof convertible.toJSON === "function") {
      return "convertible";
    }
    return Object.keys(value).length === 0 ? "value" : "attributes";
  } catch {
    return "value";
  }
}

function isPlain(value: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false;
  }
}

/** Objects that are values, whatever properties they have. */
function isValue(value: object): boolean {
  if (Array.isArray(value) || value instanceof Date || value instanceof Map || value instanceof Set)
    return true;
  if (value instanceof URL || value instanceof URLSearchParams || value instanceof RegExp) return true;
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return true;
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || isOpaque(value);
}

function addAttributes(sorting: Sorting, attributes: Record<string, unknown>): void {
  sorting.attributes =
    sorting.attributes === undefined ? attributes : { ...sorting.attributes, ...attributes };
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
      Object.defineProperty(copy, key, {
        value: property,
        enumerable: true,
        configurable: true,
        writable: true,
      });
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
    return `[Throws: ${messageOf(error)}]`;
  }
}

function finish(sorting: Sorting): SortedCall {
  const { template, positional, errors } = sorting;
  const attributes = sorting.attributes ?? {};
  if (errors.length === 0) return { template, body: bodyOf(sorting, undefined), positional, attributes };
  const described = exceptionAttributes(errors[0]);
  const body = bodyOf(sorting, described["exception.message"] || described["exception.type"]);
  for (const error of errors.slice(1)) attributes[freeKey(attributes, "error")] = error;
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

/** A name that the call does not use itself: `name`, `name.2`, `name.3`. */
function freeKey(attributes: Readonly<Record<string, unknown>>, name: string): string {
  let key = name;
  for (let number = 2; Object.hasOwn(attributes, key); number++) key = `${name}.${number}`;
  return key;
}
