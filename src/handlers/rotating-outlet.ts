import type { BlockingOutlet, Outlet } from "../../processors/batch/settings.ts";
import { source } from "../../processors/worker/source-blocking.generated.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { ROTATING_HANDLER_OPTIONS } from "../options/rotating-options.ts";
import { rotatingOptionsOf, type RotationClock } from "./rotating-choice.ts";

type Resolved = Omit<ResolvedOf<typeof ROTATING_HANDLER_OPTIONS>, "format" | "formatter" | "reopenWhenMoved">;

/** What rotates by the clock, and how records look: beside the options of all rotating handlers. */
export type OutletParts = RotationClock & {
  readonly formatter: BlockingOutlet["descriptor"]["formatter"];
};

/**
 * Where a rotating handler writes, out of its resolved options. Opens the file once, unless it is to be opened late.
 *
 * @throws {ConfigError} Options do not go together, a hook cannot be loaded, or the file cannot be written.
 */
export function rotatingOutlet(options: Resolved, subject: string, parts: OutletParts): Outlet {
  const { formatter, ...clock } = parts;
  return {
    source,
    descriptor: {
      kind: "blocking",
      exporter: { kind: "rotating", ...rotatingOptionsOf(options, subject, clock) },
      formatter,
      terminator: options.terminator,
      encoding: options.encoding,
      fsync: options.fsync,
    },
  };
}
