import { headersOf } from "../../processors/worker/headers-module.ts";
import { reportTrouble } from "../../src/diagnostics.ts";
import { httpDescriptorOf } from "../../src/handlers/http-choice.ts";
import { HTTP_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { StockOutlet } from "../stock/outlet.ts";
import { senderOutlet } from "../stock/sender-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";

/** Options of `FemtoHttpExporter`; CONFIG.md describes each. */
export type HttpExporterOptions = OptionsOf<typeof HTTP_EXPORTER_OPTIONS>;

const SUBJECT = "HTTP exporter";

/**
 * Sends records to a web server by HTTP as `FemtoHttpHandler` does, for the processors of the OpenTelemetry SDK: on the thread
 * that calls it, a request an export (with `format` `json` and `form`: a record), up to `maxConcurrentRequests` at once.
 */
export class FemtoHttpExporter extends StockExporter {
  /** Where requests go. */
  readonly url: string;

  /** @throws {ConfigError} An option is wrong, or a file of `tls` cannot be read. Names all faults. */
  constructor(options: HttpExporterOptions) {
    const resolved = resolveOptions(HTTP_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const descriptor = httpDescriptorOf(resolved, SUBJECT);
    const { format, maxConcurrentRequests } = descriptor;
    const { origin, pathname } = new URL(resolved.url);
    // Without credentials and query.
    const target = `${origin}${pathname}`;
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${target}`, trouble);
    const isBatch = format === "json-array" || format === "ndjson";
    const open = async (): Promise<StockOutlet> => {
      // Loaded when it is needed: who writes files needs no HTTP client.
      const { createHttpRenderer } = await import("../../processors/worker/http-registry.ts");
      const { createHttpSender } = await import("./sender.ts");
      return senderOutlet(createHttpSender({ ...descriptor, ...headersOf(descriptor, {}), report }), {
        renderer: await createHttpRenderer(descriptor, { report }),
        ...(isBatch ? {} : { batchRecordsMax: 1, concurrentBatchesMax: maxConcurrentRequests }),
        report,
      });
    };
    super({
      subject: SUBJECT,
      target,
      outlet: open(),
      concurrentExportsMax: isBatch ? maxConcurrentRequests : 1,
    });
    this.url = resolved.url;
  }
}
