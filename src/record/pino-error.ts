import { attributesOfException, type ExceptionAttributes, type ExceptionSummary } from "./exception.ts";

/** Errors in `causes`, and in `errors`. */
const RELATIVES_MAX = 16;

/** An error as the serializers of pino write it. */
interface WrittenError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly aggregateErrors?: unknown;
}

/**
 * What pino's serializers have made of an error, as the attributes of a record; undefined for anything else. Texts are as pino
 * has written them: message and stack hold those of the causes too.
 */
export function pinoErrorAttributes(value: unknown): ExceptionAttributes | undefined {
  if (!isWrittenError(value)) return undefined;
  return attributesOfException({ ...summaryOf(value), causes: causesOf(value), errors: membersOf(value) });
}

function isWrittenError(value: unknown): value is WrittenError {
  if (typeof value !== "object" || value === null) return false;
  const { type, message, stack } = value as Readonly<Record<string, unknown>>;
  return typeof type === "string" && typeof message === "string" && typeof stack === "string";
}

function summaryOf(error: WrittenError): ExceptionSummary {
  const { type, message, stack, cause, aggregateErrors, ...rest } = error;
  const properties = {
    ...rest,
    // Not an error: nowhere else to be.
    ...(cause === undefined || isWrittenError(cause) ? {} : { cause }),
    ...(aggregateErrors === undefined || isErrors(aggregateErrors) ? {} : { aggregateErrors }),
  };
  return {
    type,
    message,
    ...(stack === undefined || stack === "" ? {} : { stacktrace: stack }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

function causesOf(error: WrittenError): readonly ExceptionSummary[] {
  const causes: ExceptionSummary[] = [];
  let { cause } = error;
  while (isWrittenError(cause) && causes.length < RELATIVES_MAX) {
    causes.push(summaryOf(cause));
    ({ cause } = cause);
  }
  return causes;
}

function membersOf({ aggregateErrors }: WrittenError): readonly ExceptionSummary[] {
  return isErrors(aggregateErrors) ? aggregateErrors.slice(0, RELATIVES_MAX).map(summaryOf) : [];
}

function isErrors(value: unknown): value is readonly WrittenError[] {
  return Array.isArray(value) && value.every(isWrittenError);
}
