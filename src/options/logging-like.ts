/** What a bridge needs of a logging system: one of `createLogging()`. */
export interface LoggingLike {
  getLogger(name?: string): object;
  flush(options?: { readonly timeoutMillis?: number }): Promise<void>;
  flushSync(timeoutMillis?: number): boolean;
}

/** @returns Whether `value` is a logging system. */
export function isLoggingLike(value: unknown): value is LoggingLike {
  return hasMethods(value, ["getLogger", "flush", "flushSync"]);
}

/** @returns Whether `value` is an object or a function with methods of these names. */
export function hasMethods(value: unknown, names: readonly string[]): boolean {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && names.every((name) => typeof Reflect.get(value, name) === "function");
}
