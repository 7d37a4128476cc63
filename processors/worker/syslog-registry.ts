import { createSyslogSender } from "../../exporters/syslog/sender.ts";
import { Rfc3164Formatter } from "../../src/formatters/rfc3164-formatter.ts";
import { Rfc5424Formatter } from "../../src/formatters/rfc5424-formatter.ts";
import { SyslogRenderer } from "../../src/formatters/syslog-renderer.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import type { BatchOutcome, RenderedBatch } from "./rendered-batch.ts";
import { makeFormatter } from "./formatter-registry.ts";
import type { NetworkOutlet } from "./network-pump.ts";
import type { SyslogDescriptor } from "./protocol.ts";
import { SendingExporter } from "./sending-exporter.ts";

/** Opens the exporter of syslog. */
export function openSyslog(descriptor: SyslogDescriptor, report: (trouble: string) => void): NetworkOutlet {
  const renderer = createSyslogRenderer(descriptor, report);
  const sending = new SendingExporter(createSyslogSender({ ...descriptor, report }), report);
  const exporter = new CutReporter(sending, {
    renderer,
    maxMessageBytes: descriptor.maxMessageBytes,
    report,
  });
  return { renderer, exporter, maxConcurrentExports: 1 };
}

/** Makes the renderer of messages. */
export function createSyslogRenderer(
  descriptor: SyslogDescriptor,
  report: (trouble: string) => void,
): SyslogRenderer {
  const text = descriptor.formatter === undefined ? undefined : makeFormatter(descriptor.formatter, report);
  const options = { ...descriptor, formatter: text };
  const formatter =
    descriptor.format === "rfc5424" ? new Rfc5424Formatter(options) : new Rfc3164Formatter(options);
  return new SyslogRenderer(formatter, descriptor);
}

/** Says how many messages of a batch were cut. */
export function describeCut(
  count: number,
  batch: { readonly recordCount: number; readonly maxMessageBytes: number },
): string {
  const messages = batch.recordCount === 1 ? "1 message" : `${batch.recordCount} messages`;
  return `Cut ${count} of ${messages} of syslog to ${batch.maxMessageBytes} bytes ("maxMessageBytes")`;
}

interface CutReporterParts {
  readonly renderer: SyslogRenderer;
  readonly maxMessageBytes: number;
  readonly report: (trouble: string) => void;
}

/** Says of each batch how many of its messages were cut. */
class CutReporter implements BatchExporter {
  readonly #exporter: BatchExporter;
  readonly #parts: CutReporterParts;

  constructor(exporter: BatchExporter, parts: CutReporterParts) {
    this.#exporter = exporter;
    this.#parts = parts;
  }

  export(rendered: RenderedBatch, signal: AbortSignal): Promise<BatchOutcome> {
    const { renderer, maxMessageBytes, report } = this.#parts;
    // Taken now: the next batch may be rendered before this one is exported.
    const count = renderer.takeCutCount();
    if (count > 0) report(describeCut(count, { recordCount: rendered.recordCount, maxMessageBytes }));
    return this.#exporter.export(rendered, signal);
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  close(): Promise<void> {
    return this.#exporter.close();
  }
}
