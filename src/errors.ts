/**
 * The error classes that a caller may branch on, each with a `code` that does not change between releases.
 * Everything else that we throw is a plain TypeError, RangeError or SyntaxError.
 */

/** One fault of a configuration: which option, what it is, what it must be, what to do. */
export interface ConfigProblem {
  /** Where the option stands, from the outside in, such as `otlp.url`; empty for the options as a whole. */
  readonly path: string;
  /** What was given; `undefined` when nothing was. Secrets (header values, credentials in a URL) are replaced. */
  readonly value: unknown;
  /** What would have been right, as the end of a sentence: "must be at least 65536 bytes". */
  readonly expected: string;
  /** What to do about it, and where to read more: "try 4194304 (CONFIG.md#queuebytes)". */
  readonly hint?: string;
}

/** UTF-16 units of a given text that an error repeats: a file pasted into an option must not fill the terminal. */
const textUnitsMax = 80;

/**
 * Names a value in an error text. Never throws and never calls code of the value, so proxies and getters are safe.
 * Any thread.
 *
 * @returns Text of one line: strings in quotes and cut to 80 units, numbers as written, of objects only their kind.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return describeText(value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "symbol":
      return "a symbol";
    case "function":
      return "a function";
    case "object":
      break;
  }
  if (value === null) return "null";
  return isArray(value) ? "an array" : "an object";
}

function describeText(text: string): string {
  if (text.length <= textUnitsMax) return JSON.stringify(text);
  return `${JSON.stringify(`${text.slice(0, textUnitsMax)}…`)} (${text.length} characters)`;
}

/** `Array.isArray` throws on a revoked proxy. */
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * Puts a fault into words: `"queueBytes" is 500, must be at least 65536 bytes; try 4194304 (CONFIG.md#queuebytes)`.
 * Any thread.
 */
export function describeProblem(problem: ConfigProblem): string {
  const { path, value, expected, hint } = problem;
  const subject = path === "" ? "the options" : JSON.stringify(path);
  const verb = path === "" ? "are" : "is";
  const state = value === undefined ? "missing" : describeValue(value);
  return `${subject} ${verb} ${state}, ${expected}${hint === undefined ? "" : `; ${hint}`}`;
}

/** All faults of one configuration at once, so that they can be mended in one go. */
export class ConfigError extends Error {
  // On the prototype, not on each error, so that the first line of `stack` already says it.
  static {
    this.prototype.name = "ConfigError";
  }

  /** For branching: never changes. */
  readonly code = "ERR_FEMTO_CONFIG";
  /** What could not be done, with what, without the faults: `Cannot start handler "audit"`. */
  readonly action: string;
  /** At least one, in the order of the options. */
  readonly problems: readonly ConfigProblem[];

  /**
   * @param action What could not be done, with what: `Cannot start handler "audit"`.
   * @param problems The faults, at least one; copied.
   * @param options `cause`: the error behind it, such as the one of `fs.openSync`.
   */
  constructor(action: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const [first, ...others] = problems.map(describeProblem);
    const faults = [first, ...others].map((line) => `\n  - ${line}`).join("");
    super(
      others.length === 0 ? `${action}: ${first}` : `${action}: ${problems.length} faults${faults}`,
      options,
    );
    this.action = action;
    this.problems = [...problems];
  }
}

/** What an `ExportError` is made from beside its message. */
export interface ExportErrorOptions extends ErrorOptions {
  /** Whether the same batch may succeed later: then it is kept and tried again, else it is counted `export_failed`. */
  readonly retryable: boolean;
}

/** An exporter could not deliver a batch. */
export class ExportError extends Error {
  static {
    this.prototype.name = "ExportError";
  }

  /** For branching: never changes. */
  readonly code = "ERR_FEMTO_EXPORT";
  /** Whether the same batch may succeed later. */
  readonly retryable: boolean;

  /**
   * @param message What could not be sent where, why, and what became of the records.
   * @param options `retryable`, and `cause`: the error of the socket or file.
   */
  constructor(message: string, options: ExportErrorOptions) {
    super(message, options);
    this.retryable = options.retryable;
  }
}

/** What one handler had not delivered when the time was up. */
export interface FlushRemainder {
  /** Name of the handler. */
  readonly handler: string;
  /** Records published before the flush began and not yet delivered or counted as dropped. */
  readonly recordCount: number;
}

/**
 * A flush or shutdown ran out of time. Nothing is lost by a flush: the records are still queued and the handlers go on.
 *
 * @see Logs SDK, ForceFlush: "SHOULD provide a way to let the caller know whether it succeeded, failed or timed out"
 */
export class FlushTimeoutError extends Error {
  static {
    this.prototype.name = "FlushTimeoutError";
  }

  /** For branching: never changes. */
  readonly code = "ERR_FEMTO_FLUSH_TIMEOUT";
  /** The time that was given, in milliseconds. */
  readonly timeoutMillis: number;
  /** What is left, one entry a handler. */
  readonly remainders: readonly FlushRemainder[];

  /**
   * @param timeoutMillis The time that was given, in milliseconds.
   * @param remainders Handlers that were not done; copied.
   * @param options `isShutDown`: the handlers have ended, and what was left is counted as `exit_deadline`.
   */
  constructor(
    timeoutMillis: number,
    remainders: readonly FlushRemainder[],
    options: { readonly isShutDown?: boolean } = {},
  ) {
    const left = remainders.map(({ handler, recordCount }) => {
      return `handler ${JSON.stringify(handler)} has ${recordCount} ${recordCount === 1 ? "record" : "records"} left`;
    });
    const [action, end] =
      options.isShutDown === true
        ? ["shut down", "counted as exit_deadline; allow more time"]
        : ["flush", "still queued: flush again, or allow more time"];
    super(`Cannot ${action} within ${timeoutMillis} ms: ${left.join(", ")}; ${end} ("timeoutMillis")`);
    this.timeoutMillis = timeoutMillis;
    this.remainders = [...remainders];
  }
}
