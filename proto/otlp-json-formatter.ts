import type { OutputBuffer } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../processors/shape/renderer.ts";
import { OTLP_JSON_FORMATTER_OPTIONS } from "../src/options/formatter-options.ts";
import type { OptionsOf } from "../src/options/infer.ts";
import { resolveOptions } from "../src/options/validate.ts";
import { OtlpJsonRenderer } from "./otlp-json-renderer.ts";

/** Options of `FemtoOtlpJsonFormatter`; plain data. CONFIG.md describes each. */
export type OtlpJsonFormatterOptions = OptionsOf<typeof OTLP_JSON_FORMATTER_OPTIONS>;

/**
 * OTLP JSON lines: each record is a whole `LogsData` with its resource and scope, on one line. What the OTLP JSON File
 * receiver of the Collector reads. Encoding UTF-8 and terminator "\n", the defaults of handlers, are part of the format.
 * Runs on the thread that drains the queue; never throws.
 *
 * @see OpenTelemetry Protocol File Exporter, JSON lines file; OTLP 1.11.0, JSON Protobuf Encoding
 */
export class FemtoOtlpJsonFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: OtlpJsonFormatterOptions;
  readonly #renderer: OtlpJsonRenderer;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: OtlpJsonFormatterOptions = {}) {
    const { includeTemplate } = resolveOptions(OTLP_JSON_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "an OTLP JSON formatter",
    });
    this.options = { ...options };
    this.#renderer = new OtlpJsonRenderer({ includeTemplate });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#renderer.add(record);
    out.append(this.#renderer.finish());
  }
}
