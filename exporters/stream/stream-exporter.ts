import { reportTrouble } from "../../src/diagnostics.ts";
import { neverBlock } from "../../src/handlers/never-block.ts";
import { descriptorOf, streamFormatterOf } from "../../src/handlers/stream-choice.ts";
import { STREAM_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import { lineOutlet, lineRenderer, type LineParts } from "../stock/line-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";
import { DescriptorSink } from "./descriptor-sink.ts";
import { WritableOutlet } from "../stock/writable-outlet.ts";

/** Options of `FemtoStreamExporter`; CONFIG.md describes each. */
export type StreamExporterOptions = OptionsOf<typeof STREAM_EXPORTER_OPTIONS>;

const SUBJECT = "stream exporter";

/**
 * Writes records to stderr (the default), stdout, an open descriptor, or a Node `Writable` as `FemtoStreamHandler` does, for the
 * processors of the OpenTelemetry SDK: on the thread that calls it, one write an export. A descriptor has them when `export()`
 * returns, unless it is full: then it is waited for, at most 10 s.
 */
export class FemtoStreamExporter extends StockExporter {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: StreamExporterOptions = {}) {
    const resolved = resolveOptions(STREAM_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const { stream, terminator } = resolved;
    const report = (trouble: string): void => reportTrouble(SUBJECT, trouble);
    const parts: LineParts = { formatter: streamFormatterOf(resolved, SUBJECT), terminator, report };
    if (typeof stream === "object") {
      const outlet = new WritableOutlet(stream, lineRenderer(parts));
      super({ subject: SUBJECT, target: "a stream", outlet, concurrentExportsMax: 1 });
      return;
    }
    const descriptor = descriptorOf(stream);
    neverBlock(descriptor);
    const sink = new DescriptorSink(descriptor);
    const outlet = lineOutlet(sink, { ...parts, fsync: "never" });
    super({ subject: SUBJECT, target: sink.target, outlet, concurrentExportsMax: 1 });
  }
}
