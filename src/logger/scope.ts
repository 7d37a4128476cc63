import type { LoggerOptions } from "@opentelemetry/api";
import type { ScopeInput } from "../../processors/shape/dictionary.ts";
import { reportOnce } from "../diagnostics.ts";

/**
 * The scope of a logger, as asked for. A copy: what becomes of the attributes later changes nothing. What is not of its type
 * counts as not given; a name that is no text is empty, which is said once.
 *
 * @see Logs SDK v1.60.0, Logger Creation
 */
export function readScope(name: unknown, version: unknown, options: LoggerOptions | undefined): ScopeInput {
  if (typeof name !== "string" || name === "") {
    reportOnce("logger without name", "A logger was asked for without a name: its records have none");
  }
  return {
    name: readText(name) ?? "",
    version: readText(version),
    schemaUrl: readText(options?.schemaUrl),
    attributes: copyOf(options?.attributes),
  };
}

/** What makes two scopes the same; undefined for one whose attributes cannot be compared, such as a cycle. */
export function scopeKey({ name, version, schemaUrl, attributes }: ScopeInput): string | undefined {
  try {
    return JSON.stringify([name, version, schemaUrl, attributes], (_key, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
  } catch {
    return undefined;
  }
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function copyOf(attributes: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof attributes !== "object" || attributes === null) return undefined;
  try {
    return structuredClone(attributes) as Record<string, unknown>;
  } catch {
    // A function among them, say: the encoder marks it.
    return attributes as Record<string, unknown>;
  }
}
