import { reportOnce } from "../diagnostics.ts";
import { currentEnvironment } from "../options/current-environment.ts";
import type { Environment } from "../options/description.ts";
import type { OptionsOf } from "../options/infer.ts";
import {
  DETECTOR_WORDS,
  RESOURCE_OPTIONS,
  type DetectorChoice,
  type ResourceDetectorLike,
} from "../options/resource-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { environmentAttributes, sdkAttributes, unknownService } from "../record/resource.ts";
import {
  BUILT_IN_DETECTORS,
  commandArguments,
  type DetectedAttributes,
  type DetectorName,
} from "./built-in-detectors.ts";
import { DetectedResource } from "./detected-resource.ts";
import { processFacts } from "./process-facts.ts";

/** Options of `detectResource()`; CONFIG.md describes each. */
export type ResourceOptions = OptionsOf<typeof RESOURCE_OPTIONS>;

const VARIABLE = "OTEL_NODE_RESOURCE_DETECTORS";
const ALL: readonly DetectorName[] = ["host", "os", "process", "serviceinstance", "container"];
const ALIASES: Readonly<Record<string, DetectorName>> = { service: "serviceinstance" };

/**
 * Finds out what this process is: for the option `resource` of `createLogging()` and `FemtoLoggerProvider`. Any thread.
 * Detectors that take their time are started at once; nobody waits for them here, nor where something is logged.
 *
 * What counts, the strongest first: `telemetry.sdk.*`, the option `attributes`, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
 * the detectors from the last to the first, and `unknown_service:<command>` for a service without a name.
 *
 * @returns A resource; `waitForAsyncAttributes()` resolves when it is complete. A detector that fails is reported, and leaves
 * its attributes out.
 * @throws {ConfigError} An option is wrong. Names all faults.
 * @see Resource SDK v1.60.0: Merge, Detecting resource information from the environment, Specifying resource information
 * via an environment variable
 */
export function detectResource(options: ResourceOptions = {}): DetectedResource {
  const context = { action: "detect", subject: "a resource" };
  const { attributes, detectors, schemaUrl } = resolveOptions(RESOURCE_OPTIONS, options, context);
  return resourceOf({ attributes, choices: detectors, schemaUrl });
}

/** The resource of a process that says nothing of itself. */
export function ownResource(): DetectedResource {
  return resourceOf({});
}

function resourceOf(parts: {
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly choices?: readonly DetectorChoice[] | undefined;
  readonly schemaUrl?: string | undefined;
}): DetectedResource {
  const { attributes: given, warnings } = environmentAttributes(currentEnvironment());
  for (const warning of warnings) reportOnce(warning, warning);
  const detected = detectAll(parts.choices ?? detectorsIn(currentEnvironment()));
  const layers = [
    sdkAttributes(),
    parts.attributes ?? {},
    given,
    ...detected.toReversed(),
    { "service.name": unknownService(process.argv0) },
  ];
  return new DetectedResource(layers, {
    schemaUrl: parts.schemaUrl,
    onFailure: (key, error) => reportFailure(`Cannot find out the resource attribute "${key}"`, error),
  });
}

/**
 * What the environment says of detectors: names between commas, in any case. Unknown ones are reported and ignored.
 * @see JavaScript SDK: OTEL_NODE_RESOURCE_DETECTORS
 */
function detectorsIn(env: Environment): readonly DetectorChoice[] | undefined {
  const names = (env[VARIABLE] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== "");
  const known = given.filter((name) => DETECTOR_WORDS.includes(name));
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    reportOnce(
      `environment ${VARIABLE}`,
      `Cannot use ${unknown.map((name) => JSON.stringify(name)).join(", ")} in the environment variable ${VARIABLE}: must be of ${DETECTOR_WORDS.join(", ")}; ignored (CONFIG.md#detectors)`,
    );
  }
  return known.length === 0 ? undefined : (known as DetectorChoice[]);
}

/** The command line only where somebody has named a detector that gives it. */
function detectAll(choices: readonly DetectorChoice[] | undefined): readonly DetectedAttributes[] {
  const detectors = choices === undefined ? ALL : detectorsOf(choices);
  const isAsked = choices !== undefined && detectors.includes("process");
  const args = isAsked ? [commandArguments(processFacts())] : [];
  return [...args, ...detectors.map((detector) => detectNow(detector))];
}

type Detector = DetectorName | ResourceDetectorLike;

/** `all` is more than `none`, as in the SDK. */
function detectorsOf(choices: readonly DetectorChoice[]): readonly Detector[] {
  const own = choices.filter((choice) => typeof choice !== "string");
  if (choices.includes("all")) return [...ALL, ...own];
  if (choices.includes("none")) return own;
  return choices.flatMap((choice): readonly Detector[] => {
    if (typeof choice !== "string") return [choice];
    const name = ALIASES[choice] ?? choice;
    return ALL.filter((known) => known === name);
  });
}

function detectNow(detector: Detector): DetectedAttributes {
  if (typeof detector === "string") return BUILT_IN_DETECTORS[detector](processFacts());
  try {
    return detector.detect().attributes ?? {};
  } catch (error) {
    reportFailure("Cannot find out resource attributes by a detector", error);
    return {};
  }
}

function reportFailure(what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  const message = `${what}: ${why}; left out`;
  reportOnce(message, message);
}
