import { reportTrouble } from "../../src/diagnostics.ts";
import { formatterOf } from "../../src/handlers/formatter-choice.ts";
import { openOnce } from "../../src/handlers/opened-once.ts";
import { FILE_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import { lineOutlet } from "../stock/line-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";
import { FileSink } from "./file-sink.ts";

/** Options of `FemtoFileExporter`; CONFIG.md describes each. */
export type FileExporterOptions = OptionsOf<typeof FILE_EXPORTER_OPTIONS>;

const SUBJECT = "file exporter";

/**
 * Appends records to a file as `FemtoFileHandler` does, for the processors of the OpenTelemetry SDK: on the thread that calls it,
 * one write an export, done when `export()` returns. A file that takes nothing now (a FIFO) is waited for, at most 10 s.
 */
export class FemtoFileExporter extends StockExporter {
  /** Absolute path of the file. */
  readonly path: string;

  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: FileExporterOptions) {
    const resolved = resolveOptions(FILE_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const formatter = formatterOf(resolved, SUBJECT);
    const { path, delay, fsync, terminator, encoding } = resolved;
    const isTruncated = resolved.mode === "truncate";
    if (!delay) openOnce(SUBJECT, { ...resolved, truncate: isTruncated });
    const sink = new FileSink({ ...resolved, truncate: delay && isTruncated });
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${path}`, trouble);
    const outlet = lineOutlet(sink, { formatter, terminator, encoding, fsync, report });
    super({ subject: SUBJECT, target: path, outlet, concurrentExportsMax: 1 });
    this.path = path;
  }
}
