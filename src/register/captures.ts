import type { Capture } from "../bridges/capture.ts";
import { reportOnce } from "../diagnostics.ts";
import { nearestName } from "../options/nearest-name.ts";

/** What turns captures on, by the name of what is captured. */
export type CaptureKinds = Readonly<Record<string, () => Capture>>;

/** A source that is being captured. */
export interface NamedCapture {
  readonly name: string;
  readonly capture: Capture;
}

/**
 * Turns captures on, each in its own right: one that is unknown or does not start is reported, and the others go on.
 * Synchronous, because the application starts right afterwards.
 */
export function startCaptures(names: readonly string[], kinds: CaptureKinds): NamedCapture[] {
  return names.flatMap((name) => {
    const start = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (start === undefined) {
      sayUnknown(name, Object.keys(kinds));
      return [];
    }
    try {
      return [{ name, capture: start() }];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reportOnce(`capture ${name}`, `Cannot capture "${name}": ${reason}; it goes on as it was`);
      return [];
    }
  });
}

function sayUnknown(name: string, names: readonly string[]): void {
  const meant = nearestName(name, names);
  reportOnce(
    `capture ${name}`,
    `Cannot capture ${JSON.stringify(name)}: must be a source that is known (${names.join(", ")}); ignored${meant === undefined ? "" : `; did you mean "${meant}"?`} (docs/zero-code.md)`,
  );
}
