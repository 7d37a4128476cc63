// Errors come out of winston in many disguises: as the record itself, as its message, among the values behind the message, as
// a property, as nothing but a stack; and with all sorts of things about the process when nobody caught them.
import { exceptionAttributes, isErrorLike } from "../../record/exception.ts";
import { SPLAT, type CallNote, type WinstonInfo } from "./call-note.ts";

/** An error that was found. */
export interface FoundError {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Properties of the record that the attributes tell already. */
  readonly told: ReadonlySet<string>;
}

const TOLD_OF_CRASH = ["error", "stack", "exception", "rejection", "trace", "date"];

/** Looks through the disguises. Never asks a format: what was noted at the call comes first. */
export function findError(info: WinstonInfo, note: CallNote | undefined): FoundError | undefined {
  if (isCrash(info)) {
    const error = info["error"] ?? { name: "Error", message: "", stack: info["stack"] };
    return found(error, info, TOLD_OF_CRASH);
  }
  const given = note?.error ?? errorAmong(info);
  if (given !== undefined) return found(given, info, toldBy(given, info));
  const key = ["err", "error"].find((name) => isErrorLike(info[name]));
  if (key !== undefined) return found(info[key], info, [key, ...toldBy(info[key], info)]);
  const { stack } = info as { readonly stack?: unknown };
  return typeof stack === "string" && stack !== "" ? fromStack(stack, info) : undefined;
}

/** Whether the record, its message or a value behind it is an error: for one without a note. */
export function hasErrors(info: WinstonInfo): boolean {
  const splat = info[SPLAT];
  if (Array.isArray(splat) && splat.some(isErrorLike)) return true;
  return isErrorLike(info);
}

/** Whether winston tells of an error that nobody caught. */
export function isCrash(info: WinstonInfo): boolean {
  return (info["exception"] === true || info["rejection"] === true) && "stack" in info;
}

/** Without a note: the record was written by hand, or went round the logger. */
function errorAmong(info: WinstonInfo): unknown {
  if (isErrorLike(info)) return info;
  if (isErrorLike(info.message)) return info.message;
  const splat = info[SPLAT];
  return Array.isArray(splat) ? splat.find(isErrorLike) : undefined;
}

/** A stack is of this error if it is the same text: formats copy it. */
function toldBy(error: unknown, info: WinstonInfo): string[] {
  const { stack, cause } = error as Error;
  const told: string[] = [];
  if (info["stack"] === stack) told.push("stack");
  if (cause !== undefined && info["cause"] === cause) told.push("cause");
  for (const key of ["err", "error"]) if (info[key] === error) told.push(key);
  return told;
}

/** What a child logger, `errors()` or another process has left of an error. Its own properties are attributes already. */
function fromStack(stack: string, info: WinstonInfo): FoundError {
  const [, name = "Error", message = ""] = /^([\w$.]+)(?:: ([^\n]*))?/.exec(stack) ?? [];
  const text = typeof info.message === "string" && stack.includes(info.message) ? info.message : message;
  const cause = info["cause"];
  const error = { name, message: text, stack, ...(cause === undefined ? {} : { cause }) };
  return found(error, info, ["stack", "cause"]);
}

/** What winston has made attributes of is not told a second time. */
function found(error: unknown, info: WinstonInfo, told: readonly string[]): FoundError {
  const described: Readonly<Record<string, unknown>> = { ...exceptionAttributes(error) };
  const { "exception.properties": properties, ...attributes } = described;
  const rest = Object.entries((properties ?? {}) as Record<string, unknown>).filter(
    ([key, value]) => info[key] !== value,
  );
  return {
    attributes:
      rest.length === 0 ? attributes : { ...attributes, "exception.properties": Object.fromEntries(rest) },
    told: new Set(told),
  };
}
