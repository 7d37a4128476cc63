import { makeFormatter, type HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import type { LineEncoding } from "../../src/formatters/line-encoding.ts";
import { LineRenderer } from "../../src/formatters/line-renderer.ts";
import type { ByteSink } from "../byte-sink.ts";
import { type Fsync, SinkOutlet } from "./sink-outlet.ts";

/** How records look, and how they end. */
export interface LineParts {
  readonly formatter: HandlerFormatter;
  readonly terminator: string;
  readonly encoding?: LineEncoding;
  readonly report: (trouble: string) => void;
}

/** A renderer of lines. What a formatter of the application throws is told by the export's error. */
export function lineRenderer({ formatter, report, ...options }: LineParts): LineRenderer {
  const made = formatter.kind === "object" ? formatter.formatter : makeFormatter(formatter, report);
  return new LineRenderer(made, options);
}

/** An outlet that writes lines to a sink. */
export function lineOutlet(sink: ByteSink, parts: LineParts & { readonly fsync: Fsync }): SinkOutlet {
  const { fsync, ...lines } = parts;
  return new SinkOutlet({ sink, renderer: lineRenderer(lines), fsync });
}
