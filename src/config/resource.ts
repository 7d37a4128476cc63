import { currentEnvironment, withEnvironment } from "../options/current-environment.ts";
import type { ResourceLike } from "../record/resource.ts";
import {
  BUILT_IN_DETECTORS,
  type DetectedAttributes,
  type DetectorName,
} from "../resource/built-in-detectors.ts";
import { detectResource } from "../resource/detect-resource.ts";
import { processFacts } from "../resource/process-facts.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** Detectors that a file of the declarative configuration may name, and which of ours they are. */
export const DETECTORS: Readonly<Record<string, DetectorName>> = {
  container: "container",
  host: "host",
  os: "os",
  process: "process",
  service: "serviceinstance",
};

/** What the process finds out about itself, with attributes that win over it and over the environment. */
export function processResourceWith(attributes: Attributes): ResourceLike {
  return detectResource({ attributes });
}

/** What a declarative configuration says of the resource. */
export interface DeclaredResource {
  readonly attributes: Attributes;
  readonly detectors: readonly DetectorName[];
  /** Whether a detected attribute of this name is wanted. */
  readonly isWanted: (name: string) => boolean;
  readonly schemaUrl: string | undefined;
}

/** A resource of what a file says, and nothing of the environment. */
export function declaredResource({
  attributes,
  detectors,
  isWanted,
  schemaUrl,
}: DeclaredResource): ResourceLike {
  const wanted = detectors.map((name) => ({
    detect: () => ({ attributes: only(BUILT_IN_DETECTORS[name](processFacts()), isWanted) }),
  }));
  return withEnvironment(withoutOtel(), () =>
    detectResource({ attributes, detectors: wanted, ...(schemaUrl === undefined ? {} : { schemaUrl }) }),
  );
}

/** The variables beside which a file of the declarative configuration stands: the specification's own do not count. */
export function withoutOtel(): Readonly<Record<string, string | undefined>> {
  const variables = Object.entries(currentEnvironment());
  return Object.fromEntries(variables.filter(([name]) => !name.startsWith("OTEL_")));
}

function only(attributes: DetectedAttributes, isWanted: (name: string) => boolean): DetectedAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}
