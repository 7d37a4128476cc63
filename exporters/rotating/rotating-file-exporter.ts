import { reportTrouble } from "../../src/diagnostics.ts";
import { ConfigError } from "../../src/errors.ts";
import { formatterOf } from "../../src/handlers/formatter-choice.ts";
import { retentionProblem, rotatingOptionsOf } from "../../src/handlers/rotating-choice.ts";
import { ROTATING_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import { rotatingOutlet } from "../stock/rotating-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";

/** Options of `FemtoRotatingFileExporter`; CONFIG.md describes each. */
export type RotatingFileExporterOptions = OptionsOf<typeof ROTATING_EXPORTER_OPTIONS>;

const SUBJECT = "rotating file exporter";

/**
 * Appends records to a file, and puts the file away by its size, as `FemtoRotatingFileHandler` does, for the processors of the
 * OpenTelemetry SDK: on the thread that calls it, one write an export and file, done when `export()` returns.
 */
export class FemtoRotatingFileExporter extends StockExporter {
  /** Absolute path of the file. */
  readonly path: string;

  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: RotatingFileExporterOptions) {
    const resolved = resolveOptions(ROTATING_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const problem = retentionProblem(resolved);
    if (problem !== undefined) throw new ConfigError(`Cannot start ${SUBJECT}`, [problem]);
    const { path, fsync, terminator, encoding } = resolved;
    const formatter = formatterOf(resolved, SUBJECT);
    const clock = { schedule: undefined, rotateWhenIdle: false };
    const rotating = rotatingOptionsOf({ ...resolved, thread: "inline" }, SUBJECT, clock);
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${path}`, trouble);
    const outlet = rotatingOutlet(rotating, { formatter, terminator, encoding, fsync, report });
    super({ subject: SUBJECT, target: path, outlet, concurrentExportsMax: 1 });
    this.path = path;
  }
}
