import { reportTrouble } from "../../src/diagnostics.ts";
import { formatterOf } from "../../src/handlers/formatter-choice.ts";
import { rotatingOptionsOf } from "../../src/handlers/rotating-choice.ts";
import { clockOf } from "../../src/handlers/rotation-schedule.ts";
import { TIMED_ROTATING_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import { rotatingOutlet } from "../stock/rotating-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";

/** Options of `FemtoTimedRotatingFileExporter`; CONFIG.md describes each. */
export type TimedRotatingFileExporterOptions = OptionsOf<typeof TIMED_ROTATING_EXPORTER_OPTIONS>;

const SUBJECT = "timed rotating file exporter";

/**
 * Appends records to a file, and puts the file away by the clock, as `FemtoTimedRotatingFileHandler` does, for the processors of
 * the OpenTelemetry SDK: on the thread that calls it, one write an export and file, done when `export()` returns.
 */
export class FemtoTimedRotatingFileExporter extends StockExporter {
  /** Absolute path of the file. */
  readonly path: string;

  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: TimedRotatingFileExporterOptions) {
    const resolved = resolveOptions(TIMED_ROTATING_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const { path, fsync, terminator, encoding } = resolved;
    const clock = clockOf(resolved, SUBJECT);
    const formatter = formatterOf(resolved, SUBJECT);
    const rotating = rotatingOptionsOf({ ...resolved, thread: "inline" }, SUBJECT, clock);
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${path}`, trouble);
    const outlet = rotatingOutlet(rotating, { formatter, terminator, encoding, fsync, report });
    super({ subject: SUBJECT, target: path, outlet, concurrentExportsMax: 1 });
    this.path = path;
  }
}
