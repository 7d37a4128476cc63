// What bunyan writes, and how the parts of it that it knows become ours.

import { isErrorLike } from "../../record/exception.ts";

/** A record as raw streams get it. Each field may be anything: those of the application have the same names. */
export interface BunyanRecord {
  readonly name?: unknown;
  readonly level: number;
  readonly msg?: unknown;
  readonly time?: unknown;
  readonly pid?: unknown;
  readonly hostname?: unknown;
  readonly err?: unknown;
  readonly src?: unknown;
}

/** An error: as it was thrown, or as the attributes that are left of it. */
export interface ReadException {
  readonly thrown?: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `err`: an error, what bunyan's serializer has made of one, or something else that the application calls so. */
export function exceptionOf(err: unknown): ReadException {
  if (err === undefined) return { attributes: {} };
  if (isErrorLike(err)) return { thrown: err, attributes: {} };
  if (typeof err !== "object" || err === null) return { attributes: { err } };
  const { name, message, stack, ...properties } = err as Readonly<Record<string, unknown>>;
  if (typeof message !== "string" || typeof stack !== "string") return { attributes: { err } };
  const own = Object.entries(properties).filter(([, value]) => value !== undefined);
  return {
    attributes: {
      "exception.type": typeof name === "string" ? name : "Error",
      "exception.message": message,
      "exception.stacktrace": stack,
      ...(own.length === 0 ? {} : { "exception.properties": Object.fromEntries(own) }),
    },
  };
}

/** `src`: where the call stands. */
export function placeOf(src: unknown): Readonly<Record<string, unknown>> {
  if (src === undefined) return {};
  if (typeof src !== "object" || src === null) return { src };
  const { file, line, func, ...others } = src as Readonly<Record<string, unknown>>;
  return {
    ...(file === undefined ? {} : { "code.file.path": file }),
    ...(line === undefined ? {} : { "code.line.number": line }),
    ...(func === undefined ? {} : { "code.function.name": func }),
    ...(Object.keys(others).length === 0 ? {} : { src: others }),
  };
}
