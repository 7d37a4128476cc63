/** A resource detector of the OpenTelemetry SDK, as far as it is used. */
export interface ResourceDetectorLike {
  /** Starts to find attributes out: values, or promises of values. */
  detect(config?: never): { readonly attributes?: Readonly<Record<string, unknown>> | undefined };
}

/** A detector by its name, or one of the application. */
export type DetectorChoice =
  | "all"
  | "none"
  | "env"
  | "host"
  | "os"
  | "process"
  | "serviceinstance"
  | "service"
  | "container"
  | ResourceDetectorLike;

/** Words that stand for detectors. */
export const DETECTOR_WORDS: readonly string[] = [
  "all",
  "none",
  "env",
  "host",
  "os",
  "process",
  "serviceinstance",
  "service",
  "container",
];

function isDetectorList(value: unknown): value is readonly DetectorChoice[] {
  return Array.isArray(value) && value.every(isDetector);
}

function isDetector(value: unknown): boolean {
  if (typeof value === "string") return DETECTOR_WORDS.includes(value);
  return (
    typeof value === "object" && value !== null && "detect" in value && typeof value.detect === "function"
  );
}

function isAttributes(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `detectResource()` takes. */
export const RESOURCE_OPTIONS = {
  attributes: {
    type: "custom",
    expected: "an object of attributes",
    accepts: (value: unknown): value is Readonly<Record<string, unknown>> => isAttributes(value),
    computedDefault: "none",
    description:
      "Attributes that the application says of itself. They win over the environment and over detectors, but for `telemetry.sdk.*`.",
  },
  detectors: {
    type: "custom",
    expected:
      'a list of detectors: "all", "none", "env", "host", "os", "process", "serviceinstance", "service", "container", or objects with detect()',
    accepts: (value: unknown): value is readonly DetectorChoice[] => isDetectorList(value),
    computedDefault: "those that OTEL_NODE_RESOURCE_DETECTORS names, else all built-in ones",
    description:
      "Who finds attributes out, the last wins: built-in ones by name, and resource detectors of the OpenTelemetry SDK, which are started at once and never hold up a call: the first export waits for them, 5 s at most. `all` are the built-in ones, `none` is none of them; `service` is another name of `serviceinstance`. `env` is always there, since OTEL_RESOURCE_ATTRIBUTES always counts. The command line (`process.command_args`) may hold secrets: it is there only where `process` or `all` is named.",
  },
  schemaUrl: {
    type: "string",
    computedDefault: "none",
    description: "Schema URL of the resource.",
  },
} as const;
