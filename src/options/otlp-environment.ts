/** The texts of `OTEL_EXPORTER_OTLP_*` variables, and what a header may be made of. Pure functions. */

/** What a list of headers holds. */
export interface HeaderList {
  /** The headers, names in lower case; of equal names the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** Places of the entries that are not `name=value`, counted from 1. Their text may be secret. */
  readonly badPlaces: readonly number[];
}

/** A token, as HTTP calls it. */
const headerName: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Field content: neither line breaks (they would begin a header of their own) nor characters beyond Latin-1. */
const headerValue: RegExp = /^[\t -~\u0080-\u00ff]*$/;

/** @returns Whether `name` can be the name of an HTTP header. @see RFC 9110, section 5.1 */
export function isHeaderName(name: string): boolean {
  return headerName.test(name);
}

/** @returns Whether `value` can be the value of an HTTP header. @see RFC 9110, section 5.5 */
export function isHeaderValue(value: string): boolean {
  return headerValue.test(value);
}

/**
 * Parses `name=value,name=value` with percent-encoding. What follows a `;` in an entry is not part of it. Any thread.
 *
 * @see Specification, OTLP exporter: "Specifying headers via environment variables"
 */
export function parseHeaderList(text: string): HeaderList {
  const headers = new Map<string, string>();
  const badPlaces: number[] = [];
  for (const [index, entry] of text.split(",").entries()) {
    if (entry.trim() === "") continue;
    const header = parseHeader(entry);
    if (header === undefined) badPlaces.push(index + 1);
    else headers.set(header.name, header.value);
  }
  // Own properties for every name, `__proto__` too.
  return { headers: Object.fromEntries(headers), badPlaces };
}

function parseHeader(entry: string): { readonly name: string; readonly value: string } | undefined {
  const [pair = ""] = entry.split(";", 1);
  const equalsIndex = pair.indexOf("=");
  if (equalsIndex < 0) return undefined;
  const name = decodePercent(pair.slice(0, equalsIndex).trim());
  const value = decodePercent(pair.slice(equalsIndex + 1).trim());
  if (name === undefined || value === undefined) return undefined;
  return isHeaderName(name) && isHeaderValue(value) ? { name: name.toLowerCase(), value } : undefined;
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * The URL for logs below a base endpoint: `http://collector:4318/otlp` becomes `http://collector:4318/otlp/v1/logs`.
 * Any thread.
 *
 * @returns `undefined` when `base` is not a URL.
 * @see Specification, OTLP exporter: "Endpoint URLs for OTLP/HTTP"
 */
export function logsEndpointOf(base: string): string | undefined {
  const url = URL.parse(base);
  if (url === null) return undefined;
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/logs`;
  return url.href;
}
