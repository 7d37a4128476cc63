// What is known of something that was thrown, whatever it is. Nothing here throws: getters, proxies and hooks of
// `Error.prepareStackTrace` may, and then a marked text stands for what could not be read.

/** The parts of one error; a part that is empty is left out. */
export interface ExceptionSummary {
  /** The most specific class name, such as "PaymentError"; `typeof` for a primitive. At most 256 UTF-16 units. */
  readonly type: string;
  readonly message: string;
  /** The stack as the runtime wrote it. */
  readonly stacktrace?: string;
  /** Own enumerable properties, `code` among them, but for name, message, stack, cause and errors. Values as they are. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** An error and its relatives. */
export interface ExceptionDescription extends ExceptionSummary {
  /** The stack, then those of `causes` and `errors`, each on a new line after "[cause]: " or "[errors]: ". */
  readonly stacktrace?: string;
  /** The chain of `cause`, nearest first. */
  readonly causes: readonly ExceptionSummary[];
  /** Members of an AggregateError or SuppressedError, be it this one or a cause of it; then what caused the members. */
  readonly errors: readonly ExceptionSummary[];
}

/** Bounds of a description. */
export interface ExceptionLimits {
  /** UTF-16 units of `stacktrace`, and of the stacks of all relatives together. Longer texts lose their middle. */
  readonly stackUnitsMax: number;
  /** UTF-16 units of a message. */
  readonly messageUnitsMax: number;
  /** Errors in `causes`, and in `errors`. */
  readonly relativesMax: number;
  /** Properties of each error. */
  readonly propertiesMax: number;
}

/** The attributes of a record that tells of an exception; the last four only where there is something to tell. */
export interface ExceptionAttributes {
  readonly "exception.type": string;
  readonly "exception.message": string;
  readonly "exception.stacktrace"?: string;
  readonly "exception.causes"?: readonly ExceptionSummary[];
  readonly "exception.errors"?: readonly ExceptionSummary[];
  readonly "exception.properties"?: Readonly<Record<string, unknown>>;
}

/** An object that was thrown: anybody may have redefined what is read of it. */
type Thrown = Readonly<Record<string, unknown>>;

const defaultLimits: ExceptionLimits = {
  stackUnitsMax: 65_536,
  messageUnitsMax: 16_384,
  relativesMax: 16,
  propertiesMax: 128,
};

const typeUnitsMax = 256;

/** Newer than Node 22. */
const isNativeError = (Error as { readonly isError?: (value: unknown) => boolean }).isError;

/**
 * Tells errors, those of other realms (`vm`, test runners) too, from everything else; something that merely has a `message`
 * and a `stack` is none. Any thread; never throws; for a plain object the cost is that of one comparison.
 */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (Object.getPrototypeOf(value) === Object.prototype) return false;
    if (value instanceof Error) return true;
    return isNativeError?.(value) ?? Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    return false;
  }
}

/**
 * Describes whatever was thrown: errors of any realm, and strings, `null`, objects, revoked proxies. The values in
 * `properties` are the error's own, not copies. Any thread; never throws; time and memory are bounded.
 *
 * @param limits By default 65536 UTF-16 units of stack, 16384 of a message, 16 causes, 16 errors, 128 properties each.
 * @see Semantic conventions v1.44.0, Exceptions in logs
 */
export function describeException(
  error: unknown,
  limits: Partial<ExceptionLimits> = {},
): ExceptionDescription {
  const bounds = { ...defaultLimits, ...limits };
  const family = findFamily(error, bounds.relativesMax);
  const own = summarize(error, bounds);
  const causes = family.causes.map((cause) => summarize(cause, bounds));
  const errors = family.errors.map((member) => summarize(member, bounds));
  const stacktrace = joinStacks(own, causes, errors);
  const stackUnits = shareOf(bounds.stackUnitsMax, [...causes, ...errors]);
  return {
    ...own,
    ...(stacktrace === undefined ? {} : { stacktrace: cutMiddle(stacktrace, bounds.stackUnitsMax) }),
    causes: causes.map((cause) => withShortStack(cause, stackUnits)),
    errors: errors.map((member) => withShortStack(member, stackUnits)),
  };
}

/**
 * The attributes by which a record tells of an exception. Never throws; see {@link describeException} for the values.
 *
 * @see Semantic conventions v1.44.0, Exceptions in logs; `causes`, `errors` and `properties` are our own
 */
export function exceptionAttributes(error: unknown, limits?: Partial<ExceptionLimits>): ExceptionAttributes {
  return attributesOfException(describeException(error, limits));
}

/** A description as attributes: what is empty or not there is left out. */
export function attributesOfException(description: ExceptionDescription): ExceptionAttributes {
  const { type, message, stacktrace, causes, errors, properties } = description;
  return {
    "exception.type": type,
    "exception.message": message,
    ...(stacktrace === undefined ? {} : { "exception.stacktrace": stacktrace }),
    ...(causes.length === 0 ? {} : { "exception.causes": causes }),
    ...(errors.length === 0 ? {} : { "exception.errors": errors }),
    ...(properties === undefined ? {} : { "exception.properties": properties }),
  };
}

// ---- One error ------------------------------------------------------------------------------------------------------

function summarize(value: unknown, bounds: ExceptionLimits): ExceptionSummary {
  if (typeof value !== "object" || value === null) return summarizePrimitive(value, bounds);
  const thrown = value as Thrown;
  const isError = readsAsError(value);
  const stack = isError ? readText(thrown, "stack") : undefined;
  const properties = readProperties(thrown, isError, bounds);
  return {
    type: cutMiddle(isError ? errorType(thrown) : (className(thrown) ?? "Object"), typeUnitsMax),
    message: isError ? cutMiddle(readMessage(thrown), bounds.messageUnitsMax) : "",
    ...(stack === undefined ? {} : { stacktrace: cutMiddle(stack, bounds.stackUnitsMax) }),
    ...(properties === undefined ? {} : { properties }),
  };
}

function summarizePrimitive(value: unknown, bounds: ExceptionLimits): ExceptionSummary {
  const type = value === null ? "null" : typeof value;
  const text = typeof value === "function" ? `[Function: ${nameOf(value) ?? "anonymous"}]` : String(value);
  return { type, message: cutMiddle(text, bounds.messageUnitsMax) };
}

/** What is no error is told like one when it has the words of one: `throw { message: "…", status: 404 }`. */
function readsAsError(value: object): boolean {
  return isErrorLike(value) || readText(value as Thrown, "message") !== undefined;
}

/** The name that the error or its class gave itself. One that a base class gave ("Error") says less than the class name. */
function errorType(error: Thrown): string {
  const name = readText(error, "name");
  if (name === undefined) return className(error) ?? "Error";
  return isInherited(error, "name") ? (className(error) ?? name) : name;
}

/** True when `key` comes from further up than the object and its direct prototype. */
function isInherited(object: object, key: string): boolean {
  try {
    if (Object.hasOwn(object, key)) return false;
    const prototype: unknown = Object.getPrototypeOf(object);
    return typeof prototype === "object" && prototype !== null && !Object.hasOwn(prototype, key);
  } catch {
    return false;
  }
}

function className(object: Thrown): string | undefined {
  return nameOf(readQuietly(object, "constructor"));
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "function" ? readText(value as unknown as Thrown, "name") : undefined;
}

function readMessage(error: Thrown): string {
  const message = readOrMark(error, "message");
  if (typeof message === "string") return message;
  return typeof message === "number" || typeof message === "bigint" ? String(message) : "";
}

function readProperties(
  thrown: Thrown,
  isError: boolean,
  { propertiesMax }: ExceptionLimits,
): ExceptionSummary["properties"] {
  const keys = keysOf(thrown).filter((key) => !isError || !isToldElsewhere(thrown, key));
  if (keys.length === 0) return undefined;
  // Without a prototype, so that "__proto__" is a property like any other.
  const properties = Object.create(null) as Record<string, unknown>;
  for (const key of keys.slice(0, propertiesMax)) properties[key] = readOrMark(thrown, key);
  return properties;
}

/** True for what the other parts of a summary tell. Libraries keep all sorts of things under these names. */
function isToldElsewhere(error: Thrown, key: string): boolean {
  switch (key) {
    case "name":
    case "message":
    case "stack":
      return typeof readOrMark(error, key) !== "object";
    case "cause":
      return true;
    case "errors":
      return membersOf(error).length > 0;
    default:
      return false;
  }
}

function keysOf(object: object): string[] {
  try {
    return Object.keys(object);
  } catch {
    return [];
  }
}

// ---- Its relatives --------------------------------------------------------------------------------------------------

interface Family {
  readonly causes: readonly unknown[];
  readonly errors: readonly unknown[];
}

function findFamily(error: unknown, relativesMax: number): Family {
  const known = new Set<unknown>([error]);
  const causes: unknown[] = [];
  for (let cause = causeOf(error); causes.length < relativesMax; cause = causeOf(cause)) {
    if (!isNew(cause, known)) break;
    causes.push(cause);
  }
  return { causes, errors: findErrors([error, ...causes], known, relativesMax) };
}

/** Members of the chain of causes; then, of each error found, its members and its cause. */
function findErrors(chain: readonly unknown[], known: Set<unknown>, relativesMax: number): unknown[] {
  const errors: unknown[] = [];
  // Grows while it is walked: what is found is asked for relatives of its own.
  const parents = [...chain];
  for (const [index, parent] of parents.entries()) {
    const members = membersOf(parent);
    for (const relative of index < chain.length ? members : [...members, causeOf(parent)]) {
      if (errors.length === relativesMax) return errors;
      if (!isNew(relative, known)) continue;
      errors.push(relative);
      parents.push(relative);
    }
  }
  return errors;
}

/** False for nothing, and for an object that has been seen: causes may form a circle. */
function isNew(relative: unknown, known: Set<unknown>): boolean {
  if (relative === undefined || relative === null || known.has(relative)) return false;
  if (typeof relative === "object") known.add(relative);
  return true;
}

function causeOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null || !readsAsError(error)) return undefined;
  return readQuietly(error as Thrown, "cause");
}

/** A list is taken for members when the runtime made it (it is not enumerable then), or when it holds errors only. */
function membersOf(error: unknown): readonly unknown[] {
  if (typeof error !== "object" || error === null) return [];
  try {
    const errors = Object.getOwnPropertyDescriptor(error, "errors");
    if (errors !== undefined && Array.isArray(errors.value)) {
      const members = errors.value as readonly unknown[];
      return !errors.enumerable || members.every(isErrorLike) ? members : [];
    }
    const suppressed = Object.getOwnPropertyDescriptor(error, "suppressed");
    if (suppressed === undefined || suppressed.enumerable) return [];
    return [readQuietly(error as Thrown, "error"), suppressed.value];
  } catch {
    return [];
  }
}

// ---- Texts ----------------------------------------------------------------------------------------------------------

function joinStacks(
  own: ExceptionSummary,
  causes: readonly ExceptionSummary[],
  errors: readonly ExceptionSummary[],
): string | undefined {
  if (own.stacktrace === undefined && causes.length === 0 && errors.length === 0) return undefined;
  return [
    stackOrHead(own),
    ...causes.map((cause) => `[cause]: ${stackOrHead(cause)}`),
    ...errors.map((member) => `[errors]: ${stackOrHead(member)}`),
  ].join("\n");
}

function stackOrHead({ type, message, stacktrace }: ExceptionSummary): string {
  if (stacktrace !== undefined) return stacktrace;
  return message === "" ? type : `${type}: ${message}`;
}

/** UTF-16 units for each stack, so that all of them have room in `unitsMax`; all of it where nothing needs to be cut. */
function shareOf(unitsMax: number, summaries: readonly ExceptionSummary[]): number {
  const units = summaries.reduce((sum, { stacktrace }) => sum + (stacktrace?.length ?? 0), 0);
  return units <= unitsMax ? unitsMax : Math.floor(unitsMax / summaries.length);
}

function withShortStack(summary: ExceptionSummary, unitsMax: number): ExceptionSummary {
  const { stacktrace } = summary;
  return stacktrace === undefined ? summary : { ...summary, stacktrace: cutMiddle(stacktrace, unitsMax) };
}

/** Keeps both ends: a stack begins with the message, however long that is, and ends with the outermost frames. */
function cutMiddle(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  const mark = `[… ${text.length - unitsMax} more …]`;
  const kept = Math.max(0, unitsMax - mark.length);
  const head = text.slice(0, Math.ceil(kept / 2)).replace(/[\uD800-\uDBFF]$/u, "");
  const tail = kept < 2 ? "" : text.slice(-Math.floor(kept / 2)).replace(/^[\uDC00-\uDFFF]/u, "");
  return `${head}${mark}${tail}`.slice(0, unitsMax);
}

// ---- Reads that cannot fail -----------------------------------------------------------------------------------------

function readText(object: Thrown, key: string): string | undefined {
  const value = readQuietly(object, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readQuietly(object: Thrown, key: string): unknown {
  try {
    return object[key];
  } catch {
    return undefined;
  }
}

function readOrMark(object: Thrown, key: string): unknown {
  try {
    return object[key];
  } catch (failure) {
    return throwsMark(failure);
  }
}

/** The text that stands where a getter threw. */
function throwsMark(failure: unknown): string {
  const message = isErrorLike(failure) ? readText(failure as unknown as Thrown, "message") : undefined;
  return `[Throws: ${message ?? typeof failure}]`.slice(0, typeUnitsMax);
}
