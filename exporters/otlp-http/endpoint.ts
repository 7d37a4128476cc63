// What the OTEL_EXPORTER_OTLP_* variables say about where and with which headers. Pure: texts in, values and warnings out.
// An empty variable is one that is not set.

const BASE_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";
const LOGS_VARIABLE = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
const logsPath = "v1/logs";

/** What a variable with an endpoint comes to. */
export interface EndpointResult {
  /** Final URL; `undefined` when the variable is empty or ignored. */
  readonly url: string | undefined;
  /** Why it is ignored; no secrets of it. */
  readonly warnings: readonly string[];
}

/** What a variable with headers comes to. */
export interface HeaderListResult {
  /** By lower-case name. Of a name that is given twice, the last value. */
  readonly headers: Readonly<Record<string, string>>;
  /** One for each entry that is ignored; no values, as those are often keys. */
  readonly warnings: readonly string[];
}

/**
 * Reads `OTEL_EXPORTER_OTLP_ENDPOINT`: `v1/logs` is appended, after a slash if there is none.
 *
 * @see OTLP exporter, Endpoint URLs for OTLP/HTTP, 2
 */
export function urlFromBaseEndpoint(text: string): EndpointResult {
  return readEndpoint(text, BASE_VARIABLE, (url) => {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${logsPath}`;
  });
}

/**
 * Reads `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`, which is used as it is; without a path, the path is `/`.
 *
 * @see OTLP exporter, Endpoint URLs for OTLP/HTTP, 1
 */
export function urlFromLogsEndpoint(text: string): EndpointResult {
  return readEndpoint(text, LOGS_VARIABLE, () => {});
}

function readEndpoint(text: string, variable: string, complete: (url: URL) => void): EndpointResult {
  const trimmed = text.trim();
  if (trimmed === "") return { url: undefined, warnings: [] };
  const url = URL.parse(trimmed);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    const expected = "must be a URL with http:// or https://, such as http://localhost:4318";
    return { url: undefined, warnings: [`Ignored "${variable}": ${expected}`] };
  }
  complete(url);
  return { url: url.href, warnings: [] };
}

/**
 * Reads a list of headers: `key1=value1,key2=value2`, keys and values percent-encoded. An entry that cannot be a header is
 * left out, the others count. (A `;` is part of the value: metadata is not supported.)
 *
 * @param text Value of `variable`.
 * @param variable For the warnings: `OTEL_EXPORTER_OTLP_HEADERS` or `OTEL_EXPORTER_OTLP_LOGS_HEADERS`.
 * @see OTLP exporter, Specifying headers via environment variables; W3C Baggage
 */
export function parseHeaderList(text: string, variable: string): HeaderListResult {
  const headers = new Map<string, string>();
  const warnings: string[] = [];
  for (const [index, entry] of text.split(",").entries()) {
    if (entry.trim() === "") continue;
    const header = parseHeader(entry);
    if (typeof header === "string") warnings.push(`Ignored entry ${index + 1} of "${variable}": ${header}`);
    else headers.set(header.name, header.value);
  }
  return { headers: Object.fromEntries(headers), warnings };
}

/** @returns The header, or what is wrong with the entry. */
function parseHeader(entry: string): { readonly name: string; readonly value: string } | string {
  const signIndex = entry.indexOf("=");
  if (signIndex === -1) return 'it has no "=", must be name=value';
  const name = percentDecode(entry.slice(0, signIndex).trim())?.toLowerCase();
  if (name === undefined || !isToken(name)) return "its name is not the name of a header";
  const value = percentDecode(entry.slice(signIndex + 1).trim());
  if (value === undefined) return `the value of "${name}" is not percent-encoded, a "%" must be written %25`;
  if (!isHeaderValue(value)) return `the value of "${name}" has a character that a header cannot carry`;
  return { name, value };
}

function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @see RFC 9110, 5.6.2 Tokens */
function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(text);
}

/** @see RFC 9110, 5.5 Field Values: no controls but the tab, nothing beyond Latin-1 */
function isHeaderValue(text: string): boolean {
  return /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(text);
}
