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

/** What the attributes are made from; what is missing is read of the running process. */
export interface ResourceFacts {
  readonly env?: Environment;
  readonly pid?: number;
  /** The command that started the process, as it was typed. */
  readonly argv0?: string;
  /** Version of Node without "v". */
  readonly runtimeVersion?: string;
  /** `os.hostname()`; without it there is no `host.name`. */
  readonly hostName?: string;
}

/** A resource, and what was wrong with the environment that it was made from. */
export interface DetectedResource {
  readonly resource: ResourceLike;
  /** Sentences for the diagnostics: what was ignored, and why. */
  readonly warnings: readonly string[];
}

/** `telemetry.sdk.name`; "opentelemetry" is reserved for the SDKs of the project itself. */
const SDK_NAME = "femtologging";

/** `telemetry.sdk.version`: the version in package.json. */
export const SDK_VERSION = "0.1.0";

/**
 * The resource of this process: service, SDK, process, runtime and host. Cheap and synchronous, any thread, never throws.
 *
 * `OTEL_SERVICE_NAME` wins over `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, and that over
 * `unknown_service:<command>`, the name that the OpenTelemetry SDK gives as well. What the environment says wins over
 * what the process finds out, but for `telemetry.sdk.*`.
 *
 * @see Resource SDK v1.60.0, SDK-provided resource attributes, Specifying resource information via an environment variable
 */
export function defaultResource(facts: ResourceFacts = {}): DetectedResource {
  const env = facts.env ?? process.env;
  const { attributes: given, warning } = parseResourceAttributes(env["OTEL_RESOURCE_ATTRIBUTES"] ?? "");
  return {
    resource: {
      attributes: {
        ...processAttributes(facts),
        ...given,
        "service.name": env["OTEL_SERVICE_NAME"] || given["service.name"] || unknownService(facts),
        "telemetry.sdk.language": "nodejs",
        "telemetry.sdk.name": SDK_NAME,
        "telemetry.sdk.version": SDK_VERSION,
      },
    },
    warnings: warning === undefined ? [] : [warning],
  };
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

function processAttributes({
  pid,
  runtimeVersion,
  hostName,
}: ResourceFacts): Record<string, string | number> {
  return {
    "process.pid": pid ?? process.pid,
    "process.runtime.name": "nodejs",
    "process.runtime.version": runtimeVersion ?? process.versions.node,
    ...(hostName === undefined ? {} : { "host.name": hostName }),
  };
}

function unknownService({ argv0 = process.argv0 }: ResourceFacts): string {
  return argv0 === "" ? "unknown_service" : `unknown_service:${argv0}`;
}
