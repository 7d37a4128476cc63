// Who produced the records: what a process knows of itself at once, without `@opentelemetry/resources` (60 ms to import).

/** What is read of a resource; a `Resource` of the OpenTelemetry SDK is one. */
export interface ResourceLike {
  /** Complete once nothing is pending. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl?: string | undefined;
  /** True while some attributes are still being found out. */
  readonly asyncAttributesPending?: boolean | undefined;
  /** Resolves when `attributes` is complete; never rejects. */
  readonly waitForAsyncAttributes?: () => Promise<void>;
}

/** Environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `telemetry.sdk.name`; "opentelemetry" is reserved for the SDKs of the project itself. */
const SDK_NAME = "femtologging";

/** `telemetry.sdk.version`: the version in package.json. */
export const SDK_VERSION = "0.1.0";

/** What the SDK says of itself. @see Resource SDK v1.60.0, SDK-provided resource attributes */
export function sdkAttributes(): Readonly<Record<string, string>> {
  return {
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.name": SDK_NAME,
    "telemetry.sdk.version": SDK_VERSION,
  };
}

/** Attributes that environment variables give, and what was wrong with the variables. */
export interface EnvironmentAttributes {
  readonly attributes: Readonly<Record<string, string>>;
  /** Sentences for the diagnostics: what was ignored, and why. */
  readonly warnings: readonly string[];
}

/**
 * What the environment says of this process: `OTEL_RESOURCE_ATTRIBUTES`, and the name of the service in `OTEL_SERVICE_NAME`,
 * which wins. Pure, never throws.
 *
 * @see Resource SDK v1.60.0, Specifying resource information via an environment variable
 */
export function environmentAttributes(env: Environment): EnvironmentAttributes {
  const { attributes, warning } = parseResourceAttributes(env["OTEL_RESOURCE_ATTRIBUTES"] ?? "");
  const serviceName = env["OTEL_SERVICE_NAME"]?.trim() || attributes["service.name"];
  return {
    attributes: serviceName ? { ...attributes, "service.name": serviceName } : withoutName(attributes),
    warnings: warning === undefined ? [] : [warning],
  };
}

/** An empty name is none. */
function withoutName(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { "service.name": _name, ...others } = attributes;
  return others;
}

/** The name of a service that nobody has named, as the OpenTelemetry SDK makes it. */
export function unknownService(argv0: string): string {
  return argv0 === "" ? "unknown_service" : `unknown_service:${argv0}`;
}

/** `OTEL_RESOURCE_ATTRIBUTES` taken apart. */
export interface ParsedResourceAttributes {
  readonly attributes: Readonly<Record<string, string>>;
  /** Why the whole value was discarded; then there are no attributes. */
  readonly warning?: string;
}

/**
 * Reads the value of `OTEL_RESOURCE_ATTRIBUTES`. Pure, never throws.
 *
 * @param text `key=value` pairs between commas, percent-encoded; `,` and `=` inside of keys and values must be. Space around
 * keys and values is dropped, an empty pair is skipped, the last of two equal keys wins. "" is an unset variable.
 * @see Resource SDK v1.60.0, Specifying resource information via an environment variable: an error discards all
 */
export function parseResourceAttributes(text: string): ParsedResourceAttributes {
  const pairs: [string, string][] = [];
  for (const [index, pair] of text.split(",").entries()) {
    if (pair.trim() === "") continue;
    const parsed = parsePair(pair);
    if (typeof parsed === "string") return { attributes: {}, warning: discarded(index, parsed) };
    pairs.push(parsed);
  }
  return { attributes: Object.fromEntries(pairs) };
}

/** A pair, or what it must be. The text is not repeated: people put secrets in there. */
function parsePair(pair: string): [string, string] | string {
  const [key, value, ...rest] = pair.split("=");
  if (key === undefined || value === undefined || rest.length > 0) {
    return 'must be "key=value", with "%3D" for each other "="';
  }
  if (key.trim() === "") return 'must have a key before the "="';
  try {
    return [decodeURIComponent(key.trim()), decodeURIComponent(value.trim())];
  } catch {
    return 'must be percent-encoded UTF-8, with "%25" for each "%"';
  }
}

function discarded(index: number, expected: string): string {
  return `Cannot use OTEL_RESOURCE_ATTRIBUTES: pair ${index + 1} ${expected}; the whole variable is ignored`;
}
